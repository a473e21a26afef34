import { describe, expect, it } from 'vitest'
import { reportPage } from '../../../main/report/page.ts'
import { refusedPage } from '../../../main/report/refused.ts'
import { custodySheet, labelSheet } from '../../../main/report/sheets.ts'
import { viewOf } from '../../../shared/text/say-failure.ts'
import { crossingOf, digestOf } from './record.ts'

const written = crossingOf({
  verdict: null,
  decision: { outcome: null, halves: [] },
  consignment: { ...crossingOf().consignment, state: 'read-back' },
  desk: { ...crossingOf().desk, side: 'low', name: 'Hill-1' },
  media: [1, 2, 3].map((copy) => ({
    at: `2026-11-2${copy}T09:00:00Z`,
    folder: 'sallyport-4444444444444444',
    number: 1,
    of: 1,
    copy,
    run: `3fa3083b-7d3f-46ab-89d3-c38f88cab6c${copy}`,
    record: digestOf(String(copy)),
    parts: [{ name: 'bundle.tar', size: 4096, digest: digestOf('e') }],
    readBack: [null, 'passed', 'failed'][copy - 1] ?? null,
    out: null,
    drive: null,
  })),
})
const text = (html: string): string =>
  html
    .replace(/<style>[^]*<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
const firstOf = (html: string): string =>
  text(/<section class="first">[^]*?<\/section>/.exec(html)?.[0] ?? '')

const pages = [
  ['a report', reportPage(crossingOf(), digestOf('f'))],
  ['a report of what is sent', reportPage(written, digestOf('f'))],
  ['labels', labelSheet(written)],
  ['a custody sheet', custodySheet(written, digestOf('f'))],
  ['a refusal', refusedPage(viewOf('no-desk', {}))],
] as const

describe.each(pages)('%s', (_name, page) => {
  it('has no script, no link, no style of its own and nothing from outside', () => {
    expect(page).not.toMatch(/<(script|link|a|img|iframe|form)\b|https?:|\sstyle=|\son[a-z]+=/i)
    expect(page).toMatch(/<html lang="en">[^]*<title>[^<]+<\/title>/)
  })

  it('has each digest in one piece', () => {
    const pieces = text(page).match(/\b[0-9a-f]{17,}\b/g) ?? []
    expect(pieces.filter((piece) => piece.length !== 64)).toEqual([])
  })
})

it('a report names whom the low side asked, and says nothing where that was not told', () => {
  const said = 'Asked for it on the low side, as its signers were told: registry.example, token.example.'
  expect(text(reportPage(crossingOf(), digestOf('f')))).toContain(said)
  expect(text(reportPage(crossingOf({ hosts: [] }), digestOf('f')))).not.toContain('Asked for it on')
})

describe('page 1', () => {
  it('says the answer, the counts, the people, no exceptions, and where to sign', () => {
    const first = firstOf(reportPage(crossingOf(), digestOf('f')))
    expect(first).toContain(
      'Accepted by Dave Okoro and Erin Sand. The bytes are exactly what Bob Lind signed.',
    )
    expect(first).toContain('1 item, 3 blobs, 1234 bytes')
    expect(first).toContain('0 failed, 0 not checked, 0 overridden, 0 attention, 1 passed')
    expect(first).toContain('Exceptions None.')
    expect(first).toContain('Alice Moss asked for it; named, not proven')
    expect(first).toMatch(/Name Role Signature Date Dave Okoro .* Erin Sand/)
  })

  it('lists exceptions worst first, counts those it has no room for, and says what was not proven', () => {
    const { verdict } = crossingOf()
    const check = verdict!.checks[0]!
    const of = (result: 'warn' | 'fail' | 'not-checked') => ({ ...check, result, means: `It is ${result}.` })
    const checks = [...Array.from({ length: 8 }, () => of('warn')), of('not-checked'), of('fail')]
    const counts = { pass: 0, fail: 1, warn: 8, notChecked: 1, overridden: 0 }
    const record = crossingOf({
      verdict: { ...verdict!, outcome: 'failed', checks, counts, notAsked: [{ id: 'x', reason: 'y' }] },
      decision: { outcome: null, halves: [] },
    })
    const first = firstOf(reportPage(record, digestOf('f')))
    expect(first).toContain('Do not accept: 1 check failed, 1 could not be run.')
    expect(first).toContain('It was not proven that the bytes are what was signed.')
    expect(first).toContain('Not proven: 1 check not run, 1 check not asked for.')
    expect(first.indexOf('✕ Failed')).toBeLessThan(first.indexOf('? Not checked'))
    expect(first.indexOf('? Not checked')).toBeLessThan(first.indexOf('! Attention'))
    expect(first).toContain('And 5 more, told below.')
  })

  it.each([
    [written, 'Released by Bob Lind, written 3 times, read back 1 time.'],
    [
      { ...written, media: [], consignment: { ...written.consignment, state: 'released' } },
      'Released by Bob Lind, not written yet.',
    ],
    [
      { ...written, media: [], consignment: { ...written.consignment, state: 'signing' } },
      'Not released: signed by Bob Lind so far.',
    ],
    [{ ...written, media: [], signatures: [] }, 'Not released: nobody has signed yet.'],
    [
      { ...written, consignment: { ...written.consignment, state: 'dropped' } },
      'This consignment was given up.',
    ],
  ] as const)('tells what is sent in one sentence', (record, answer) =>
    expect(firstOf(reportPage(record as typeof written, digestOf('f')))).toContain(answer),
  )
})

describe('labels', () => {
  const page = text(labelSheet(written))

  it('say which copy, when, which transfer, in words and with the marking', () => {
    for (const fact of ['Copy 2 of 3', '2026-11-22T09:00:00Z', '4'.repeat(16), 'word15'])
      expect(page).toContain(fact)
    expect(page.match(/OFFICIAL/g)).toHaveLength(3)
  })

  it('are only for copies that were read back as written', () =>
    expect(page.match(/Copy [0-9]/g)).toEqual(['Copy 2']))

  it('say nothing of what is on the medium', () => {
    for (const fact of ['payments', 'notes', 'Patch', 'Alice', 'bundle', 'sha256'])
      expect(page.toLowerCase()).not.toContain(fact.toLowerCase())
  })
})

describe('the custody sheet', () => {
  const page = custodySheet(written, digestOf('f'))

  it('names desks, media, parts and the head of the ledger', () => {
    const said = text(page)
    for (const fact of ['2 of 3', digestOf('2'), digestOf('e'), digestOf('4'), digestOf('f')])
      expect(said).toContain(fact)
    for (const fact of ['Hill-1', '1'.repeat(64), 'To, number 7', 'Ledger, 9 events', '1 medium of transfer'])
      expect(said).toContain(fact)
  })

  it('has six empty rows to sign in, and says what is signed', () => {
    expect(page.match(/<tr>\s*(<td><\/td>\s*){4}<\/tr>/g)).toHaveLength(6)
    expect(text(page)).toMatch(/Released by: I handed over .* Received by: I received/)
  })
})

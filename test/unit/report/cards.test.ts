import { describe, expect, it } from 'vitest'
import { deskCard, keyCard, type DeskOnPaper, type KeyOnPaper } from '../../../main/report/cards.ts'
import { compareTyped, fingerprintOf } from '../../../main/trust/fingerprint.ts'
import { grouped } from '../../../shared/digest.ts'
import { qrTextsIn } from '../../support/qr.ts'
import { digestOf } from './record.ts'

const hex = '34f3a9c1'.repeat(8)
const desk: DeskOnPaper = {
  name: 'Hill-1',
  side: 'low',
  marking: 'OFFICIAL',
  asOf: '2026-11-22T09:00:00Z',
}
const carol: KeyOnPaper = {
  id: 'carol',
  name: 'Carol Diaz',
  roles: ['release-authority', 'witness'],
  algorithm: 'ecdsa-p256',
  fingerprint: fingerprintOf(hex),
  revoked: null,
}
const of = {
  id: fingerprintOf('a1b2c3d4'.repeat(8)),
  station: fingerprintOf('55aa77ee'.repeat(8)),
  seal: digestOf('c'),
  created: '2026-11-01T09:00:00Z',
}

const text = (html: string): string =>
  html
    .replace(/<style>[^]*<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
/** The sixteen words of each list of words on a page. */
const wordsOn = (html: string): string[] =>
  [...html.matchAll(/<p class="words">([^]*?)<\/p>/g)].map(([, list = '']) => text(list).trim())

const hostile = '<script>alert(1)</script><img src=x onerror=y> & "Eve" \u202e'

describe.each([
  ['a key card', keyCard(carol, desk)],
  ['a key card of a revoked key', keyCard({ ...carol, revoked: { at: desk.asOf, reason: 'lost' } }, desk)],
  ['a desk card', deskCard(desk, of)],
])('%s', (_name, page) => {
  it('has no script, no link, no style of its own, nothing from outside, and the marking twice', () => {
    expect(page).not.toMatch(/<(script|link|a|img|iframe|form|use|image)\b|https?:|\sstyle=|\son[a-z]+=/i)
    expect(page).toMatch(/<html lang="en">[^]*<title>[^<]+<\/title>/)
    expect(page.match(/<p class="marking">OFFICIAL<\/p>/g)).toHaveLength(2)
  })

  it('has each digest in one piece, or in groups of four', () => {
    const pieces = text(page).match(/\b[0-9a-f]{5,}\b/g) ?? []
    expect(pieces.filter((piece) => piece.length !== 64)).toEqual([])
  })
})

describe('the key card', () => {
  const page = keyCard(carol, desk)

  it('says whose key it is, where, what the paper is for, and that nothing of it is secret', () => {
    const said = text(page)
    for (const fact of [
      'Key card of Carol Diaz',
      'Carol Diaz (carol)',
      'release authority, witness',
      'Hill-1, low (connected)',
      'somebody there types these words, or all the digits, from this paper',
      'holds nothing secret',
    ])
      expect(said).toContain(fact)
    expect(said).not.toContain('REVOKED')
  })

  it('has words and digits that count as the key when they are typed from it', () => {
    expect(wordsOn(page).map((words) => compareTyped(words, hex))).toEqual(['same'])
    expect(text(page)).toContain(grouped(hex))
    expect(compareTyped(grouped(hex), hex)).toBe('same')
  })

  it('has the digits as a QR code that another program reads', () => expect(qrTextsIn(page)).toEqual([hex]))

  it('of a revoked key says so first, when and why, and asks nobody to type it', () => {
    const revoked = { at: '2026-11-23T10:00:00Z', reason: 'lost <b>token</b>' }
    const said = text(keyCard({ ...carol, roles: [], algorithm: null, revoked }, desk))
    expect(said).toContain('REVOKED: key card of Carol Diaz')
    expect(said).toMatch(/REVOKED Revoked on 2026-11-23T10:00:00Z \(UTC\): lost &lt;b&gt;token&lt;\/b&gt;/)
    expect(said).toContain('Nobody may trust this key any more')
    expect(said).not.toContain('somebody there types')
  })

  it('keeps hostile names text', () => {
    const made = keyCard({ ...carol, name: hostile, id: 'x' }, { ...desk, name: hostile, marking: hostile })
    expect(made).not.toMatch(/<(script|img)\b|\u202e/)
    expect(made).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(made).toContain('⟦U+202E⟧')
  })
})

describe('the desk card', () => {
  const page = deskCard(desk, of)

  it('has id and key of the station in words and digits, the seal in digits, and the id as a QR code', () => {
    const [id = '', station = '', ...more] = wordsOn(page)
    expect(more).toEqual([])
    expect(compareTyped(id, of.id.hex)).toBe('same')
    expect(compareTyped(station, of.station.hex)).toBe('same')
    const said = text(page)
    for (const fact of [grouped(of.id.hex), grouped(of.station.hex), grouped('c'.repeat(64)), digestOf('c')])
      expect(said).toContain(fact)
    for (const fact of ['Desk card of Hill-1', 'low (connected)', 'OFFICIAL', 'holds nothing secret'])
      expect(said).toContain(fact)
    expect(qrTextsIn(page)).toEqual([of.id.hex])
  })

  it('of a desk without a seal says so', () =>
    expect(text(deskCard(desk, { ...of, seal: null }))).toContain('This desk is not sealed yet'))

  it('keeps hostile names text', () => {
    const made = deskCard({ ...desk, name: hostile, marking: hostile }, of)
    expect(made).not.toMatch(/<(script|img)\b|\u202e/)
  })
})

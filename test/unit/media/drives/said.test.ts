import { describe, expect, it } from 'vitest'
import { said } from '../../../../main/media/drives/said.ts'
import { isKeptText } from '../../../../shared/names.ts'

describe('what a drive says of itself', () => {
  it.each([
    [null, null],
    [undefined, null],
    ['', null],
    [' \t\n ', null],
    ['\u0000\u0007\u202e', null],
    ['  4C53  0001 ', '4C53 0001'],
    ['SER\u0000IAL\u001b[31m', 'SER IAL [31m'],
    ['left\u202eright', 'left right'],
    ['zero\u200bwidth', 'zero width'],
    ['../../etc/passwd', '../../etc/passwd'],
    ['e\u0301', 'é'],
    ['a\u200b\u0301', 'a'],
    ['\ud83d', null],
  ])('%j is kept as %j', (text, kept) => expect(said(text)).toBe(kept))

  it('is never longer than 200, never half a sign, and always fit for the ledger', () => {
    for (const text of [
      'x'.repeat(5_000_000),
      '😀'.repeat(500),
      `${'x'.repeat(199)}😀`,
      'é\u0301'.repeat(300),
    ]) {
      const kept = said(text) ?? ''
      expect(kept.length).toBeLessThanOrEqual(200)
      expect(isKeptText(kept)).toBe(true)
    }
  })
})

import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareTyped, wordsOf } from '../../../main/trust/fingerprint.ts'
import { evenWords, oddWords } from '../../../shared/text/word-list.ts'

const hexOf = (text: string): string => createHash('sha256').update(text).digest('hex')

describe('fingerprint words', () => {
  it('are two lists of 256 different words, none in both', () => {
    expect([evenWords.length, oddWords.length]).toEqual([256, 256])
    expect(new Set([...evenWords, ...oddWords]).size).toBe(512)
    // The known beginning and end of the PGP list.
    expect([evenWords[0], oddWords[0], evenWords[255], oddWords[255]]).toEqual([
      'aardvark',
      'adroitness',
      'zulu',
      'yucatan',
    ])
  })

  it('say the same as the digits, in any spacing and case', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const hex = hexOf(seed)
        const words = wordsOf(hex)
        expect(words).toHaveLength(16)
        expect(compareTyped(words.join('  ').toUpperCase(), hex)).toBe('same')
        expect(compareTyped(hex.toUpperCase().replace(/(.{4})/g, '$1 '), hex)).toBe('same')
      }),
    )
  })

  it('a prefix, a word more or less, two words swapped, one changed digit never pass', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(63), (seed, place) => {
        const hex = hexOf(seed)
        const words = wordsOf(hex)
        const typed = [
          hex.slice(0, place),
          `${hex}0`,
          `0x${hex}`,
          hex.slice(0, place) + (hex[place] === '0' ? '1' : '0') + hex.slice(place + 1),
          words.slice(0, place % 16).join(' '),
          [...words, words[0]].join(' '),
          [words[1], words[0], ...words.slice(2)].join(' '),
        ]
        for (const text of typed) expect(compareTyped(text, hex)).not.toBe('same')
      }),
    )
  })

  it('what is no fingerprint at all is told from one of something else', () => {
    const [hex, other] = [hexOf('a'), hexOf('b')]
    const words = wordsOf(hex)
    const swapped = [words[1], words[0], ...words.slice(2)].join(' ')
    for (const [typed, answer] of [
      [other, 'differs'],
      [wordsOf(other).join(' '), 'differs'],
      [swapped, 'differs'],
      [[...words.slice(1), words[0]].join(' '), 'differs'],
      [words.slice(0, 15).join(' '), 'form'],
      [[...words, ...words].join(' '), 'form'],
      [[...words.slice(0, 15), 'unknown'].join(' '), 'form'],
      [['unknown', ...words.slice(1)].join(' '), 'form'],
      [hex.slice(0, 63), 'form'],
      [`${hex}0`, 'form'],
      [hex.replace(/^./, 'g'), 'form'],
      ['', 'form'],
    ] as const) {
      expect([typed, compareTyped(typed, hex)]).toEqual([typed, answer])
    }
  })
})

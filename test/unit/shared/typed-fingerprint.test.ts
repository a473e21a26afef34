import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { wordsOf } from '../../../main/trust/fingerprint.ts'
import { typedSoFar } from '../../../shared/rules/typed-fingerprint.ts'

const hex = createHash('sha256').update('a key').digest('hex')
const words = wordsOf(hex)
const first = (count: number): string => words.slice(0, count).join(' ')

describe('a fingerprint while it is typed', () => {
  it.each([
    ['', 'empty', 'All 16 words or all 64 hex digits.'],
    [first(1), 'open', '1 of 16 words.'],
    [`${first(3)} ${words[3]?.slice(0, 2) ?? ''}`, 'open', '4 of 16 words.'],
    [first(16).toUpperCase().replaceAll(' ', '  '), 'whole', '16 of 16 words.'],
    [hex, 'whole', '64 of 64 hex digits.'],
    [hex.replace(/(.{4})/g, '$1 '), 'whole', '64 of 64 hex digits.'],
    [hex.slice(0, 20), 'open', '20 of 64 hex digits.'],
    [`${hex}0`, 'wrong', '65 hex digits; a fingerprint has 64.'],
  ])('%s', (typed, state, said) => {
    expect(typedSoFar(typed)).toEqual({ state, said })
  })

  it('names the word that is not in the list, as soon as it is typed', () => {
    expect(typedSoFar(`${first(2)} fallot `)).toEqual({
      state: 'wrong',
      said: 'Word 3, “fallot”, is not in the list of words.',
    })
    // Its beginning could still become one.
    expect(typedSoFar(`${first(2)} fallo`).state).toBe('open')
    expect(typedSoFar(`${first(2)} fallo`, true).state).toBe('wrong')
  })

  it('names the place where a word is missing or stands twice', () => {
    const dropped = [...words.slice(0, 4), ...words.slice(5)].join(' ')
    expect(typedSoFar(dropped).said).toContain('Word 5')
    expect(typedSoFar(dropped).said).toContain('a word before it is missing or stands twice')
    const twice = [...words.slice(0, 5), words[4], ...words.slice(5)].join(' ')
    expect(typedSoFar(twice).said).toContain('Word 6')
  })

  it('counts what is too much, and says nothing about any key', () => {
    const even = wordsOf('00'.repeat(32))
    expect(typedSoFar([...even, even[0]].join(' ')).said).toBe('17 words; a fingerprint has 16.')
    expect(typedSoFar(even.join(' ')).state).toBe('whole')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fits } from '../../../main/platform/pattern.ts'

/* Patterns against the plainest reading of what they mean: a regular expression of the same words. */

const naive = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split(/(\*\*|\*)/)
      .map((part) =>
        part === '**' ? '[^]*' : part === '*' ? '[^/]*' : part.replaceAll(/[.+?^${}()|[\]\\/]/g, '\\$&'),
      )
      .join('')}$`,
    'u',
  )

const letters = (...all: string[]) =>
  fc.array(fc.constantFrom(...all), { maxLength: 8 }).map((list) => list.join(''))

describe('a pattern', () => {
  it('fits what a regular expression of the same words fits', () => {
    let fitting = 0
    fc.assert(
      fc.property(
        letters('a', 'b', '/', '.', '😀', '*', '**'),
        letters('a', 'b', '/', '.', '😀'),
        (pattern, text) => {
          const fit = naive(pattern).test(text)
          if (fit) fitting += 1
          expect(fits(pattern, text)).toBe(fit)
        },
      ),
      { numRuns: 2000, seed: 1 },
    )
    expect(fitting).toBeGreaterThan(50)
  })

  it.each([
    ['', '', true],
    ['', 'a', false],
    ['a', 'a', true],
    ['a', 'ab', false],
    ['a', 'ba', false],
    ['*', '', true],
    ['*', 'ab', true],
    ['*', 'a/b', false],
    ['**', 'a/b', true],
    ['*/b', 'a/b', true],
    ['*/b', 'a/a/b', false],
    ['**/b', 'a/a/b', true],
    ['**/b', 'b', false],
    ['a*', 'a', true],
    ['a*/', 'a/', true],
    ['a.b', 'axb', false],
  ])('%j and %j: %s', (pattern, text, answer) => {
    expect(fits(pattern, text)).toBe(answer)
  })
})

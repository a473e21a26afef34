import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkWords } from '../../../shared/text/checks.ts'
import { failureWords } from '../../../shared/text/failures.ts'

/*
 * The sets of what can go wrong are closed, and each member of them has a test: one that nobody asserts by its name
 * could be told at the wrong moment, or never.
 */

const tests = join(import.meta.dirname, '..', '..')
const source = readdirSync(tests, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('asserted.test.ts'))
  .map((name) => readFileSync(join(tests, name), 'utf8'))
  .join('\n')
// As a text of its own, or as the pattern that a reason must fit.
const unnamed = (names: readonly string[]): string[] =>
  names.filter((name) => !["'", '"', '/'].some((sign) => source.includes(`${sign}${name}${sign}`)))

describe('every member of a closed set is asserted by some test', () => {
  it('each code of a failure', () => expect(unnamed(Object.keys(failureWords))).toEqual([]))

  it('each check of a verdict', () => expect(unnamed(Object.keys(checkWords))).toEqual([]))
})

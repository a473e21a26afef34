import { describe, expect, it } from 'vitest'
import { builtinsOf } from '../../../../main/policy/rego/builtins.ts'
import { RegoRefused } from '../../../../main/policy/rego/refused.ts'

function said(name: string, ...values: readonly unknown[]): string | undefined {
  try {
    return builtinsOf({ [name]: 7 }).get(7)?.(...values)
  } catch (error) {
    if (!(error instanceof RegoRefused)) throw error
    return `${error.reason}: ${error.found}`
  }
}

describe('what a rule set asks of its host', () => {
  it.each([
    ['%s of %d', ['a', 3], '"a of 3"'],
    ['%v %v %v', ['a', -3, true], '"a -3 true"'],
    ['100 %% “%s”', ['%d'], '"100 % “%d”"'],
    ['', [], '""'],
    ['%s', [3], 'builtin: %s of number'],
    ['%d', ['3'], 'builtin: %d of string'],
    ['%d', [1.5], 'builtin: %d of number'],
    ['%d', [2 ** 53], 'builtin: %d of number'],
    ['%v', [null], 'builtin: %v of null'],
    ['%v', [[1]], 'builtin: %v of object'],
    ['%x', [3], 'builtin: %x'],
    ['%5d', [3], 'builtin: %5'],
    ['%s', [], 'builtin: %s'],
    ['%', [], 'builtin: %'],
    ['none', [3], 'builtin: 1 values for 0 places'],
  ])('writes %j with %j, or says that it cannot', (format, values, result) => {
    expect(said('sprintf', format, values)).toBe(result)
  })

  it.each([
    ['1970-01-01T00:00:00Z', '0'],
    ['2026-11-22T09:14:00Z', '1795338840000000000'],
    ['2026-11-22T09:14:00.123456789Z', '1795338840123456789'],
    ['2026-11-22T10:14:00.5+01:00', '1795338840500000000'],
    ['2026-11-22T03:44:00-05:30', '1795338840000000000'],
    ['1969-12-31T23:59:59Z', '-1000000000'],
    ['2024-02-29T00:00:00Z', '1709164800000000000'],
    ['2262-04-11T23:47:16.854775807Z', '9223372036854775807'],
    ['2262-04-11T23:47:16.854775808Z', undefined],
    ['2026-02-30T00:00:00Z', undefined],
    ['2026-13-01T00:00:00Z', undefined],
    ['2026-11-22T24:00:00Z', 'builtin: 2026-11-22T24:00:00Z'],
    ['2026-11-22T09:14:60Z', 'builtin: 2026-11-22T09:14:60Z'],
    ['2026-11-22T09:14:00', 'builtin: 2026-11-22T09:14:00'],
    ['2026-11-22T09:14:00,5Z', 'builtin: 2026-11-22T09:14:00,5Z'],
    ['22 November 2026', undefined],
    ['2026-11-22', undefined],
    ['', undefined],
  ])('counts the nanoseconds to %s', (time, result) => {
    expect(said('time.parse_rfc3339_ns', time)).toBe(result)
  })

  it('has no result for what is no text', () => {
    expect(said('time.parse_rfc3339_ns', 3)).toBeUndefined()
    expect(said('sprintf', 3, [])).toBeUndefined()
    expect(said('sprintf', '%s', 'a')).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { attentionOf, headingOf, meaningOf } from '../../../renderer/text/verdict.ts'
import { worstFirst } from '../../../shared/rules/worst-first.ts'
import { countsOf, outcomeOf, type Check, type Verdict } from '../../../shared/verdict.ts'

const check = (id: string, result: Check['result'], more: Partial<Check> = {}): Check => ({
  id,
  subject: id,
  expected: 'this',
  found: 'that',
  result,
  reason: result === 'pass' ? 'as-expected' : 'differs',
  holds: false,
  person: null,
  means: `means of ${id}`,
  next: 'next',
  ...more,
})
const verdict = (...checks: Check[]): Verdict => ({
  outcome: outcomeOf(checks),
  counts: countsOf(checks),
  notAsked: [],
  checks,
})
const bytes = [check('content.layout', 'pass'), check('content.blob', 'pass')]
const signed = check('signatures.line', 'pass', { subject: 'prepare · Bob Lind', person: 'Bob Lind' })

describe('the words of a verdict', () => {
  it('say the answer, and never that it is fine where something is open', () => {
    expect(headingOf(verdict(...bytes))).toBe('Everything that was asked was proven')
    expect(headingOf(verdict(check('a', 'fail'), check('b', 'not-checked')))).toBe(
      'Do not accept: 1 check failed and 1 could not be run',
    )
    expect(headingOf(verdict(check('a', 'not-checked')))).toBe('Do not accept: 1 could not be run')
    expect(headingOf(verdict())).not.toContain('proven')
    expect(headingOf(verdict(check('order.gap', 'fail', { holds: true })))).toContain('Hold')
  })

  it('say first what says more than any count: another text, an imitation, a replay, strangers', () => {
    const line = (reason: string, person: string | null = null): Check =>
      check('signatures.line', 'fail', { reason, person })
    expect(headingOf(verdict(line('altered', 'Bob Lind'), line('altered', 'Carol Diaz')))).toBe(
      'Stop: Bob Lind and Carol Diaz signed another waybill than the one that lies here',
    )
    expect(headingOf(verdict(signed, line('not-made')))).toBe(
      'Stop: a signature claims to be by somebody whom this desk trusts, and is not',
    )
    expect(headingOf(verdict(signed, check('order.replay', 'fail')))).toBe(
      'Do not accept: you have this bundle already',
    )
    expect(headingOf(verdict(line('does-not-count'), line('does-not-count')))).toBe(
      'Do not accept: it is signed by nobody whom this desk trusts',
    )
    expect(headingOf(verdict(line('does-not-count'), line('revoked')))).toBe('Do not accept: 2 checks failed')
  })

  it('claim the bytes only where every content and the layout passed', () => {
    expect(meaningOf(verdict(signed, ...bytes))).toBe('The bytes are exactly what Bob Lind signed.')
    for (const lacking of [
      verdict(signed),
      verdict(signed, check('content.blob', 'pass')),
      verdict(signed, ...bytes, check('content.blob', 'fail')),
      verdict(signed, ...bytes, check('content.blob', 'not-checked')),
    ])
      expect(meaningOf(lacking)).toContain('It is not proven that the bytes are what somebody signed.')
  })

  it('name what a rule refused, and count what deserves attention', () => {
    expect(meaningOf(verdict(signed, ...bytes, check('order.replay', 'fail')))).toContain(
      'means of order.replay',
    )
    expect(attentionOf(verdict(signed, ...bytes, check('desk.founding', 'warn')))).toBe(
      '1 point deserves attention.',
    )
    expect(attentionOf(verdict(signed, ...bytes))).toBe('')
  })

  it('put the worst first and lose nothing', () => {
    const checks = (['pass', 'warn', 'not-checked', 'fail', 'pass'] as const).map((one, i) =>
      check(String(i), one),
    )
    expect(worstFirst(checks).map((one) => one.id)).toEqual(['3', '2', '1', '0', '4'])
  })
})

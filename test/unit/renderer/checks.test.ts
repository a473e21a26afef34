import { describe, expect, it } from 'vitest'
import { alike, isStanding, standingSentence, titleOf } from '../../../renderer/text/checks.ts'
import type { Check } from '../../../shared/verdict.ts'

const check = (id: string, result: Check['result'], more: Partial<Check> = {}): Check => ({
  id,
  subject: id,
  expected: 'this',
  found: 'that',
  result,
  reason: 'differs',
  holds: false,
  person: null,
  means: `means of ${id}`,
  next: 'next',
  ...more,
})
const founding = check('desk.founding', 'warn')
const requester = check('signers.requester', 'warn', { subject: 'release · Carol Diaz' })

describe('checks that say the same', () => {
  it('stand together, each with its own finding, in the order of the first of each', () => {
    const lines = ['line 1', 'line 2'].map((subject) => check('signatures.line', 'fail', { subject }))
    const [first, second] = lines
    const between = check('signatures.required', 'fail')
    expect(alike([first ?? between, between, second ?? between])).toEqual([lines, [between]])
  })

  it('are apart where result, reason, meaning or advice differ', () => {
    const one = check('policy.signature', 'fail')
    const others = [
      { ...one, result: 'not-checked' as const },
      { ...one, reason: 'unknown' },
      { ...one, means: 'something else' },
      { ...one, next: 'something else' },
    ]
    expect(alike([one, ...others])).toHaveLength(5)
  })

  it('stand together whichever they are where nobody could check them for one reason', () => {
    const signature = check('policy.signature', 'not-checked', { reason: 'nobody-known' })
    const build = check('policy.provenance', 'not-checked', { reason: 'nobody-known' })
    const time = check('policy.provenance', 'not-checked', { reason: 'no-time' })
    expect(alike([signature, time, build])).toEqual([[signature, build], [time]])
  })
})

describe('what stands on every verdict of a desk', () => {
  it('is only a warning about the desk, or that the requester is named', () => {
    expect([founding, requester].every(isStanding)).toBe(true)
    expect(isStanding(check('desk.founding', 'fail'))).toBe(false)
    expect(isStanding(check('signers.requester', 'not-checked'))).toBe(false)
    expect(isStanding(check('order.gap', 'warn'))).toBe(false)
  })

  it('is one sentence, and none where there is nothing', () => {
    expect(standingSentence([requester, founding])).toBe(
      'On every verdict here: this desk is not sealed; the requester is named, not proven.',
    )
    expect(standingSentence([requester])).toBe('On every verdict here: the requester is named, not proven.')
    expect(standingSentence([check('order.gap', 'warn')])).toBe('')
  })
})

describe('the name of a check', () => {
  it('is its title, or its id where it has none', () => {
    expect(titleOf('order.gap')).toBe('Follows what was accepted')
    expect(titleOf('of.another.version')).toBe('of.another.version')
  })
})

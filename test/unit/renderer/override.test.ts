import { describe, expect, it } from 'vitest'
import { acceptClosed } from '../../../renderer/text/accept.ts'
import { barred, completes, maySign, overridable, waiting } from '../../../renderer/text/override.ts'
import { countsOf, outcomeOf, type Check, type CheckResult, type Verdict } from '../../../shared/verdict.ts'
import type { ConsignmentView, PersonView } from '../../../shared/views.ts'

const check = (id: string, result: CheckResult, subject = 'a', reason = 'differs'): Check => ({
  ...{ id, subject, expected: '', found: '', result, reason, holds: false, person: null },
  ...{ means: '', next: '' },
})
const verdictOf = (...checks: Check[]): Verdict => ({
  ...{ checks, notAsked: [], outcome: outcomeOf(checks), counts: countsOf(checks) },
})
const person = (id: string, role: PersonView['roles'][number]): PersonView => ({
  ...{ id, name: `Name ${id}`, roles: [role], algorithm: '' },
  fingerprint: { hex: id.padEnd(64, '0'), words: [] },
})
const [dave, dora, erin] = [
  person('dave', 'transfer-agent'),
  person('dora', 'transfer-agent'),
  person('erin', 'witness'),
]
const exception = { check: 'policy.lifetime', subject: 'a', until: '2026-12-01T00:00:00Z' }
const half = ({ id, name, roles, fingerprint }: PersonView): ConsignmentView['overrides'][number] => ({
  ...{ ...exception, person: id, name, roles, fingerprint: fingerprint.hex, reason: 'x' },
})
const at = '2026-11-26T00:00:00Z'

describe('what an exception is offered from', () => {
  const failed = verdictOf(
    check('policy.lifetime', 'fail'),
    check('policy.lifetime', 'fail'),
    check('policy.lifetime', 'fail', 'b'),
    check('policy.evidence', 'not-checked', 'the bundle', 'stopped-before'),
    check('ledger.consistency', 'not-checked'),
    check('ledger.consistency', 'fail', 'a fork'),
    check('content.blob', 'fail'),
    check('order.gap', 'fail'),
    check('policy.sbom', 'pass'),
  )
  it('is what failed or could not be checked and has exceptions, each of its subject once', () => {
    expect(overridable(failed).map((one) => `${one.id} ${one.subject}`)).toEqual([
      'policy.lifetime a',
      'policy.lifetime b',
      'ledger.consistency a',
    ])
    expect(barred(failed).map((one) => one.id)).toEqual(['ledger.consistency', 'content.blob', 'order.gap'])
  })

  it('waits for a second person while it is open, has not ended and does not stand', () => {
    expect(waiting([half(dave)], failed, at)).toHaveLength(1)
    expect(waiting([half(dave), half(dora)], failed, at)).toHaveLength(1)
    expect(waiting([half(dave), half(erin)], failed, at)).toEqual([])
    expect(waiting([half(dave)], failed, exception.until)).toEqual([])
    expect(waiting([half(dave)], verdictOf(check('policy.lifetime', 'pass')), at)).toEqual([])
  })

  it('is completed by somebody else whose role fits', () => {
    expect([dave, dora, erin].map((one) => completes([half(dave)], exception, one))).toEqual([
      false,
      false,
      true,
    ])
    expect(
      [dave, dora, person('ada', 'auditor')].map((one) => maySign([half(dave)], exception, one)),
    ).toEqual([false, true, false])
  })
})

describe('why nobody can accept', () => {
  const asked = { held: null, overrides: [], outdated: [] }
  const passed = verdictOf(check('policy.sbom', 'pass'))
  it('is the order, a check, what was not reached, an exception that has ended; or nothing', () => {
    expect(acceptClosed({ ...asked, verdict: passed }, at)).toBeNull()
    const rests = { others: [], missing: [], end: null, head: null }
    const held = { row: 'order.gap' as const, why: '', rests }
    expect(acceptClosed({ ...asked, held, verdict: passed }, at)).toContain('held by a gap')
    const outdated = [{ what: 'policy' as const, at }]
    expect(acceptClosed({ ...asked, outdated, verdict: passed }, at)).toContain('the policy was changed')
    const failed = verdictOf(check('policy.lifetime', 'fail'))
    expect(acceptClosed({ ...asked, verdict: failed }, at)).toContain('not everything was proven')
    const stopped = verdictOf(check('content.blob', 'not-checked', 'the bundle', 'stopped-before'))
    expect(acceptClosed({ ...asked, verdict: stopped }, at)).toContain('Read the medium again')
    const overridden = verdictOf(check('policy.lifetime', 'overridden'))
    const overrides = [half(dave), half(erin)]
    expect(acceptClosed({ ...asked, overrides, verdict: overridden }, at)).toBeNull()
    expect(acceptClosed({ ...asked, overrides, verdict: overridden }, exception.until)).toContain('ended')
    expect(acceptClosed({ ...asked, verdict: null }, at)).not.toBeNull()
  })
})

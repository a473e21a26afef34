import { check, type CheckFacts } from '../../shared/rules/check.ts'
import { exceptionFor, type Override } from '../../shared/rules/override.ts'
import type { CheckId } from '../../shared/text/checks.ts'
import {
  countsOf,
  outcomeOf,
  type Check,
  type CheckResult,
  type NotAsked,
  type Verdict,
} from '../../shared/verdict.ts'

/** Collects the checks of one reading and closes it with everything that was required but not reached. */
export class CheckList {
  readonly checks: Check[] = []
  readonly notAsked: NotAsked[] = []
  private overrides: readonly Override[] = []
  private now = ''

  /** From here on what these exceptions are about blocks nothing. They are those of the waybill that is judged. */
  except(overrides: readonly Override[], now: string): void {
    this.overrides = overrides
    this.now = now
  }

  add(id: CheckId, result: CheckResult, about: CheckFacts): Check {
    const made = this.excepted(check(id, result, about))
    this.checks.push(made)
    return made
  }

  private excepted(made: Check): Check {
    if (made.result !== 'fail' && made.result !== 'not-checked') return made
    const override = exceptionFor(this.overrides, made, this.now)
    if (override === null) return made
    const { people, until, reason } = override
    return {
      ...made,
      result: 'overridden',
      reason: 'overridden',
      holds: false,
      means: `${made.means} ${people.join(' and ')} have made an exception until ${until}: ${reason}`,
      next: 'See that the exception is still right.',
    }
  }

  pass(id: CheckId, subject: string, expected: string, found = expected): void {
    this.add(id, 'pass', { subject, expected, found })
  }

  fail(id: CheckId, subject: string, expected: string, found: string, reason = 'differs'): void {
    this.add(id, 'fail', { subject, expected, found, reason })
  }

  skip(ids: readonly string[], reason: string): void {
    for (const id of ids) this.notAsked.push({ id, reason })
  }

  failed(): boolean {
    return this.checks.some((made) => made.result === 'fail')
  }

  /** The verdict; every required check that was neither made nor said to be not asked is `not-checked`. */
  close(required: readonly CheckId[]): Verdict {
    const known = new Set([...this.checks.map((made) => made.id), ...this.notAsked.map((made) => made.id)])
    for (const id of required) {
      if (known.has(id)) continue
      this.add(id, 'not-checked', {
        subject: 'the bundle',
        expected: 'to be checked',
        found: 'not checked',
        reason: 'stopped-before',
      })
    }
    const { checks } = this
    return { outcome: outcomeOf(checks), counts: countsOf(checks), notAsked: this.notAsked, checks }
  }
}

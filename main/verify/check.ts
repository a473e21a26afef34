import { exceptionFor, type Override } from '../../shared/rules/override.ts'
import { checkWords, type CheckId, type CheckWords } from '../../shared/text/checks.ts'
import {
  countsOf,
  outcomeOf,
  type Check,
  type CheckResult,
  type NotAsked,
  type Verdict,
} from '../../shared/verdict.ts'

interface Found {
  readonly subject: string
  readonly expected: string
  readonly found: string
  readonly reason?: string
  /** A failure that holds instead of refusing. */
  readonly holds?: boolean
  /** The name of the person whom it is about. */
  readonly person?: string
}

const short = (text: string): string => (text.length > 2000 ? `${text.slice(0, 2000)}…` : text)

const becauseOf = (
  reason: string | undefined,
  { because }: CheckWords,
): { means: string; next: string } | undefined =>
  because !== undefined && reason !== undefined && Object.hasOwn(because, reason)
    ? because[reason]
    : undefined

function nextOf(result: CheckResult, reason: string | undefined, words: CheckWords): string {
  if (result === 'pass') return 'Nothing.'
  if (result === 'warn') return words.warnNext ?? words.next
  if (reason === 'stopped-before') return 'First deal with what stopped the reading.'
  if (result === 'not-checked') return words.unknownNext ?? words.next
  return becauseOf(reason, words)?.next ?? words.next
}

/** One check with its words. */
export function check(id: CheckId, result: CheckResult, about: Found): Check {
  const words: CheckWords = checkWords[id]
  const means = {
    pass: words.pass,
    fail: becauseOf(about.reason, words)?.means ?? words.fail,
    warn: words.warn ?? words.fail,
    overridden: words.fail,
    'not-checked':
      about.reason === 'stopped-before' || words.unknown === undefined
        ? 'This was not checked, because reading stopped before. Nothing is known about it.'
        : words.unknown,
  }[result]
  return {
    id,
    subject: short(about.subject),
    expected: short(about.expected),
    // An empty text from outside is still said in words.
    found: short(about.found) || 'nothing',
    result,
    reason: about.reason ?? (result === 'pass' ? 'as-expected' : result),
    holds: result === 'fail' && about.holds === true,
    person: about.person ?? null,
    means,
    next: nextOf(result, about.reason, words),
  }
}

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

  add(id: CheckId, result: CheckResult, about: Found): Check {
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

import type { CheckWords } from '../text/check-words.ts'
import { checkWords, type CheckId } from '../text/checks.ts'
import type { Check, CheckResult } from '../verdict.ts'

/** What a check is about, and what came of it. */
export interface CheckFacts {
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
  because: CheckWords['because'],
): { means: string; next: string } | undefined =>
  because !== undefined && reason !== undefined && Object.hasOwn(because, reason)
    ? because[reason]
    : undefined

function nextOf(result: CheckResult, reason: string | undefined, words: CheckWords): string {
  if (result === 'pass') return 'Nothing.'
  if (result === 'warn') return becauseOf(reason, words.warnBecause)?.next ?? words.warnNext ?? words.next
  if (reason === 'stopped-before') return 'First deal with what stopped the reading.'
  if (result === 'not-checked')
    return becauseOf(reason, words.unknownBecause)?.next ?? words.unknownNext ?? words.next
  return becauseOf(reason, words.because)?.next ?? words.next
}

/** One check with its words. */
export function check(id: CheckId, result: CheckResult, about: CheckFacts): Check {
  const words: CheckWords = checkWords[id]
  const means = {
    pass: words.pass,
    fail: becauseOf(about.reason, words.because)?.means ?? words.fail,
    warn: becauseOf(about.reason, words.warnBecause)?.means ?? words.warn ?? words.fail,
    overridden: words.fail,
    'not-checked':
      about.reason === 'stopped-before' || words.unknown === undefined
        ? 'This was not checked, because reading stopped before. Nothing is known about it.'
        : (becauseOf(about.reason, words.unknownBecause)?.means ?? words.unknown),
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

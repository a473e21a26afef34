import type { Job } from '../../shared/calls/job.ts'
import type { FailureView } from '../../shared/failure.ts'
import { transferIdOf } from '../../shared/digest.ts'
import { worstFirst } from '../../shared/rules/worst-first.ts'
import { countsThings, stepWords } from '../../shared/text/job-steps.ts'
import { furtherSentences } from '../../shared/text/further.ts'
import type { Check, Counts, NotAsked, Outcome, Verified } from '../../shared/verdict.ts'
import type { Fingerprint } from '../../shared/views.ts'
import { visible } from '../../shared/names.ts'
import { size } from '../../shared/units.ts'
import { commandsFor } from './check-commands.ts'

/** A fingerprint as people compare it: two rows of eight words, then all 64 hex digits. */
export function fingerprintLines({ hex, words }: Fingerprint): string[] {
  return [`  ${words.slice(0, 8).join(' ')}`, `  ${words.slice(8).join(' ')}   (128 of 256 bits)`, `  ${hex}`]
}

/** What happened, what is safe, what to do, and the code. */
export function failureLines(failure: FailureView): string[] {
  return [
    visible(failure.happened),
    ...furtherSentences(failure).map(visible),
    `Safe: ${visible(failure.safe)}`,
    `Do next: ${visible(failure.next)}`,
    `(${failure.code})`,
  ]
}

const barWidth = 20

/** One line of how far long work is: a bar, the step in words, things or bytes, and the time left once it is known. */
export function progressLine(job: Job): string {
  const { step, done, total, rate, left } = job
  const counts = countsThings(step)
  const words = stepWords[step] ?? step
  if (total === null || total === 0) return words
  const share = Math.min(1, done / total)
  const full = Math.floor(share * barWidth)
  const bar = `[${'#'.repeat(full)}${'-'.repeat(barWidth - full)}] ${String(Math.floor(share * 100)).padStart(3)} %`
  const amount = counts ? `${done} of ${total}` : `${size(done)} of ${size(total)}`
  const pace = counts || rate === 0 ? '' : `, ${size(rate)}/s`
  return `${bar}  ${words}: ${amount}${pace}${left === null || left === 0 ? '' : `, about ${left} s left`}`
}

const signs = {
  pass: '✓ passed',
  fail: '✕ FAILED',
  warn: '! attention',
  'not-checked': '? NOT CHECKED',
  overridden: '⊘ OVERRIDDEN',
} as const

/** Checks, what did not pass in full and the worst first, what passed as a count. */
export function checkLines(checks: readonly Check[], notAsked: readonly NotAsked[]): string[] {
  const stopped = checks.filter((check) => check.reason === 'stopped-before')
  const open = worstFirst(checks).filter(
    (check) => check.result !== 'pass' && check.reason !== 'stopped-before',
  )
  return [
    ...open.flatMap((check) => [
      '',
      `${signs[check.result]}  ${check.id}  ${visible(check.subject)}`,
      `  Expected: ${visible(check.expected)}`,
      `  Found:    ${visible(check.found)}`,
      `  Means:    ${check.means}`,
      `  Do next:  ${check.next}`,
      ...commandsFor(check.id).map((command) => `            ${command}`),
    ]),
    ...(stopped.length === 0
      ? []
      : ['', `? NOT CHECKED, because reading stopped before: ${stopped.map((one) => one.id).join(', ')}`]),
    ...(notAsked.length === 0 ? [] : ['', `Not asked: ${notAsked.map((one) => one.id).join(', ')}`]),
  ]
}

/** How many checks came to what. */
export const countLine = (outcome: Outcome, counts: Counts): string =>
  `Outcome: ${outcome}. ${counts.fail} failed, ${counts.notChecked} not checked, ${counts.overridden} overridden, ${counts.warn} attention, ${counts.pass} passed.`

/** A verdict, as people read it. */
export function verdictLines(verdict: Verified): string[] {
  const { counts, checks, notAsked, outcome, waybill } = verdict
  return [
    countLine(outcome, counts),
    ...(waybill === null ? [] : [`Transfer: ${transferIdOf(waybill)}`]),
    `Waybill: ${waybill ?? 'none found'}`,
    ...checkLines(checks, notAsked),
  ]
}

/** A number with what it counts. */
export const counted = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`

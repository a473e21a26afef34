import { areBytesProven } from '../../shared/rules/bytes-proven.ts'
import { decidingHalves } from '../../shared/rules/decision.ts'
import { together } from '../../shared/text/people.ts'
import type { Check, Counts } from '../../shared/verdict.ts'
import { html, plural, type Html } from './html.ts'
import type { CrossingRecord } from './record.ts'

// The same as on the screen.
const words: Readonly<Record<Check['result'], string>> = {
  pass: '✓ Passed',
  fail: '✕ Failed',
  warn: '! Attention',
  'not-checked': '? Not checked',
  overridden: '⊘ Overridden',
}

/** A state in a table, never broken. */
export const sign = (result: Check['result']): Html => html`<span class="sign">${words[result]}</span>`

/** The halves that made the decision that stands. */
export function deciders({
  decision,
}: CrossingRecord): readonly CrossingRecord['decision']['halves'][number][] {
  return decidingHalves(decision.halves, decision.outcome)
}

function sent(record: CrossingRecord): string {
  const { consignment, signatures, media } = record
  const names = together(signatures.map((one) => one.name))
  if (consignment.state === 'dropped') return 'This consignment was given up.'
  if (consignment.state === 'released') return `Released by ${names}, not written yet.`
  if (media.length > 0) {
    const good = media.filter((one) => one.readBack === 'passed').length
    return `Released by ${names}, written ${plural(media.length, 'time')}, read back ${plural(good, 'time')}.`
  }
  return names === '' ? 'Not released: nobody has signed yet.' : `Not released: signed by ${names} so far.`
}

/** The answer of a verdict that did not pass. */
export const refusalOf = ({ fail, notChecked }: Counts): string =>
  `Do not accept: ${plural(fail, 'check')} failed, ${notChecked} could not be run.`

/** The answer of the record in one sentence. */
export function answerOf(record: CrossingRecord): string {
  const { verdict, decision } = record
  const decided = { accept: 'Accepted', reject: 'Rejected', hold: 'Held' }
  if (decision.outcome !== null) {
    return `${decided[decision.outcome]} by ${together(deciders(record).map((half) => half.name))}.`
  }
  if (verdict === null) return sent(record)
  if (verdict.outcome === 'passed' && verdict.counts.overridden > 0)
    return `${plural(verdict.counts.overridden, 'check')} overridden, every other one has passed. Nobody has decided yet.`
  if (verdict.outcome === 'passed')
    return 'Every check that was asked for has passed. Nobody has decided yet.'
  return refusalOf(verdict.counts)
}

/** What was proven, and then what was not. */
export function provenOf(record: CrossingRecord): readonly string[] {
  const { verdict, signatures } = record
  const names = together(signatures.map((signature) => signature.name))
  if (verdict === null) {
    return [
      names === ''
        ? 'Nobody has vouched for these bytes yet.'
        : `${names} signed for exactly these bytes; the receiving desk makes the verdict.`,
    ]
  }
  const { notChecked } = verdict.counts
  const open = [
    ...(notChecked === 0 ? [] : [`${plural(notChecked, 'check')} not run`]),
    ...(verdict.counts.overridden === 0 ? [] : [`${plural(verdict.counts.overridden, 'check')} overridden`]),
    ...(verdict.notAsked.length === 0 ? [] : [`${plural(verdict.notAsked.length, 'check')} not asked for`]),
  ]
  return [
    areBytesProven(verdict.checks)
      ? `The bytes are exactly what ${names} signed.`
      : 'It was not proven that the bytes are what was signed.',
    ...(open.length === 0 ? [] : [`Not proven: ${open.join(', ')}.`]),
  ]
}

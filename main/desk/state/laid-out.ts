import type { Consignment, Writing } from './consignment.ts'

/** Whether a writing was finished and is not known to be wrong. */
export function isGood({ done, readBack }: Pick<Writing, 'done' | 'readBack'>): boolean {
  return done !== null && (readBack === null || readBack === 'passed')
}

/** Which media of the plan in force have a writing that counts, by their numbers. */
export function mediaWith(
  { plan, writings }: Pick<Consignment, 'plan' | 'writings'>,
  counts: (writing: Writing) => boolean,
): readonly number[] {
  const has = (number: number): boolean =>
    writings.some(
      (one) => one.plan === plan?.plan && one.number === number && one.done !== null && counts(one),
    )
  return (plan?.media ?? []).flatMap((_, i) => (has(i + 1) ? [i + 1] : []))
}

/**
 * Whether a bundle is whole on media that count: on one that takes all of it, or on one of each number of the plan.
 *
 * @param counts asked of writings that were finished
 */
export function isComplete(
  one: Pick<Consignment, 'plan' | 'writings'>,
  counts: (writing: Writing) => boolean,
): boolean {
  if (one.writings.some((writing) => writing.of === 1 && writing.done !== null && counts(writing)))
    return true
  return one.plan !== null && mediaWith(one, counts).length === one.plan.media.length
}

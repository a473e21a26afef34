/** Which medium it is of a bundle on several, and the bytes of the tar that it holds. */
export interface Held {
  readonly number: number
  readonly of: number
  readonly copy: number
  readonly from: number
  readonly until: number
}

/** Whether two are the same medium of the same plan, whichever copy. */
export function isSameMedium(a: Held, b: Held): boolean {
  return a.number === b.number && a.of === b.of && a.from === b.from && a.until === b.until
}

/** Whether two media can be of one plan: they lie one behind the other, and touch where their numbers do. */
export function fitTogether(a: Held, b: Held): boolean {
  if (a.of !== b.of || a.number === b.number) return false
  const [low, high] = a.number < b.number ? [a, b] : [b, a]
  return high.number === low.number + 1 ? high.from === low.until : high.from > low.until
}

/**
 * The media that belong to one plan: the first, and of the others each that fits those before it.
 *
 * @returns in the order of their numbers; as many as `of` says are the whole bundle
 */
export function belonging<One extends Held>(media: readonly One[]): readonly One[] {
  const good: One[] = []
  for (const one of media) if (good.every((other) => fitTogether(one, other))) good.push(one)
  return good.sort((a, b) => a.number - b.number)
}

import type { HeldView } from '../../shared/views.ts'

type Rests = HeldView['rests']

interface RowWords {
  /** What holds it, after “held by”. */
  readonly by: string
  /** What an officer finds out before releasing it. */
  readonly before: string
  /** What officers can do about it. */
  readonly way: string
  /** What releasing it does. */
  readonly then: string
}

/** What holds a bundle in its stream, for the officers who may release it. */
export const heldWords: Readonly<Record<HeldView['row'], RowWords>> = {
  'order.equivocation': {
    by: 'another bundle with its number',
    before:
      'Ask the sender, over another way, which one is right. Reject the wrong one; then the right one goes on.',
    way: 'Two security officers can also release it, on the record.',
    then: 'This bundle may go on in spite of the others. They stay held.',
  },
  'order.gap': {
    by: 'a gap: a bundle before it is missing',
    before:
      'Ask the sender for another copy of what is missing. If it is lost for good, the sender gives it up, and a later bundle says so.',
    way: 'Two security officers can also release it, on the record.',
    then: 'This bundle may go on without what is missing. Once it is accepted, an older one is refused.',
  },
  'order.state': {
    by: 'a lost memory: this desk does not know how far the stream had come',
    before:
      'Find out whether this desk was put back, and what it had accepted last, from a label, a custody sheet, a report or a receipt.',
    way: 'Two security officers state that, on the record, and so release it.',
    then: 'What is stated here counts from then on as if it had been decided at this desk.',
  },
}

const rangeText = ({ from, to }: Rests['missing'][number]): string =>
  from === to ? `number ${from}` : `numbers ${from} to ${to}`

/** What a release would name: names and values. Anything further holds again. */
export function restsRows({ others, missing, end, head }: Rests): (readonly [string, string])[] {
  return [
    ...others.map((one, i) => [others.length === 1 ? 'Other bundle' : `Other bundle ${i + 1}`, one] as const),
    ...(missing.length === 0 ? [] : [['Missing', missing.map(rangeText).join(', ')] as const]),
    ...(end === null ? [] : [['It follows', end.digest ?? 'on nothing'] as const]),
    ...(head === null ? [] : [['Head', head] as const]),
  ]
}

/** Whether two holds rest on the same: then a release of the one is a release of the other. */
export function sameRests(a: Rests, b: Rests): boolean {
  const text = (one: Rests): string => JSON.stringify(restsRows(one))
  return text(a) === text(b)
}

/** Why a change that waits is not asked for a second time. */
export const askedAlready = 'This was asked for already: a second security officer signs it, a page before.'

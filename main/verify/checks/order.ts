import type { CheckId } from '../../../shared/text/checks.ts'
import type { Digest } from '../../../shared/digest.ts'
import type { Destination, Waybill } from '../../../shared/waybill.ts'
import { deskIdOf } from '../../bundle/waybill.ts'
import type { CheckList } from '../check.ts'
import type { History, StreamHistory } from '../types.ts'

interface Case {
  readonly waybill: Waybill
  readonly digest: Digest
  readonly sender: string
  readonly entry: Destination
  readonly stream: StreamHistory
  readonly history: History
}

/** A row of the table in trust.md, "Order": what it found, or `null` where it does not apply. */
interface Row {
  readonly id: CheckId
  readonly effect: 'refused' | 'held'
  readonly expected: (input: Case) => string
  readonly found: (input: Case) => string | null
}

type Void = { readonly sequence: number; readonly digest: Digest }

function voidsOf({ waybill, entry, stream }: Case): Void[] {
  return [...stream.voids, ...waybill.voided.filter((one) => one.desk === entry.desk)]
}

// What stood before a voided waybill: as it said itself where it was seen, else whatever has the number below.
function beforeVoid(input: Case, sequence: number, digest: Digest): Digest | null | undefined {
  const { stream } = input
  const seen = stream.seen.find((one) => one.digest === digest)
  if (seen !== undefined) return seen.previous
  if (sequence === 1) return null
  if (stream.accepted?.sequence === sequence - 1) return stream.accepted.digest
  const below =
    voidsOf(input).find((one) => one.sequence === sequence - 1) ??
    stream.seen.find((one) => one.sequence === sequence - 1 && one.decided === 'rejected')
  return below?.digest
}

/** Whether `previous` is the last accepted waybill, or reaches it through recorded rejects and voids. */
function reaches(input: Case): boolean {
  const { stream } = input
  const target = stream.accepted?.digest ?? null
  let at: Digest | null | undefined = input.entry.previous
  for (let steps = 0; steps < 100_000; steps++) {
    if (at === target) return true
    if (at === null || at === undefined) return false
    const current: Digest = at
    const rejected = stream.seen.find((one) => one.digest === current && one.decided === 'rejected')
    const voided = voidsOf(input).find((one) => one.digest === current)
    if (rejected !== undefined) at = rejected.previous
    else if (voided !== undefined) at = beforeVoid(input, voided.sequence, current)
    else return false
  }
  return false
}

const unknownStream = ({ stream, digest }: Case): boolean => stream.seen.every((one) => one.digest === digest)

const rows: readonly Row[] = [
  {
    id: 'order.voided',
    effect: 'refused',
    expected: () => 'a bundle that its sender has not voided',
    found: ({ stream, digest }) => (stream.voids.some((one) => one.digest === digest) ? 'voided' : null),
  },
  {
    id: 'order.replay',
    effect: 'refused',
    expected: () => 'a bundle that was not decided here before',
    found: ({ stream, digest }) => {
      const same = stream.seen.find((one) => one.digest === digest)
      return same?.decided == null ? null : `refused: ${same.decided} here before`
    },
  },
  {
    id: 'order.equivocation',
    effect: 'held',
    expected: ({ entry }) => `one bundle with number ${entry.sequence}`,
    found: ({ stream, entry, digest }) => {
      const other = stream.seen.find((one) => one.sequence === entry.sequence && one.digest !== digest)
      return other === undefined ? null : `held: another bundle with this number, ${other.digest}`
    },
  },
  {
    id: 'order.downgrade',
    effect: 'refused',
    expected: ({ stream }) => `a number above ${stream.accepted?.sequence ?? 0}`,
    found: ({ stream, entry }) =>
      stream.accepted !== null && entry.sequence <= stream.accepted.sequence
        ? `refused: number ${entry.sequence}; number ${stream.accepted.sequence} was accepted`
        : null,
  },
  {
    id: 'order.gap',
    effect: 'held',
    expected: ({ stream }) => `a bundle that follows ${stream.accepted?.digest ?? 'on nothing'}`,
    // A stream of which nothing at all is known is not a gap in it: the next row speaks of that.
    found: (input) =>
      reaches(input) || (unknownStream(input) && input.entry.sequence > 1)
        ? null
        : `held: it follows ${input.entry.previous ?? 'on nothing'}`,
  },
  {
    id: 'order.state',
    effect: 'held',
    expected: () => 'a stream that this desk knows from its beginning',
    found: (input) => {
      const { waybill, entry, history } = input
      if (unknownStream(input) && entry.sequence > 1 && !reaches(input)) {
        return `held: nothing is known here of numbers 1 to ${entry.sequence - 1}`
      }
      const witnessed = waybill.ledger.witnessed
        .filter((one) => one.desk === entry.desk)
        .map((one) => Number(one.checkpoint.split('\n')[1] ?? Number.NaN))
      const most = Math.max(0, ...witnessed)
      if (Number.isNaN(most)) return 'held: the sender names a head of our ledger that cannot be read'
      return most > history.ledgerSize
        ? `held: our ledger has ${history.ledgerSize} events; the sender has witnessed ${most}`
        : null
    },
  },
  {
    id: 'order.channel',
    effect: 'refused',
    expected: ({ waybill, history, sender }) => {
      const owner = history.owner(waybill.channel)
      return `sender ${owner?.sender ?? sender}, epoch ${owner?.epoch ?? 1}`
    },
    found: ({ waybill, history, sender }) => {
      const owner = history.owner(waybill.channel)
      const epoch = owner?.epoch ?? 1
      const fits = (owner === null || owner.sender === sender) && waybill.epoch === epoch
      return fits ? null : `refused: sender ${sender}, epoch ${waybill.epoch}`
    },
  },
]

export const orderIds: readonly CheckId[] = rows.map((row) => row.id)

/**
 * The table of trust.md, "Order". The first row that applies counts; those after it are left unchecked. A row that
 * refuses stops the reading, one that holds does not.
 */
export function checkOrder(
  waybill: Waybill,
  digest: Digest,
  here: string,
  history: History,
  list: CheckList,
): 'passed' | 'held' | 'refused' {
  const entry = waybill.destinations.find((destination) => destination.desk === here)
  if (entry === undefined) return 'refused'
  const sender = deskIdOf(waybill.sender)
  const input = { waybill, digest, sender, entry, history, stream: history.stream(sender, waybill.channel) }
  const subject = `number ${entry.sequence} of channel ${waybill.channel}`
  for (const row of rows) {
    const found = row.found(input)
    if (found !== null) {
      list.add(row.id, 'fail', {
        subject,
        expected: row.expected(input),
        found,
        reason: row.effect,
        holds: row.effect === 'held',
      })
      return row.effect
    }
    list.pass(row.id, subject, row.expected(input), 'as expected')
  }
  return 'passed'
}

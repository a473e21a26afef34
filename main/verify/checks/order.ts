import type { CheckId } from '../../../shared/text/checks.ts'
import type { Digest } from '../../../shared/digest.ts'
import { orderOf, orderRows, type OrderRow } from '../../../shared/rules/order.ts'
import { lastAccepted, type Asked, type StreamMemory } from '../../../shared/rules/stream-memory.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import { deskIdOf } from '../../bundle/waybill.ts'
import type { CheckList } from '../check.ts'
import type { History } from '../types.ts'

export const orderIds: readonly CheckId[] = orderRows

/** What each row expects, in words. */
const expected: Readonly<Record<OrderRow, (asked: Asked, memory: StreamMemory) => string>> = {
  'order.channel': (asked, { owner, epoch }) => `sender ${owner ?? asked.sender}, epoch ${epoch}`,
  'order.replay': () => 'a bundle that was not decided here before',
  'order.voided': () => 'a bundle that its sender has not voided',
  'order.voids': ({ sequence }) => `voids of other bundles, with numbers below ${sequence}`,
  'order.equivocation': ({ sequence }) => `one bundle with number ${sequence}`,
  'order.downgrade': ({ epoch }, memory) => `a number above ${lastAccepted(memory, epoch)?.sequence ?? 0}`,
  'order.state': () => 'a stream that this desk knows from its beginning',
  'order.gap': ({ epoch }, memory) =>
    `a bundle that follows ${lastAccepted(memory, epoch)?.digest ?? 'on nothing'}`,
}

// The head of ours that the sender has witnessed and that our ledger does not contain, in words.
function unknownHead(waybill: Waybill, here: string, history: History): string | null {
  const witnessed = waybill.ledger.witnessed.filter((one) => one.desk === here)
  for (const { checkpoint } of witnessed) {
    const [, size = '', root = ''] = checkpoint.split('\n')
    if (!/^[0-9]{1,16}$/.test(size)) return 'the sender names a head of our ledger that cannot be read'
    if (Number(size) > history.ledgerSize) {
      return `our ledger has ${history.ledgerSize} events; the sender has witnessed ${Number(size)}`
    }
    if (!history.contains(Number(size), root)) {
      return `our ledger has another root at ${Number(size)} events than the sender has witnessed`
    }
  }
  return null
}

/** What a waybill asks of a desk's memory: its entry for this desk; `null` where it has none. */
export function askedOf(waybill: Waybill, digest: Digest, here: string, history: History): Asked | null {
  const entry = waybill.destinations.find((destination) => destination.desk === here)
  if (entry === undefined) return null
  return {
    sender: deskIdOf(waybill.sender),
    epoch: waybill.epoch,
    sequence: entry.sequence,
    digest,
    previous: entry.previous,
    voids: waybill.voided
      .filter((one) => one.desk === here)
      .map(({ sequence, digest: voided }) => ({ sequence, digest: voided })),
    head: unknownHead(waybill, here, history),
  }
}

/**
 * The table of trust.md, "Order" (`shared/rules/order.ts`), as checks. The first row that applies counts; those after it
 * are left unchecked. A row that refuses stops the reading, one that holds does not; one that officers released is a
 * warning.
 */
export function checkOrder(
  waybill: Waybill,
  digest: Digest,
  here: string,
  history: History,
  list: CheckList,
): 'passed' | 'held' | 'refused' {
  const asked = askedOf(waybill, digest, here, history)
  if (asked === null) return 'refused'
  const memory = history.stream(asked.sender, waybill.channel)
  const { first, released } = orderOf(memory, asked)
  const subject = `number ${asked.sequence} of channel ${waybill.channel}`
  for (const id of orderRows) {
    const about = { subject, expected: expected[id](asked, memory) }
    if (first?.row === id) {
      const { effect, why } = first
      const found = why === 'voided' ? why : `${effect}: ${why}`
      list.add(id, 'fail', { ...about, found, reason: effect, holds: effect === 'held' })
      return effect
    }
    const given = released.find((one) => one.row === id)
    if (given === undefined) list.pass(id, subject, about.expected, 'as expected')
    else list.add(id, 'warn', { ...about, found: `released: ${given.why}`, reason: 'released' })
  }
  return 'passed'
}

import { zRecovery } from '../../../shared/calls/stream.ts'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { Failure } from '../../platform/failure.ts'
import { canonical } from '../../platform/json.ts'
import { orderNow } from '../judging/order-now.ts'
import { zChange, type Change } from '../state/change.ts'
import { isCurrent } from '../state/changes.ts'
import { writable, type Context } from '../work/context.ts'
import { checkName } from './input.ts'
import { completeChange, makeChange } from './make-change.ts'

type Officer = CallInput<'stream.epoch'>['officer']
type Changed = Pick<CallOutput<'stream.epoch'>, 'pending' | 'judged' | 'flagged'>

// The second officer may ask for the same: with that it is in force.
async function together(context: Context, change: Change, officer: Officer): Promise<Changed> {
  const desk = writable(context)
  const { state } = desk
  if (state.founding) throw new Failure('seal-first')
  if (officer === undefined) throw new Failure('officers-needed')
  // What the ledger could not take back must never reach it.
  if (!zChange.safeParse(change).success) {
    throw new Failure('bad-input', {
      found: 'more than a release can name',
      expected: 'a raise of the epoch',
    })
  }
  const same = canonical(change)
  const asked = state.changes.find(
    (one) =>
      one.signed === null &&
      one.withdrawn === null &&
      isCurrent(state, one) &&
      canonical(one.document.change).equals(same),
  )
  if (asked === undefined) return makeChange(context, change, officer)
  return { ...(await completeChange(context, desk, asked, officer)), pending: null }
}

/** `stream.release`: two officers release what holds a bundle; anything further holds again. */
export async function release(
  context: Context,
  input: CallInput<'stream.release'>,
): Promise<CallOutput<'stream.release'>> {
  const desk = writable(context)
  desk.need('high')
  if (desk.state.founding) throw new Failure('seal-first')
  const one = desk.consignment(input.id)
  const { waybill, first } = await orderNow(desk, one)
  if (first === null) throw new Failure('nothing-held', { found: 'the order lets this bundle pass' })
  if (first.effect === 'refused') {
    throw new Failure('nothing-held', { found: `the order refuses it, ${first.why}` })
  }
  const { row, rests } = first
  const recovery = zRecovery.nullable().parse(input.recovery ?? null)
  const about = { consignment: one.id, waybill, row }
  const change: Change = {
    kind: 'stream.release',
    ...about,
    rests: { ...rests, others: [...rests.others], missing: [...rests.missing] },
    recovery,
  }
  return { id: one.id, row, ...(await together(context, change, input.officer)) }
}

/** `stream.epoch`: two officers raise the epoch of a channel; all its destinations begin anew. */
export async function epoch(
  context: Context,
  input: CallInput<'stream.epoch'>,
): Promise<CallOutput<'stream.epoch'>> {
  const { channel, to } = input
  checkName('the channel', channel)
  return { channel, to, ...(await together(context, { kind: 'stream.epoch', channel, to }, input.officer)) }
}

/** `stream.move`: two officers give a channel to another sender. */
export async function move(
  context: Context,
  input: CallInput<'stream.move'>,
): Promise<CallOutput<'stream.move'>> {
  const { channel, to } = input
  writable(context).need('high')
  checkName('the channel', channel)
  return { channel, to, ...(await together(context, { kind: 'stream.move', channel, to }, input.officer)) }
}

import { zRecovery } from '../../../shared/calls/stream.ts'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { Failure } from '../../platform/failure.ts'
import { orderNow } from '../judging/order-now.ts'
import type { Change } from '../state/change.ts'
import { writable, type Context } from '../work/context.ts'
import { checkName } from './input.ts'
import { together } from './together.ts'

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

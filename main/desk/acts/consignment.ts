import { rm } from 'node:fs/promises'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { isFreeText } from '../../../shared/names.ts'
import { Failure } from '../../platform/failure.ts'
import { writable, type Context } from '../work/context.ts'
import { pinnedDigests } from '../disk/pinned.ts'
import { consignmentLine, consignmentView } from '../views/consignment.ts'

/** `consignment.list`: the newest first. */
export async function list(context: Context): Promise<CallOutput<'consignment.list'>> {
  // What is being collected is a job; it becomes a consignment when its waybill is made.
  const desk = context.desk()
  const all = [...desk.state.consignments.values()].filter((one) => !one.collecting)
  return { consignments: all.map((one) => consignmentLine(desk, one)).reverse() }
}

/** `consignment.show`. */
export async function show(
  context: Context,
  input: CallInput<'consignment.show'>,
): Promise<CallOutput<'consignment.show'>> {
  const desk = context.desk()
  return consignmentView(desk, desk.consignment(input.id))
}

/** `consignment.drop`: gives it up. What was released is voided: the next waybill of its streams says so. */
export async function drop(
  context: Context,
  input: CallInput<'consignment.drop'>,
): Promise<CallOutput<'consignment.drop'>> {
  const desk = writable(context)
  desk.need('low')
  const one = desk.consignment(input.id)
  if (one.dropped !== null)
    throw new Failure('consignment-state', { found: 'dropped', expected: 'one that was not dropped' })
  if (!isFreeText(input.reason))
    throw new Failure('bad-input', {
      found: 'the reason',
      expected: 'visible text of at most 500 characters',
    })
  await desk.record('consignment.dropped', {
    consignment: one.id,
    reason: input.reason,
    voided: one.releasedAt !== null,
  })
  return { id: one.id }
}

const finished = new Set(['written', 'read-back', 'accepted', 'rejected', 'exported'])

/** `consignment.close`: once it was written here, or decided here. What was recorded stays. */
export async function close(
  context: Context,
  input: CallInput<'consignment.close'>,
): Promise<CallOutput<'consignment.close'>> {
  const desk = writable(context)
  const one = desk.consignment(input.id)
  if (!finished.has(one.state)) {
    throw new Failure('consignment-state', { found: one.state, expected: 'written, accepted or rejected' })
  }
  if (context.jobs.running()) throw new Failure('job-running', { found: 'work that has not ended' })
  await desk.record('consignment.closed', { consignment: one.id })
  return { id: one.id }
}

/** `prune.run`: lets go of what is rejected, recorded and no longer pinned. */
export async function prune(context: Context): Promise<CallOutput<'prune.run'>> {
  const desk = writable(context)
  if (context.jobs.running()) throw new Failure('job-running', { found: 'work that has not ended' })
  const store = await desk.store()
  const pinned = await pinnedDigests(desk)
  let blobs = 0
  let bytes = 0
  const loose = (await store.list()).filter((digest) => !pinned.has(digest))
  for (const digest of loose) {
    bytes += (await store.size(digest)) ?? 0
    blobs += 1
  }
  const done = [...desk.state.consignments.values()].filter(
    (one) =>
      !one.pruned &&
      (one.decided === 'reject' || one.closed !== null || (one.dropped !== null && !one.collecting)),
  )
  for (const one of done) {
    if (one.decided !== 'reject') continue
    const quarantine = await desk.quarantine(one.id)
    for (const digest of await quarantine.list()) {
      bytes += (await quarantine.size(digest)) ?? 0
      blobs += 1
    }
  }
  const consignments = done.map((one) => one.id)
  // The record first: what it names is gone from then on, also when this process ends here.
  await desk.record('prune.done', { consignments, blobs, bytes })
  for (const digest of loose) await store.remove(digest)
  for (const one of done) await rm(desk.folder.quarantineOf(one.id), { recursive: true, force: true })
  return { consignments, blobs, bytes }
}

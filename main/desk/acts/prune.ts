import { rm } from 'node:fs/promises'
import type { CallOutput } from '../../../shared/contract.ts'
import { Failure } from '../../platform/failure.ts'
import { letGo, looseIn } from '../disk/loose.ts'
import { writable, type Context } from '../work/context.ts'

/** `prune.run`: lets go of what is rejected, recorded and no longer pinned. */
export async function run(context: Context): Promise<CallOutput<'prune.run'>> {
  const desk = writable(context)
  if (context.jobs.running()) throw new Failure('job-running', { found: 'work that has not ended' })
  const store = await desk.store()
  const loose = await looseIn(desk, store)
  let blobs = loose.length
  let bytes = loose.reduce((sum, { size }) => sum + size, 0)
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
  await letGo(loose, store)
  for (const one of done) await rm(desk.folder.quarantineOf(one.id), { recursive: true, force: true })
  return { consignments, blobs, bytes }
}

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Verified } from '../../../shared/verdict.ts'
import { locate } from '../../bundle/locate.ts'
import { parseWaybill, WaybillError, type MadeWaybill } from '../../bundle/waybill.ts'
import { withIncoming } from '../../collect/kinds/incoming.ts'
import { Failure } from '../../platform/failure.ts'
import { readCapped, readThrough } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { openBlobs, type Blobs } from '../../store/blobs.ts'
import { CheckList } from '../../verify/check.ts'
import { verifyMedium } from '../../verify/verify.ts'
import type { Keeper } from '../../verify/types.ts'
import type { Desk } from '../desk.ts'
import { keeperIn } from '../disk/keeper.ts'
import type { Context } from '../work/context.ts'
import { driveUnder } from '../work/drives.ts'
import type { JobContext } from '../work/jobs.ts'
import { itemsOf, toolsOf } from '../work/tools.ts'
import { evidenceGround, type Tried } from './evidence.ts'
import { groundOf } from './ground.ts'
import { cameOn } from './route.ts'

// What passes lies beside the store while it is judged; what a bundle leaves out, the store has.
function trialKeeper(blobs: Blobs, store: Blobs, signal: AbortSignal): Keeper {
  const where = async (digest: Parameters<Blobs['path']>[0]): Promise<Blobs> =>
    (await blobs.size(digest)) === null ? store : blobs
  return {
    ...keeperIn(blobs),
    read: async (digest, size) => {
      const most = Math.min(Math.max(size, limits.manifestBytes), limits.sigstoreBundleBytes)
      return (await where(digest)).read(digest, most)
    },
    lend: async (digest, _, use) => {
      const path = (await where(digest)).path(digest)
      return use((take) => readThrough(path, take, signal))
    },
  }
}

/** A policy is tried on what a bundle says; of the medium that it lies on only what a channel asks. */
const nothingSaid = {
  drives: [{ notAsked: 'register-not-asked' }],
  seal: () => ({ notAsked: 'seal-not-recorded' }),
}

/** Reads a bundle by a policy that is not in force. Nothing is kept of it, and the ledger does not know of it. */
export async function tryOnBundle(
  context: Context,
  desk: Desk,
  tried: Tried,
  path: string,
  job: JobContext,
): Promise<Verified> {
  const located = await locate(path)
  const drive = await driveUnder(context, located.scope === 'medium' ? located.folder : path)
  const store = await desk.store()
  return withIncoming(store, async (incoming) => {
    const place = join(incoming, 'tried')
    await mkdir(place, { mode: 0o700 })
    const blobs = await openBlobs(place)
    const keeper = (): Promise<Keeper> => Promise.resolve(trialKeeper(blobs, store, job.signal))
    const tools = { ...toolsOf(context, job), items: itemsOf(job, false) }
    const ground = groundOf(desk, tried)
    const reading = {
      given: [{ located, serial: null }],
      earlier: () => [],
      register: { ...nothingSaid, came: cameOn(desk, [drive]) },
      ground,
      keeper,
    }
    const { scope, found, verdict } = await verifyMedium(reading, tools)
    if (job.signal.aborted) throw new Failure('cancelled')
    return { scope, waybill: found, ...verdict }
  })
}

function parsed(bytes: Buffer): MadeWaybill {
  try {
    return parseWaybill(bytes)
  } catch (error) {
    if (!(error instanceof WaybillError)) throw error
    throw new Failure('bad-input', { found: error.message, expected: 'a waybill.json' })
  }
}

/** What a policy says of a waybill alone. Who signed it and what speaks for its items is not asked, and said so. */
export async function tryOnWaybill(desk: Desk, tried: Tried, path: string): Promise<Verified> {
  const { waybill, digest } = parsed(await readCapped(path, limits.waybillBytes))
  const { rules } = evidenceGround(desk, tried)
  const list = new CheckList()
  const now = desk.now()
  list.except(groundOf(desk, tried).overrides(digest), now)
  const bySigners = ['policy.channel-signers', 'policy.algorithms']
  for (const { id, result, ...about } of rules.waybill(waybill, [])) {
    if (!bySigners.includes(id)) list.add(id, result, about)
  }
  const byItself = ['policy.item-rule', 'policy.pinned']
  for (const item of waybill.items) {
    for (const { id, result, expected, found, reason } of rules.item(item, [])) {
      if (byItself.includes(id)) list.add(id, result, { subject: item.name, expected, found, reason })
    }
  }
  return { scope: 'tar', waybill: digest, ...list.close(rules.asked) }
}

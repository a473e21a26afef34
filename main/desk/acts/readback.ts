import { join } from 'node:path'
import { z } from 'zod'
import type { Digest } from '../../../shared/digest.ts'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import type { Verdict, Verified } from '../../../shared/verdict.ts'
import { locate, locateOut, type Located, type LocatedOut } from '../../bundle/locate.ts'
import type { FoundDrive } from '../../media/drives/found.ts'
import { Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { canonical } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import { readBackOut } from '../../verify/read-back-out.ts'
import { readBack, type Own } from '../../verify/read-back.ts'
import type { Reading } from '../../verify/types.ts'
import { writable, type Context } from '../work/context.ts'
import { driveName, driveSeen, driveUnder, watchOf } from '../work/drives.ts'
import type { Desk } from '../desk.ts'
import { ownGround } from '../judging/ground.ts'
import { registerSaid } from '../judging/registered.ts'
import type { JobContext } from '../work/jobs.ts'
import type { Consignment } from '../state/consignment.ts'
import { readWaybill, signaturesOf } from '../disk/waybill.ts'
import { itemsOf, toolsOf } from '../work/tools.ts'

const steps = ['signatures', 'medium', 'content', 'record']

async function ownRecord(desk: Desk, waybill: Digest): Promise<Own | null> {
  const one = [...desk.state.consignments.values()].find(
    (other) => other.waybill === waybill && other.writings.length > 0,
  )
  return one === undefined
    ? null
    : { made: await readWaybill(desk, one), signatures: signaturesOf(desk, one) }
}

// Which writing it was: the run that the medium's record names. Only a hint until the verdict has passed.
async function runOf(located: Located): Promise<string | null> {
  if (located.scope === 'tar') return null
  const zRun = z.object({ run: z.uuid() })
  return readCapped(join(located.folder, 'medium.json'), limits.mediumBytes)
    .then((bytes) => zRun.parse(JSON.parse(bytes.toString('utf8'))).run)
    .catch(() => null)
}

/** What a reading came to, and of which writing. */
interface Came {
  readonly id: string | null
  readonly waybill: Digest | null
  /** The writing of this desk that it was; `null` where that is not known. */
  readonly run: string | null
  readonly scope: Verified['scope']
  readonly verdict: Verdict
  readonly drive: FoundDrive | null
}

async function recordCame(context: Context, came: Came): Promise<Verified> {
  const { id, waybill, run, scope, verdict, drive } = came
  const { outcome, counts } = verdict
  const digest = digestOf(canonical(verdict))
  const out = watchOf(context).level(run, drive)
  const about = { consignment: id, waybill, run, scope }
  await writable(context).record(
    'readback.done',
    { ...about, outcome, counts, verdict: digest, drive: driveName(drive), out },
    { subjects: waybill === null ? [digest] : [waybill, digest], outcome },
  )
  return { ...(id === null ? {} : { id }), ...driveSeen(drive), out, scope, waybill, ...verdict }
}

async function record(
  context: Context,
  located: Located,
  reading: Reading,
  drive: FoundDrive | null,
): Promise<Verified> {
  const desk = writable(context)
  const { scope, found, signed, verdict } = reading
  const one = [...desk.state.consignments.values()].find(
    (other) => other.waybill !== null && other.waybill === found,
  )
  const id = signed && one !== undefined ? one.id : null
  const run = await runOf(located)
  const known = one?.writings.some((writing) => writing.run === run) === true
  return recordCame(context, { id, waybill: found, run: known ? run : null, scope, verdict, drive })
}

async function run(context: Context, path: string, located: Located, job: JobContext): Promise<Verified> {
  const desk = writable(context)
  const tools = { ...toolsOf(context, job), items: itemsOf(job, false) }
  const ground = ownGround(desk)
  const own = (waybill: Digest): Promise<Own | null> => ownRecord(desk, waybill)
  const drive = await driveUnder(context, located.scope === 'medium' ? located.folder : path)
  // The last look before the bytes are read: what came back is back by now.
  if (drive !== null) await watchOf(context).look()
  const serial = drive?.serial ?? null
  const register = registerSaid(desk, [drive])
  const reading = await readBack({ located, serial, register, ground, own }, tools)
  if (job.signal.aborted) throw new Failure('cancelled')
  job.step('record')
  return record(context, located, reading, drive)
}

/** A medium of accepted content, at the desk that wrote it. */
async function runOut(context: Context, located: LocatedOut, job: JobContext): Promise<Verified> {
  const desk = writable(context)
  const all = [...desk.state.consignments.values()]
  const ofRecord = (record: Digest | null): Consignment | undefined =>
    all.find((one) => one.exports.some(({ medium }) => medium !== undefined && medium.record === record))
  const tools = { ...toolsOf(context, job), items: itemsOf(job, false) }
  const isOwn = (record: Digest): boolean => ofRecord(record) !== undefined
  const drive = await driveUnder(context, located.folder)
  // The last look before the bytes are read: what came back is back by now.
  if (drive !== null) await watchOf(context).look()
  const serial = drive?.serial ?? null
  const register = registerSaid(desk, [drive])
  const reading = await readBackOut({ located, serial, register, station: desk.station.key, isOwn }, tools)
  if (job.signal.aborted) throw new Failure('cancelled')
  job.step('record')
  const { record: found, medium, verdict } = reading
  const one = medium === null ? undefined : ofRecord(found)
  const of = { id: one?.id ?? null, waybill: medium?.waybill ?? null, run: medium?.run ?? null }
  return recordCame(context, { ...of, scope: 'medium', verdict, drive })
}

/** `readback.start`: whether a medium holds what this desk wrote. Keeps nothing. */
export async function start(
  context: Context,
  input: CallInput<'readback.start'>,
): Promise<CallOutput<'readback.start'>> {
  const desk = writable(context)
  const path = context.places.path(input.medium, 'medium')
  if (desk.state.card.side === 'high') {
    const out = await locateOut(path)
    const outSteps = ['medium', 'content', 'record']
    return { job: context.jobs.start('readback', outSteps, (job) => runOut(context, out, job)) }
  }
  const located = await locate(path)
  return { job: context.jobs.start('readback', steps, (job) => run(context, path, located, job)) }
}

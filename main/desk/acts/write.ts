import { randomUUID } from 'node:crypto'
import { hexOf } from '../../../shared/digest.ts'
import { basename } from 'node:path'
import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import { layoutOf } from '../../bundle/layout.ts'
import type { MediumParts } from '../../bundle/media-plan.ts'
import type { FoundDrive } from '../../media/drives/found.ts'
import { inspectTarget, type Target } from '../../media/target.ts'
import { makeParity, parityBytes } from '../../media/parity.ts'
import {
  besideParts,
  checkTarget,
  writeMedium,
  type WritePlan,
  type WrittenMedium,
} from '../../media/write.ts'
import { asFailure, Failure } from '../../platform/failure.ts'
import { digestOf } from '../../platform/hash.ts'
import { writable, type Context } from '../work/context.ts'
import type { Desk } from '../desk.ts'
import type { JobContext } from '../work/jobs.ts'
import { readWaybill, signaturesOf } from '../disk/waybill.ts'
import type { Consignment } from '../state/consignment.ts'
import { revokedIn } from '../state/revoked.ts'
import { driveName, driveUnder, watchOf } from '../work/drives.ts'
import { rolesMissing } from '../state/streams.ts'
import { checkOutside } from '../disk/outside.ts'
import { checkCount } from '../judging/route.ts'
import { checkWritable } from '../judging/registered.ts'
import { checkCurrent } from '../judging/waybill-checks.ts'
import { needPar2, withPar2 } from '../work/par2.ts'
import { toolsOf, type JobTools } from '../work/tools.ts'
import { mediaSoFar, planFor, type AskedMedia, type MediaPlan } from '../work/write-plan.ts'

type Result = LongResult<'write.start'>

const writableStates = new Set(['released', 'written', 'read-back'])

function checkReady(desk: Desk, one: Consignment): void {
  const given = one.dropped !== null && (!one.dropped.voided || one.pruned)
  if (given || one.closed !== null || one.made === null) {
    throw new Failure('consignment-state', { found: one.state, expected: 'a signed one' })
  }
  // Before anything else: a waybill that no longer counts has to be made anew, not signed further. What was released
  // since takes nothing from a released one.
  checkCurrent(desk, one)
  const [revoked] = revokedIn(desk.state, one)
  if (revoked !== undefined) {
    throw new Failure('signer-revoked', { found: revoked.name, at: revoked.at, id: one.id })
  }
  const missing = rolesMissing(desk.state, one)
  if (missing.length > 0) throw new Failure('signatures-missing', { expected: missing.join(', ') })
  if (!writableStates.has(one.state)) {
    throw new Failure('consignment-state', { found: one.state, expected: 'released' })
  }
}

interface Planned {
  readonly one: Consignment
  readonly target: Target
  /** The drive that the target lies on, where that is known. */
  readonly drive: FoundDrive | null
  readonly media: MediaPlan
  /** Bytes that the medium takes beside its parts. */
  readonly beside: number
  readonly plan: WritePlan
  /** What the register says of its drive. */
  readonly register: CallOutput<'write.plan'>['register']
}

const partsOf = (media: MediaPlan): MediumParts['parts'] => media.media[media.number - 1]?.parts ?? []

async function planned(
  desk: Desk,
  one: Consignment,
  on: Pick<Planned, 'target' | 'drive' | 'register'>,
  asked: AskedMedia,
): Promise<Planned> {
  const { target, drive } = on
  const made = await readWaybill(desk, one)
  const signatures = signaturesOf(desk, one)
  const layout = layoutOf(made.waybill, made.bytes, signatures)
  const bundle = { size: layout.size, waybill: made.bytes, signatures }
  const media = planFor(one, bundle, asked, target.largest)
  checkCount(desk, one.channel, media.media.length)
  const parts = partsOf(media)
  const held = parts.reduce((sum, { size }) => sum + size, 0)
  const recovery = media.parity === null ? 0 : parityBytes(held, media.parity)
  const beside = besideParts(made.bytes, signatures) + recovery
  if (media.parity !== null) needPar2(desk)
  const store = await desk.store()
  const plan: WritePlan = {
    made,
    signatures,
    lines: one.approvals.map(({ role, person, fingerprint }) => ({
      role,
      person,
      fingerprint,
      algorithm: desk.state.people.find((other) => other.fingerprint === fingerprint)?.algorithm ?? 'p256',
    })),
    layout,
    parts,
    partsInAll: media.media.flatMap((medium) => medium.parts),
    parity: null,
    number: media.number,
    of: media.media.length,
    run: randomUUID(),
    copy: media.copy,
    written: desk.now(),
    folder: await checkTarget(target, made.digest, parts, beside),
    drive,
    blob: (digest) => store.path(digest),
  }
  return { one, ...on, media, beside, plan }
}

async function recordPlan(desk: Desk, { one, media, plan }: Planned): Promise<void> {
  if (media.kept || media.id === null) return
  const facts = {
    consignment: one.id,
    waybill: plan.made.digest,
    plan: media.id,
    size: plan.layout.size,
    parity: media.parity,
    media: media.media.map(({ parts }) => ({
      parts: parts.map(({ name, offset, size }) => ({ name, offset, size })),
    })),
  }
  await desk.record('write.planned', facts, { subjects: [plan.made.digest] })
}

/** Writes the medium; with recovery data, where the plan asks for it, by the program that the policy names. */
function written(context: Context, planning: Planned, tools: JobTools): Promise<WrittenMedium> {
  const desk = writable(context)
  const { plan, media, target } = planning
  const { parity: percent } = media
  if (percent === null) return writeMedium(plan, desk.signer(), tools)
  return withPar2(desk, (program) => {
    const parity: WritePlan['parity'] = (folder, signal) =>
      makeParity(folder, plan.parts, { percent, largest: target.largest }, { program, signal })
    return writeMedium({ ...plan, parity }, desk.signer(), tools)
  })
}

async function run(context: Context, planning: Planned, job: JobContext): Promise<Result> {
  const { one, plan, drive, register, media: laid } = planning
  const { number, of } = plan
  const desk = writable(context)
  const sleep = context.ports.stayAwake?.()
  job.about(one.id)
  const about = { consignment: one.id, waybill: plan.made.digest, run: plan.run }
  await recordPlan(desk, planning)
  await desk.record(
    'write.started',
    {
      ...about,
      plan: laid.id,
      number,
      of,
      copy: plan.copy,
      folder: plan.folder,
      signatures: digestOf(plan.signatures),
      parts: plan.parts.map(({ name, offset, size }) => ({ name, offset, size })),
      drive: driveName(drive),
      unregistered: register.unregistered,
    },
    { subjects: [plan.made.digest] },
  )
  try {
    const tools = toolsOf(context, job)
    const { medium, parts } = await written(context, planning, tools)
    const facts = { ...about, number, of, copy: plan.copy, folder: plan.folder, medium, parts: [...parts] }
    await desk.record('write.done', facts, { subjects: [plan.made.digest, medium], outcome: 'written' })
    if (drive !== null) watchOf(context).follow(plan.run, drive)
    return {
      id: one.id,
      folder: basename(plan.folder),
      medium: { n: number, of, copy: plan.copy, run: plan.run, digest: medium },
      parts: parts.map(({ name, size, digest }) => ({ name, size, sha256: hexOf(digest) })),
      device: drive?.device ?? null,
    }
  } catch (error) {
    const failure = job.signal.aborted ? new Failure('cancelled', {}, error) : asFailure(error)
    await desk.record('write.failed', { ...about, code: failure.code })
    throw failure
  } finally {
    sleep?.()
  }
}

/** What a writing to this target would do; everything is checked that can be before the first byte. */
async function prepare(context: Context, desk: Desk, input: CallInput<'write.plan'>): Promise<Planned> {
  desk.need('low')
  const one = desk.consignment(input.id)
  checkReady(desk, one)
  const target = await inspectTarget(context.places.path(input.to, 'medium'))
  await checkOutside(desk, target.path)
  const drive = await driveUnder(context, target.path)
  const { partSize = null, mediumSize = null, medium = null, parity = null, anew = false } = input
  const register = checkWritable(desk, drive, one.channel)
  return planned(desk, one, { target, drive, register }, { partSize, mediumSize, medium, parity, anew })
}

const writeSteps = ({ media }: Planned): string[] => [
  'write',
  ...(media.parity === null ? [] : ['parity']),
  'finish',
]

/** `write.start`: a medium of a released consignment. */
export async function start(
  context: Context,
  input: CallInput<'write.start'>,
): Promise<CallOutput<'write.start'>> {
  const prepared = await prepare(context, writable(context), input)
  return { job: context.jobs.start('write', writeSteps(prepared), (job) => run(context, prepared, job)) }
}

/** `write.plan`: what a writing to this target would do. */
export async function plan(
  context: Context,
  input: CallInput<'write.plan'>,
): Promise<CallOutput<'write.plan'>> {
  const prepared = await prepare(context, context.desk(), input)
  const { one, media, beside, plan: writing, target, drive, register } = prepared
  return {
    folder: basename(writing.folder),
    number: writing.number,
    of: writing.of,
    media: mediaSoFar(one, media),
    parity: media.parity,
    copy: writing.copy,
    free: target.free,
    needed: writing.parts.reduce((sum, { size }) => sum + size, beside),
    largest: target.largest,
    drive: driveName(drive),
    register,
    parts: writing.parts.map(({ name, size }) => ({ name, size })),
  }
}

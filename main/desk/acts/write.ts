import { randomUUID } from 'node:crypto'
import { hexOf } from '../../../shared/digest.ts'
import { basename } from 'node:path'
import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import { layoutOf } from '../../bundle/layout.ts'
import type { Part } from '../../bundle/parts.ts'
import type { FoundDrive } from '../../media/drives/found.ts'
import { inspectTarget, type Target } from '../../media/target.ts'
import { planParts, spare, writeMedium, type WritePlan } from '../../media/write.ts'
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
import { checkWritable } from '../judging/registered.ts'
import { checkCurrent } from '../judging/waybill-checks.ts'
import { toolsOf } from '../work/tools.ts'

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
  readonly plan: WritePlan
  /** What the register says of its drive. */
  readonly register: CallOutput<'write.plan'>['register']
}

// A medium that was lost is made again alone: the same parts, the next copy number.
async function planFor(
  desk: Desk,
  one: Consignment,
  target: Target,
  asked: number | null,
  drive: FoundDrive | null,
): Promise<WritePlan> {
  const made = await readWaybill(desk, one)
  const signatures = signaturesOf(desk, one)
  const layout = layoutOf(made.waybill, made.bytes, signatures)
  const planned = await planParts(target, layout, made.digest, asked)
  const before: readonly Part[] | undefined = one.writings.find((writing) => writing.done !== null)?.parts
  const store = await desk.store()
  return {
    made,
    signatures,
    lines: one.approvals.map(({ role, person, fingerprint }) => ({
      role,
      person,
      fingerprint,
      algorithm: desk.state.people.find((other) => other.fingerprint === fingerprint)?.algorithm ?? 'p256',
    })),
    layout,
    parts:
      asked === null && before !== undefined && before.length >= planned.parts.length
        ? before
        : planned.parts,
    run: randomUUID(),
    copy: one.writings.filter((writing) => writing.done !== null).length + 1,
    written: desk.now(),
    folder: planned.folder,
    drive,
    blob: (digest) => store.path(digest),
  }
}

async function run(
  context: Context,
  { one, plan, drive, register }: Planned,
  job: JobContext,
): Promise<Result> {
  const desk = writable(context)
  const sleep = context.ports.stayAwake?.()
  job.about(one.id)
  const about = { consignment: one.id, waybill: plan.made.digest, run: plan.run }
  await desk.record(
    'write.started',
    {
      ...about,
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
    const { medium, parts } = await writeMedium(plan, desk.signer(), tools)
    const facts = { ...about, copy: plan.copy, folder: plan.folder, medium, parts: [...parts] }
    await desk.record('write.done', facts, { subjects: [plan.made.digest, medium], outcome: 'written' })
    if (drive !== null) watchOf(context).follow(plan.run, drive)
    return {
      id: one.id,
      folder: basename(plan.folder),
      medium: { n: 1, of: 1, copy: plan.copy, run: plan.run, digest: medium },
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
  const register = checkWritable(desk, drive)
  return {
    one,
    target,
    drive,
    register,
    plan: await planFor(desk, one, target, input.partSize ?? null, drive),
  }
}

/** `write.start`: a medium of a released consignment. */
export async function start(
  context: Context,
  input: CallInput<'write.start'>,
): Promise<CallOutput<'write.start'>> {
  const planned = await prepare(context, writable(context), input)
  return { job: context.jobs.start('write', ['write', 'finish'], (job) => run(context, planned, job)) }
}

/** `write.plan`: what a writing to this target would do. */
export async function plan(
  context: Context,
  input: CallInput<'write.plan'>,
): Promise<CallOutput<'write.plan'>> {
  const { plan: planned, target, drive, register } = await prepare(context, context.desk(), input)
  return {
    folder: basename(planned.folder),
    copy: planned.copy,
    free: target.free,
    needed: planned.layout.size + spare,
    largest: target.largest,
    drive: driveName(drive),
    register,
    parts: planned.parts.map(({ name, size }) => ({ name, size })),
  }
}

import { lstat } from 'node:fs/promises'
import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import type { Digest } from '../../../shared/digest.ts'
import { registryTarget } from '../../../shared/landing.ts'
import type { Item, Waybill } from '../../../shared/waybill.ts'
import { indexBytes } from '../../bundle/index-json.ts'
import { exportDockerArchive } from '../../export/docker-archive.ts'
import { exportFolder } from '../../export/folder.ts'
import { exportLayout } from '../../export/layout.ts'
import { exportSteps, type Exportable, type Exported, type ExportTools } from '../../export/export.ts'
import { exportMedium, type OutOrder } from '../../export/medium.ts'
import { parseNameMap, type NameMap } from '../../export/name-map.ts'
import { exportOciArchive } from '../../export/oci-archive.ts'
import { exportRegistry } from '../../export/registry.ts'
import { lockFor, relocateFile } from '../../export/relocation.ts'
import type { FoundDrive } from '../../media/drives/found.ts'
import { inspectTarget, type Target } from '../../media/target.ts'
import { closureOf } from '../../oci/graph.ts'
import { Incomplete } from '../../oci/read-again.ts'
import { parsePlatform } from '../../oci/platform.ts'
import { spelledHost } from '../../oci/reference.ts'
import { asFailure, Failure } from '../../platform/failure.ts'
import { readCapped, writeRecord } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import type { Blobs } from '../../store/blobs.ts'
import { credentialsFrom, readAccess, type Access } from '../work/access.ts'
import { writable, type Context } from '../work/context.ts'
import type { Desk } from '../desk.ts'
import type { JobContext } from '../work/jobs.ts'
import { readWaybill } from '../disk/waybill.ts'
import { checkWritable } from '../judging/registered.ts'
import { checkStanding } from '../judging/standing.ts'
import type { Consignment } from '../state/consignment.ts'
import type { FactsOf } from '../state/facts.ts'
import { checkOutside } from '../disk/outside.ts'
import { driveName, driveUnder, watchOf } from '../work/drives.ts'
import { networkFor } from '../work/network.ts'
import { checkFits, outFolder, outOrder } from '../work/out-media.ts'
import { sealExported, sealingFor, withSummaries, type Sealed, type Sealing } from '../work/export-seals.ts'
import { toolsOf } from '../work/tools.ts'

type Input = CallInput<'export.start'>
type Result = LongResult<'export.start'>

// What speaks about the bundle (request, assessment, policy) stays here: only what the items need goes out.
async function contentOf(waybill: Waybill, store: Blobs): Promise<Exportable> {
  const omitted = new Set(waybill.blobs.filter((blob) => blob.state === 'omitted').map((blob) => blob.digest))
  const read = (digest: Parameters<Blobs['read']>[0]): Promise<Buffer> =>
    store.read(digest, limits.manifestBytes)
  const closure = await closureOf({ items: waybill.items, omitted, read })
  const [problem] = closure.problems
  if (problem !== undefined) {
    throw new Failure('content-damaged', {
      subject: problem.subject,
      expected: problem.expected,
      found: problem.found,
    })
  }
  const blobs = waybill.blobs.filter((blob) => blob.state === 'carried' && closure.blobs.has(blob.digest))
  return { items: waybill.items, blobs, path: (digest) => store.path(digest) }
}

interface OnDrive {
  readonly drive: FoundDrive | null
  readonly unregistered: boolean
}
const onNone: OnDrive = { drive: null, unregistered: false }

interface Lists {
  readonly lock: string | null
  readonly relocate: string | null
}

interface Prepared {
  readonly desk: Desk
  readonly one: Consignment
  readonly target: Input['target']
  /** The target in words, for the record. */
  readonly said: string
  readonly path: string | null
  /** What is known of the medium that is written to; `null` for anything else. */
  readonly medium: Target | null
  /** The drive that it lies on, where that is known, and what the register says of it. */
  readonly on: OnDrive
  readonly map: NameMap
  /** Where lists of what became of each name go: `lock` in the form that its name asks for, `relocate` as YAML of ours. */
  readonly lists: Lists
  readonly access: Access
  readonly sealing: Sealing
}

/** What was carried, and of a medium which writing it was. */
interface Carried {
  readonly done: Exported
  readonly medium?: FactsOf<'export.done'>['medium']
  readonly sealed?: Sealed
}

async function toMedium(
  context: Context,
  { desk, one, medium, on: { drive }, path }: Prepared,
  form: OutOrder['form'],
  content: Exportable,
  tools: ExportTools,
): Promise<Carried> {
  const { waybill } = one
  if (path === null || medium === null || waybill === null) throw new Failure('place-unknown')
  const order = outOrder(desk, { ...one, waybill }, path, form, drive)
  const index = (items: readonly Item[]): Buffer => indexBytes(items)
  const sleep = context.ports.stayAwake?.()
  try {
    const { done, record } = await exportMedium(content, order, index, tools)
    const { run, copy, folder } = order
    if (drive !== null) watchOf(context).follow(run, drive)
    return { done, medium: { run, copy, folder, record, drive: driveName(drive) } }
  } finally {
    sleep?.()
  }
}

async function contentFor({ desk, one, target, sealing }: Prepared): Promise<Exportable> {
  const content = await contentOf((await readWaybill(desk, one)).waybill, await desk.store())
  return inFolders.has(target.kind) ? withSummaries(desk, one, content, sealing) : content
}

/** Targets in which summaries lie beside the content as files. */
const inFolders: ReadonlySet<Input['target']['kind']> = new Set(['dir', 'oci-layout', 'medium'])

const takesSeals = ({ kind }: Input['target']): boolean => kind === 'registry' || inFolders.has(kind)

/** @param looked the content, where it was looked at before anything was said to have begun */
async function carry(
  context: Context,
  prepared: Prepared,
  job: JobContext,
  looked: Exportable | null,
): Promise<Carried> {
  const { desk, one, target, path, access } = prepared
  const { waybill } = await readWaybill(desk, one)
  const content = looked ?? (await contentFor(prepared))
  const tools = toolsOf(context, job)
  if (target.kind === 'registry') {
    const { gate, rules } = networkFor(context, { hosts: 'any', plainHttp: [], ...access.way })
    const wanted = [{ host: target.host, repository: target.prefix }]
    const credentials = await credentialsFrom(context, access, wanted, job.signal)
    const where = { ...target, map: prepared.map }
    const done = await exportRegistry(content, where, { ...tools, gate, rules, credentials })
    const { signer } = prepared.sealing
    if (signer === null) return { done }
    const at = { host: target.host, access: { gate, rules, credentials, signal: job.signal } }
    const sealed = await sealExported(desk, prepared.one, waybill, at, done.written, signer, tools)
    return { done, sealed }
  }
  if (path === null) throw new Failure('place-unknown')
  const index = (items: readonly Item[]): Buffer => indexBytes(items)
  switch (target.kind) {
    case 'medium':
      return toMedium(context, prepared, target.form, content, tools)
    case 'dir':
      return { done: await exportFolder(content, path, index, tools) }
    case 'oci-layout':
      return { done: await exportLayout(content, path, index(waybill.items), tools) }
    case 'oci-archive':
      return { done: await exportOciArchive(content, path, index(waybill.items), tools) }
    case 'docker-archive': {
      const platform = target.platform === undefined ? null : parsePlatform(target.platform)
      return { done: await exportDockerArchive(content, path, platform, tools) }
    }
  }
}

/** What is told of seals, and of what was found again, where the target is a registry or a folder. */
function toldOf(
  { target, sealing }: Prepared,
  { found }: Exported,
  sealed: Sealed | undefined,
): Pick<Result, 'seals' | 'found'> {
  const seals = takesSeals(target) ? { seals: sealing.state } : {}
  return found === undefined ? seals : { ...seals, found: found + (sealed?.found ?? 0) }
}

/** As many missing things as one event names. */
const missingNamed = 100

function missingIn({ cause }: Failure): { readonly missing?: string[] } {
  if (!(cause instanceof Incomplete)) return {}
  return { missing: cause.missing.slice(0, missingNamed).map(({ sentence }) => sentence.slice(0, 1000)) }
}

async function run(context: Context, prepared: Prepared, job: JobContext): Promise<Result> {
  const { desk, one, said } = prepared
  job.about(one.id)
  if (one.waybill === null) throw new Failure('consignment-state', { found: one.state, expected: 'accepted' })
  const about = { consignment: one.id, waybill: one.waybill, target: said }
  // Before anything is said to have begun: a medium on which it does not fit is as it was.
  const looked = prepared.medium === null ? null : await contentFor(prepared)
  if (looked !== null && prepared.medium !== null) checkFits(looked, prepared.medium)
  const { drive, unregistered } = prepared.on
  const started = { ...about, drive: driveName(drive), unregistered }
  await desk.record('export.started', started, { subjects: [one.waybill] })
  try {
    const { done, medium, sealed } = await carry(context, prepared, job, looked)
    const { written, moved, warned, bytes, blobs, left } = done
    const at = desk.now()
    const told = toldOf(prepared, done, sealed)
    const facts = {
      ...about,
      written,
      ...(moved.length === 0 ? {} : { moved }),
      ...(warned.length === 0 ? {} : { warned: [...warned] }),
      bytes,
      blobs,
      left: [...left],
      ...told,
      ...(medium === undefined ? {} : { medium }),
    }
    const { lock, relocate } = prepared.lists
    const relocated = { consignment: one.id, waybill: one.waybill, at }
    if (lock !== null) await writeRecord(lock, lockFor(lock, relocated, done), 0o644)
    if (relocate !== null) await writeRecord(relocate, relocateFile(relocated, done), 0o644)
    await desk.record('export.done', facts, { subjects: [one.waybill], outcome: 'exported' })
    if (sealed !== undefined) {
      const { by, seals, count, keys } = sealed
      const sealing = { ...about, by, seals, count, keys }
      await desk.record('landing.sealed', sealing, { subjects: [one.waybill], outcome: 'sealed' })
    }
    return {
      id: one.id,
      at,
      target: said,
      written,
      moved,
      warned: [...warned],
      bytes,
      blobs,
      left: [...left],
      ...told,
    }
  } catch (error) {
    const failure = job.signal.aborted ? new Failure('cancelled', {}, error) : asFailure(error)
    await desk.record('export.failed', { ...about, code: failure.code, ...missingIn(failure) })
    throw failure
  }
}

function checkHost(host: string): void {
  try {
    spelledHost(host)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const { found = '', expected = '' } = error.facts
    throw new Failure('export-target', { path: `registry:${host}`, found, expected }, error)
  }
}

async function prepareTarget(
  context: Context,
  desk: Desk,
  target: Input['target'],
  { waybill, channel }: Pick<Consignment, 'channel'> & { readonly waybill: Digest },
): Promise<Pick<Prepared, 'said' | 'path' | 'medium' | 'on'>> {
  if (target.kind === 'registry') {
    checkHost(target.host)
    const known = desk.state.policy.document.exportRegistries.some((one) => one.host === target.host)
    if (!known) {
      const expected = desk.state.policy.document.exportRegistries.map((one) => one.host).join(', ')
      throw new Failure('network-refused', { host: target.host, expected: expected || 'no registry at all' })
    }
    return {
      said: registryTarget(target),
      path: null,
      medium: null,
      on: onNone,
    }
  }
  if (target.kind === 'medium') {
    const medium = await inspectTarget(context.places.path(target.place, 'medium'))
    await checkOutside(desk, medium.path)
    const drive = await driveUnder(context, medium.path)
    const { unregistered } = checkWritable(desk, drive, channel)
    const path = await outFolder(medium, waybill)
    return { said: `medium:${path}`, path, medium, on: { drive, unregistered } }
  }
  const path = context.places.path(target.place, 'export')
  await checkOutside(desk, path)
  return { said: `${target.kind}:${path}`, path, medium: null, on: onNone }
}

/** A place for a list, where nothing may lie yet; `null`: none is wanted. @throws Failure `file-exists` */
async function listPlace(context: Context, desk: Desk, place: string | undefined): Promise<string | null> {
  if (place === undefined) return null
  const path = context.places.path(place, 'lock')
  await checkOutside(desk, path)
  if ((await lstat(path).catch(() => null)) !== null) throw new Failure('file-exists', { path })
  return path
}

/** The map of names, read now, and the places of the lists. */
async function prepareNames(
  context: Context,
  desk: Desk,
  target: Input['target'],
): Promise<Pick<Prepared, 'map' | 'lists'>> {
  if (target.kind !== 'registry') return { map: [], lists: { lock: null, relocate: null } }
  const map =
    target.map === undefined
      ? []
      : parseNameMap(await readCapped(context.places.path(target.map, 'map'), limits.policyBytes))
  const lock = await listPlace(context, desk, target.lock)
  const relocate = await listPlace(context, desk, target.relocate)
  if (lock !== null && lock === relocate) throw new Failure('file-exists', { path: lock })
  return { map, lists: { lock, relocate } }
}

/**
 * `export.start`: accepted content only. The ledger must hold the acceptance of exactly this waybill, and what was
 * judged then must still hold (but for the order, which the acceptance has settled).
 */
export async function start(context: Context, input: Input): Promise<CallOutput<'export.start'>> {
  const desk = writable(context)
  desk.need('high')
  const one = desk.consignment(input.id)
  const verdict = await desk.verdict(one)
  const { waybill } = one
  if (waybill === null || one.decided !== 'accept' || !one.moved || one.closed !== null || verdict === null) {
    throw new Failure('consignment-state', { found: one.state, expected: 'accepted' })
  }
  const ready = await prepareTarget(context, desk, input.target, { ...one, waybill })
  const { map, lists } = await prepareNames(context, desk, input.target)
  const access = await readAccess(context, input)
  await checkStanding(desk, one, verdict, false)
  if (input.resume === true && !one.unfinished.some(({ target }) => target === ready.said))
    throw new Failure('resume-none', { found: ready.said })
  // An archive takes no seal and no summary: it needs no key.
  const wanted = (input.seal ?? true) && takesSeals(input.target)
  const sealing = await sealingFor(desk, wanted, input.passphrase)
  const prepared = { desk, one, target: input.target, ...ready, map, lists, access, sealing }
  return {
    job: context.jobs.start('export', exportSteps[input.target.kind], (job) => run(context, prepared, job)),
  }
}

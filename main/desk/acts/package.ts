import { lstat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import { hexOf } from '../../../shared/digest.ts'
import { readBody } from '../../oci/body.ts'
import { timeOf } from '../../platform/clock.ts'
import { causeOf, Failure } from '../../platform/failure.ts'
import { readCapped, writeRecord } from '../../platform/files.ts'
import { digestOf, sha256Hex } from '../../platform/hash.ts'
import { limits } from '../../platform/limits.ts'
import { drain } from '../../platform/network.ts'
import { Refusal } from '../../sigstore/refusal.ts'
import { checkTimestamp } from '../../sigstore/time/timestamp.ts'
import { readTrustedRoot } from '../../sigstore/trusted-root.ts'
import { collectPackage, type Repository } from '../../trust/collect-package.ts'
import { packageBytes, provePackage, readPackage, type Proven } from '../../trust/package.ts'
import { contentOfRoot, RootError } from '../../trust/root.ts'
import { TufError } from '../../trust/tuf.ts'
import { readWay, type Way } from '../work/access.ts'
import { writable, type Context } from '../work/context.ts'
import type { JobContext } from '../work/jobs.ts'
import { networkFor } from '../work/network.ts'
import type { Desk } from '../desk.ts'
import type { InstalledRoot, Tuf } from '../state/entries.ts'
import { rootView } from '../views/trust.ts'
import { checkName, checkTyped } from './input.ts'
import { makeChange } from './make-change.ts'

const day = 24 * 60 * 60 * 1000

function refusal(error: unknown): unknown {
  if (error instanceof TufError || error instanceof RootError) {
    return new Failure('package-refused', { found: error.message }, error)
  }
  if (error instanceof Refusal) return new Failure('package-refused', { found: error.message }, error)
  return error
}

// Only names that metadata gave in a fixed form come here: version numbers and hex digits.
function folderRepository(folder: string): Repository {
  return async (name) => {
    for (const path of [join(folder, name), join(folder, 'metadata', name)]) {
      if ((await lstat(path).catch(() => null)) !== null) return readCapped(path, limits.tufFileBytes)
    }
    return null
  }
}

function webRepository(context: Context, text: string, way: Way, signal: AbortSignal): Repository {
  let base: URL
  try {
    base = new URL(text.endsWith('/') ? text : `${text}/`)
  } catch (error) {
    throw new Failure('bad-input', { found: causeOf(error), expected: 'the address of a TUF repository' })
  }
  const loopback = base.hostname === '127.0.0.1' || base.hostname === 'localhost'
  const plainHttp = base.protocol === 'http:' && loopback ? [base.host] : []
  const rules = { hosts: [{ host: base.host, plainHttp: plainHttp.length > 0 }], plainHttp, ...way }
  const { gate } = networkFor(context, rules)
  return async (name) => {
    const url = new URL(name, base)
    const answer = await gate.request(url, { method: 'GET', signal })
    if (answer.status === 200) return readBody(answer.body, limits.tufFileBytes, url.host, name)
    drain(answer.body)
    if (answer.status === 404 || answer.status === 403) return null
    throw new Failure('registry-unreachable', { host: url.host, found: `status ${answer.status}` })
  }
}

async function collect(
  context: Context,
  input: CallInput<'package.make'>,
  job: JobContext,
): Promise<LongResult<'package.make'>> {
  const path = context.places.path(input.to, 'package')
  const first = await readCapped(context.places.path(input.root, 'trusted-root'), limits.tufFileBytes)
  const repository =
    'url' in input.from
      ? webRepository(context, input.from.url, await readWay(context, input), job.signal)
      : folderRepository(context.places.path(input.from.folder, 'folder'))
  try {
    const at = context.desk().now()
    const parts = await collectPackage(repository, first, at)
    const anchor = sha256Hex(first)
    const { versions } = provePackage(parts, { at, known: null, anchor })
    contentOfRoot(parts.content)
    const bytes = packageBytes(parts)
    if (job.signal.aborted) throw new Failure('cancelled')
    await writeRecord(path, bytes, 0o644)
    return {
      file: basename(path),
      digest: digestOf(bytes),
      anchor,
      root: digestOf(parts.content),
      versions,
      at,
    }
  } catch (error) {
    throw refusal(error)
  }
}

/** `package.make`: on the low side, into a file that does not exist yet. */
export async function make(
  context: Context,
  input: CallInput<'package.make'>,
): Promise<CallOutput<'package.make'>> {
  context.desk().need('low')
  const path = context.places.path(input.to, 'package')
  if ((await lstat(path).catch(() => null)) !== null) throw new Failure('file-exists', { path })
  return { job: context.jobs.start('package', ['collect'], (job) => collect(context, input, job)) }
}

type Ask = CallInput<'package.check'>

type Reference = Tuf['reference']

// Whoever states it: an old time would make old metadata fresh again, and hold the desk at it (a freeze, TUF 5.4.4).
// What an authority proves may lie after this desk's clock; what people state may not, by more than a day.
function checkReference(desk: Desk, last: Tuf | undefined, { at, by }: Reference): void {
  const latest = by === 'timestamp' ? null : timeOf(new Date(desk.clock.now().getTime() + day))
  const floor = [desk.state.floor, last?.reference.at ?? null].reduce((one, other) =>
    other !== null && (one === null || other > one) ? other : one,
  )
  if ((latest === null || at <= latest) && (floor === null || at >= floor)) return
  const bounds = [
    ...(floor === null ? [] : [`not before ${floor}, which is proven or attested here`]),
    ...(latest === null ? [] : [`not after ${latest}`]),
  ]
  throw new Failure('reference-time', { found: at, expected: bounds.join(', and ') })
}

/** The time at which a package is judged: as officers state it, or as an authority that is trusted here proves. */
async function referenceOf(
  context: Context,
  desk: Desk,
  bytes: Buffer,
  { reference }: Ask,
): Promise<Reference> {
  if ('timestamp' in reference) {
    const response = await readCapped(
      context.places.path(reference.timestamp, 'package'),
      limits.tufFileBytes,
    )
    const authorities = desk
      .trustedRoots()
      .flatMap((root) => readTrustedRoot(root.bytes).timestampAuthorities)
    const proven = checkTimestamp(response, bytes, authorities)
    if (proven === null) {
      throw new Failure('reference-time', {
        found: 'of an unknown authority',
        expected: 'one in a trusted root here',
      })
    }
    return { at: timeOf(new Date(proven.time)), by: 'timestamp' }
  }
  return { at: reference.at, by: 'officers' }
}

async function proven(
  context: Context,
  desk: Desk,
  input: Ask,
): Promise<{ readonly proof: Proven; readonly root: InstalledRoot; readonly at: string }> {
  const { name } = input
  checkName('the name', name)
  const bytes = await readCapped(context.places.path(input.place, 'package'), limits.packageBytes)
  const last = desk.state.packages.get(name)
  const known = last === undefined ? null : { root: Buffer.from(last.root, 'utf8'), versions: last.versions }
  try {
    const parts = readPackage(bytes)
    const anchor = known === null ? sha256Hex(parts.roots[0] ?? Buffer.alloc(0)) : null
    if (anchor !== null) checkTyped(input.fingerprint ?? '', anchor)
    const reference = await referenceOf(context, desk, bytes, input)
    checkReference(desk, last, reference)
    const proof = provePackage(parts, { at: reference.at, known, anchor })
    contentOfRoot(proof.content)
    const digest = digestOf(bytes)
    const source = proof.content.toString('utf8')
    const tuf = { root: proof.root.toString('utf8'), versions: proof.versions, package: digest, reference }
    const origin = `trust package ${hexOf(digest)}`
    const root = { name, digest: digestOf(proof.content), source, origin, tuf }
    return { proof, root, at: reference.at }
  } catch (error) {
    throw refusal(error)
  }
}

/** `package.check`. */
export async function check(
  context: Context,
  input: CallInput<'package.check'>,
): Promise<CallOutput<'package.check'>> {
  const { proof, root, at } = await proven(context, context.desk(), input)
  return { digest: root.tuf?.package ?? root.digest, root: root.digest, versions: proof.versions, at }
}

/** `package.add`: the officers who sign the change attest its reference time with it. */
export async function add(
  context: Context,
  input: CallInput<'package.add'>,
): Promise<CallOutput<'package.add'>> {
  const desk = writable(context)
  const { root } = await proven(context, desk, input)
  const { pending } = await makeChange(context, { kind: 'root.add', root }, input.officer)
  const installed = desk.state.roots.find((one) => one.digest === root.digest)
  return { ...rootView(installed ?? { ...root, at: null, by: [] }), pending }
}

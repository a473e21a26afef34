import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Looked } from '../../../shared/look.ts'
import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import { survey } from '../../evidence/survey.ts'
import type { LookInput } from '../../look/look-task.ts'
import { looseTrust, type PlainTrust } from '../../look/plain-trust.ts'
import { lookedAt } from '../../look/registry.ts'
import { parseReference } from '../../oci/reference.ts'
import { carriedFile } from '../disk/carried-file.ts'
import { isKeyring, readKeyring } from '../../look/keyrings.ts'
import { readCapped } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { publicGoodRoot } from '../../trust/public-good.ts'
import { namedKeys, trustFrom, verifierKey } from '../judging/evidence-trust.ts'
import { foundOf, groundOf, openAsked } from '../work/asked.ts'
import type { Context } from '../work/context.ts'
import type { JobContext } from '../work/jobs.ts'

type Input = CallInput<'look.start'>

type Local = Exclude<Input['what'], { reference: string }>

/** Where it lies, and what it is called. @throws Failure `look-not-yet`, `look-no-file` */
async function placeOf(
  context: Context,
  what: Local,
): Promise<{ readonly path: string; readonly name: string }> {
  if ('consignment' in what) return carriedFile(context.desk(), what.consignment, what.item)
  const path =
    'file' in what ? context.places.path(what.file, 'look') : context.places.path(what.folder, 'look-folder')
  return { path, name: basename(path) }
}

async function inRegistry(
  context: Context,
  input: Input,
  reference: string,
  job: JobContext,
): Promise<LongResult<'look.start'>> {
  const source = await openAsked(context, { ...input, image: reference }, job.signal)
  const { keys, roots } = input
  const trust = (await looseTrust(await plainTrust(context, { roots, keys }))).evidence
  job.step('resolve')
  const root = foundOf(await source.resolve())
  job.step('evidence')
  const found = await survey(root, groundOf(source, job.signal), trust)
  return lookedAt(reference, root, found, keys.length + roots.length > 0)
}

/** By whom to judge: what the caller names; else the desk's own, and without a desk the public root. */
async function plainTrust(
  context: Context,
  { keys, roots }: Pick<Input, 'keys' | 'roots'>,
): Promise<PlainTrust> {
  const read = (place: string, purpose: 'key' | 'trusted-root', most: number): Promise<Buffer> =>
    readCapped(context.places.path(place, purpose), most)
  const named = await Promise.all(keys.map((place) => read(place, 'key', limits.keyringBytes)))
  const given = await Promise.all(roots.map((place) => read(place, 'trusted-root', limits.trustedRootBytes)))
  // What cannot be read is said here, where it has a name.
  for (const [at, bytes] of named.entries()) {
    if (isKeyring(bytes)) await readKeyring(bytes)
    else await verifierKey(context, keys[at] ?? '')
  }
  const own = await trustFrom(context, { keys: [], roots })
  const desk = context.opened === null ? null : context.desk()
  const usual =
    desk === null ? [Buffer.from(publicGoodRoot, 'utf8')] : desk.trustedRoots().map(({ bytes }) => bytes)
  const pems = desk === null ? [] : namedKeys(desk.state).map(({ key }) => Buffer.from(key, 'utf8'))
  return {
    roots: given.length > 0 ? given : usual,
    keys: [...named, ...pems],
    demands: own.demands ?? [],
    named: keys.length + roots.length > 0,
    now: context.ports.clock.now().toISOString(),
  }
}

async function run(context: Context, input: Input, job: JobContext): Promise<LongResult<'look.start'>> {
  const { what, keys, roots } = input
  if ('reference' in what) return inRegistry(context, input, what.reference, job)
  const { path, name } = await placeOf(context, what)
  if ('consignment' in what) job.about(what.consignment)
  const trust = await plainTrust(context, { roots, keys })
  // How much there is of a folder is known once it was gone through.
  const found = await stat(path).catch(() => null)
  job.step('through', found?.isFile() === true ? found.size : undefined)
  const task: LookInput = { path, name, trust }
  const options = { signal: job.signal, advance: (bytes: number) => job.advance(bytes) }
  return context.pool().run<Looked>('look', task, options)
}

/** `look.start`: what is in something that others packed, and what it proves. Needs no desk and keeps nothing. */
export async function start(context: Context, input: Input): Promise<CallOutput<'look.start'>> {
  const { what } = input
  const steps = 'reference' in what ? ['resolve', 'evidence'] : ['through']
  if ('reference' in what) {
    parseReference(what.reference)
    // A high desk speaks to nobody but its export registries, and never to ask what to believe.
    if (context.opened !== null) context.desk().need('low')
  }
  return { job: context.jobs.start('look', steps, (job) => run(context, input, job)) }
}

import { basename } from 'node:path'
import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import { survey } from '../../evidence/survey.ts'
import { look, wholeOf } from '../../look/look.ts'
import { openThing } from '../../look/open.ts'
import { lookedAt } from '../../look/registry.ts'
import { parseReference } from '../../oci/reference.ts'
import { carriedFile } from '../disk/carried-file.ts'
import type { Keyring, LookTrust } from '../../look/look-trust.ts'
import { isKeyring, readKeyring } from '../../look/keyrings.ts'
import { readCapped } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { trustFrom } from '../judging/evidence-trust.ts'
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
  const { evidence: trust } = await lookTrust(context, { roots, keys })
  job.step('resolve')
  const root = foundOf(await source.resolve())
  job.step('evidence')
  const found = await survey(root, groundOf(source, job.signal), trust)
  return lookedAt(reference, root, found, keys.length + roots.length > 0)
}

/** By whom to judge: keys and roots as everywhere, and keyrings of OpenPGP, told by what they begin with. */
async function lookTrust(
  context: Context,
  { keys, roots }: Pick<Input, 'keys' | 'roots'>,
): Promise<LookTrust> {
  const keyrings: Keyring[] = []
  const others: string[] = []
  for (const place of keys) {
    const bytes = await readCapped(context.places.path(place, 'key'), limits.keyringBytes)
    if (isKeyring(bytes)) keyrings.push(await readKeyring(bytes))
    else others.push(place)
  }
  const evidence = await trustFrom(context, { roots, keys: others })
  const named = keys.length + roots.length > 0
  return { evidence, keyrings, named, now: context.ports.clock.now() }
}

async function run(context: Context, input: Input, job: JobContext): Promise<LongResult<'look.start'>> {
  const { what, keys, roots } = input
  if ('reference' in what) return inRegistry(context, input, what.reference, job)
  const { path, name } = await placeOf(context, what)
  const trust = await lookTrust(context, { roots, keys })
  job.step('through')
  const reading = { signal: job.signal, advance: (bytes: number) => job.advance(bytes) }
  return look(path, () => openThing(path, reading, name), wholeOf, trust)
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

import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import type { Digest } from '../../../shared/digest.ts'
import { survey } from '../../evidence/survey.ts'
import { looseTrust } from '../../look/plain-trust.ts'
import { lookedAt } from '../../look/registry.ts'
import { parseReference } from '../../oci/reference.ts'
import { carriedFile, checkStored, type CarriedFile } from '../disk/carried-file.ts'
import { lookOn, plainTrust } from '../judging/looking.ts'
import { foundOf, groundOf, openAsked } from '../work/asked.ts'
import type { Context } from '../work/context.ts'
import type { JobContext } from '../work/jobs.ts'

type Input = CallInput<'look.start'>

type Local = Exclude<Input['what'], { reference: string }>

/** Where it lies, what it is called, and of what is kept here what it must be. @throws Failure `look-not-yet`, `look-no-file` */
async function placeOf(
  context: Context,
  what: Local,
): Promise<Pick<CarriedFile, 'path' | 'name'> & { readonly digest: Digest | null }> {
  if ('consignment' in what) return carriedFile(context.desk(), what.consignment, what.item)
  const path =
    'file' in what ? context.places.path(what.file, 'look') : context.places.path(what.folder, 'look-folder')
  return { path, name: basename(path), digest: null }
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

async function run(context: Context, input: Input, job: JobContext): Promise<LongResult<'look.start'>> {
  const { what, keys, roots } = input
  if ('reference' in what) return inRegistry(context, input, what.reference, job)
  const { path, name, digest } = await placeOf(context, what)
  if ('consignment' in what) job.about(what.consignment)
  const trust = await plainTrust(context, { roots, keys })
  // How much there is of a folder is known once it was gone through.
  const found = await stat(path).catch(() => null)
  job.step('through', found?.isFile() === true ? found.size : undefined)
  const options = { signal: job.signal, advance: (bytes: number) => job.advance(bytes) }
  const looked = await lookOn(context, { path, name, trust }, options)
  if (digest !== null) await checkStored(path, looked.digest, digest)
  return looked
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

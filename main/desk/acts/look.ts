import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import type { BlobReader } from '../../evidence/piece.ts'
import { look } from '../../look/look.ts'
import { openThing } from '../../look/open.ts'
import { Failure } from '../../platform/failure.ts'
import { readThrough } from '../../platform/files.ts'
import { trustFrom } from '../judging/evidence-trust.ts'
import type { Context } from '../work/context.ts'
import type { JobContext } from '../work/jobs.ts'

type Input = CallInput<'look.start'>

/** The bytes of the file itself, for signatures that are over more than its digest. */
function wholeOf(path: string, signal: AbortSignal): BlobReader {
  return {
    read: () => Promise.reject(new Failure('internal', { found: 'a whole file in memory' })),
    lend: (_, __, use) => use((take) => readThrough(path, take, signal)),
  }
}

async function run(context: Context, input: Input, job: JobContext): Promise<LongResult<'look.start'>> {
  const { what, keys, roots } = input
  if ('reference' in what) throw new Failure('not-here')
  const path =
    'file' in what ? context.places.path(what.file, 'look') : context.places.path(what.folder, 'look-folder')
  const trust = { evidence: await trustFrom(context, { roots, keys }), named: keys.length + roots.length > 0 }
  job.step('through')
  const reading = { signal: job.signal, advance: (bytes: number) => job.advance(bytes) }
  return look(
    path,
    () => openThing(path, reading),
    () => wholeOf(path, job.signal),
    trust,
  )
}

/** `look.start`: what is in something that others packed, and what it proves. Needs no desk and keeps nothing. */
export function start(context: Context, input: Input): Promise<CallOutput<'look.start'>> {
  return Promise.resolve({
    job: context.jobs.start('look', ['through'], (job) => run(context, input, job)),
  })
}

import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import type { Tree } from '../../archive/tree.ts'
import type { BlobReader } from '../../evidence/piece.ts'
import type { Keyring, LookTrust } from '../../look/look-trust.ts'
import { isKeyring, readKeyring } from '../../look/keyrings.ts'
import { look } from '../../look/look.ts'
import { openThing } from '../../look/open.ts'
import { Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { trustFrom } from '../judging/evidence-trust.ts'
import type { Context } from '../work/context.ts'
import type { JobContext } from '../work/jobs.ts'

type Input = CallInput<'look.start'>

/** The bytes of the thing itself, for signatures that are over more than its digest. */
function wholeOf(tree: Tree): BlobReader {
  return {
    read: () => Promise.reject(new Failure('internal', { found: 'a whole file in memory' })),
    lend: (_, __, use) =>
      use(async (take) => {
        for await (const piece of tree.whole()) take(piece)
      }),
  }
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
  if ('reference' in what) throw new Failure('not-here')
  const path =
    'file' in what ? context.places.path(what.file, 'look') : context.places.path(what.folder, 'look-folder')
  const trust = await lookTrust(context, { roots, keys })
  job.step('through')
  const reading = { signal: job.signal, advance: (bytes: number) => job.advance(bytes) }
  return look(path, () => openThing(path, reading), wholeOf, trust)
}

/** `look.start`: what is in something that others packed, and what it proves. Needs no desk and keeps nothing. */
export function start(context: Context, input: Input): Promise<CallOutput<'look.start'>> {
  return Promise.resolve({
    job: context.jobs.start('look', ['through'], (job) => run(context, input, job)),
  })
}

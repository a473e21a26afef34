import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import { survey } from '../../evidence/survey.ts'
import { parseReference, parseRepository } from '../../oci/reference.ts'
import { trustFrom } from '../judging/evidence-trust.ts'
import { foundOf, groundOf, openAsked } from '../work/asked.ts'
import type { Context } from '../work/context.ts'
import type { JobContext } from '../work/jobs.ts'

type Input = CallInput<'evidence.show'>

async function run(context: Context, input: Input, job: JobContext): Promise<LongResult<'evidence.show'>> {
  const source = await openAsked(context, input, job.signal)
  const trust = await trustFrom(context, input)
  job.step('resolve')
  const root = await source.resolve()
  job.step('evidence')
  const { assessed, ...rest } = await survey(foundOf(root), groundOf(source, job.signal), trust)
  const reference = typeof input.image === 'string' ? input.image : `${source.from}${input.image.name}`
  return { reference, digest: root.digest, pieces: assessed.map(({ view }) => view), ...rest }
}

/** `evidence.show`: what speaks for an image in a registry or layout, and what each piece proves here. */
export async function show(context: Context, input: Input): Promise<CallOutput<'evidence.show'>> {
  if (input.signatures !== undefined) parseRepository(input.signatures)
  if (typeof input.image === 'string' || input.signatures !== undefined) {
    if (typeof input.image === 'string') parseReference(input.image)
    // A high desk speaks to nobody but its export registries, and never to ask what to believe.
    if (context.opened !== null) context.desk().need('low')
  }
  return {
    job: context.jobs.start('evidence', ['resolve', 'evidence'], (job) => run(context, input, job)),
  }
}

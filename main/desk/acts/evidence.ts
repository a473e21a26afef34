import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import type { Digest } from '../../../shared/digest.ts'
import { survey, type Found, type Ground } from '../../evidence/survey.ts'
import { openLayout } from '../../oci/layout.ts'
import { parseLayoutReference, parseReference } from '../../oci/reference.ts'
import { Registry } from '../../oci/registry.ts'
import { isLoopback } from '../../platform/hop.ts'
import { Failure } from '../../platform/failure.ts'
import { realPath } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { SharedLayout } from '../../source/layout-evidence.ts'
import { layoutSource } from '../../source/layout-source.ts'
import { registrySource } from '../../source/registry-source.ts'
import type { Named, ReadManifest, Source } from '../../source/source.ts'
import { credentialsFrom, readAccess } from '../work/access.ts'
import type { Context } from '../work/context.ts'
import type { JobContext } from '../work/jobs.ts'
import { networkFor } from '../work/network.ts'
import { trustFrom } from '../judging/evidence-trust.ts'

type Input = CallInput<'evidence.show'>

async function openSource(context: Context, input: Input, signal: AbortSignal): Promise<Source> {
  if (typeof input.image !== 'string') {
    const path = await realPath(context.places.path(input.image.layout, 'layout'))
    const layout = new SharedLayout(await openLayout(path, path))
    const text = `oci:./layout${input.image.name}`
    return layoutSource(layout, { ...parseLayoutReference(text), path }, `${path}${input.image.name}`)
  }
  const reference = parseReference(input.image)
  const access = await readAccess(context, input)
  const { gate, rules } = networkFor(context, {
    hosts: 'any',
    plainHttp: input.plainHttp && isLoopback(reference.host) ? [reference.host] : [],
    ...access.way,
  })
  const credentials = await credentialsFrom(context, access, [reference], signal)
  return registrySource(new Registry(reference.host, { gate, rules, credentials, signal }), reference)
}

const foundOf = (read: ReadManifest): Found => ({ ...read, size: read.bytes.length })

function groundOf(source: Source, signal: AbortSignal): Ground {
  const sizes = new Map<Digest, number>()
  const keep = (found: Found): Found => {
    if (found.manifest.kind === 'manifest')
      for (const layer of found.manifest.layers) sizes.set(layer.digest, layer.size)
    return found
  }
  // A layout asks nobody, so nothing else ends the reading of a large one.
  const goOn = (): void => {
    if (signal.aborted) throw new Failure('cancelled')
  }
  return {
    manifest: async (named: Named) => {
      goOn()
      return keep(foundOf(await source.manifest(named)))
    },
    evidence: async (subject) => {
      goOn()
      const answer = await source.evidence(subject)
      return {
        evidence: answer.evidence.map(foundOf).map(keep),
        findings: answer.findings.map(({ detail }) => detail),
      }
    },
    read: async (digest, size) => {
      goOn()
      return source.blob(digest, Math.min(size, limits.sigstoreBundleBytes))
    },
  }
}

async function run(context: Context, input: Input, job: JobContext): Promise<LongResult<'evidence.show'>> {
  const source = await openSource(context, input, job.signal)
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
  if (typeof input.image === 'string') {
    parseReference(input.image)
    // A high desk speaks to nobody but its export registries, and never to ask what to believe.
    if (context.opened !== null) context.desk().need('low')
  }
  return {
    job: context.jobs.start('evidence', ['resolve', 'evidence'], (job) => run(context, input, job)),
  }
}

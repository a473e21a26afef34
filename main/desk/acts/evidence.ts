import type { CallInput, CallOutput, LongResult } from '../../../shared/contract.ts'
import type { Digest } from '../../../shared/digest.ts'
import { survey, type Found, type Ground } from '../../evidence/survey.ts'
import { openLayout } from '../../oci/layout.ts'
import {
  parseLayoutReference,
  parseReference,
  parseRepository,
  type RegistryReference,
} from '../../oci/reference.ts'
import { Registry } from '../../oci/registry.ts'
import { isLoopback } from '../../platform/hop.ts'
import { Failure } from '../../platform/failure.ts'
import { realPath } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { SharedLayout } from '../../source/layout-evidence.ts'
import { layoutSource } from '../../source/layout-source.ts'
import { registrySource } from '../../source/registry-source.ts'
import type { Named, ReadManifest, Source } from '../../source/source.ts'
import { withSignatures } from '../../source/with-signatures.ts'
import { credentialsFrom, readAccess } from '../work/access.ts'
import type { Context } from '../work/context.ts'
import type { JobContext } from '../work/jobs.ts'
import { networkFor } from '../work/network.ts'
import { trustFrom } from '../judging/evidence-trust.ts'

type Input = CallInput<'evidence.show'>

async function inLayout(context: Context, layout: string, name: string): Promise<Source> {
  const path = await realPath(context.places.path(layout, 'layout'))
  const opened = new SharedLayout(await openLayout(path, path))
  return layoutSource(opened, { ...parseLayoutReference(`oci:./layout${name}`), path }, `${path}${name}`)
}

/** Repositories of registries, opened with what the act was given. */
async function registriesOf(
  context: Context,
  input: Input,
  asked: readonly RegistryReference[],
  signal: AbortSignal,
): Promise<(one: RegistryReference) => Source> {
  const plainHttp = input.plainHttp ? asked.map(({ host }) => host).filter(isLoopback) : []
  const access = await readAccess(context, input)
  const { gate, rules } = networkFor(context, { hosts: 'any', plainHttp, ...access.way })
  const credentials = await credentialsFrom(context, access, asked, signal)
  return (one) => registrySource(new Registry(one.host, { gate, rules, credentials, signal }), one)
}

async function openSource(context: Context, input: Input, signal: AbortSignal): Promise<Source> {
  const { image, signatures } = input
  const item =
    typeof image === 'string' ? parseReference(image) : await inLayout(context, image.layout, image.name)
  const beside = signatures === undefined ? [] : [{ ...parseRepository(signatures), tag: null, digest: null }]
  const asked = 'repository' in item ? [item, ...beside] : beside
  // A layout alone asks nobody.
  const open = asked.length === 0 ? null : await registriesOf(context, input, asked, signal)
  const own = 'repository' in item ? open?.(item) : item
  const [other] = beside
  if (own === undefined) throw new Failure('internal', { found: 'a registry that was not opened' })
  return other === undefined || open === null ? own : withSignatures(own, open(other))
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
    blobs: {
      read: async (digest, size) => {
        goOn()
        return source.blob(digest, Math.min(size, limits.sigstoreBundleBytes))
      },
      lend: async (digest, size, use) => {
        goOn()
        return source.lend(digest, size, (through) =>
          use((take) =>
            through((piece) => {
              goOn()
              take(piece)
            }),
          ),
        )
      },
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

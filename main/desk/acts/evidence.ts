import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import type { Digest } from '../../../shared/digest.ts'
import { survey, type Found, type Ground } from '../../evidence/survey.ts'
import { openLayout } from '../../oci/layout.ts'
import { parseLayoutReference, parseReference } from '../../oci/reference.ts'
import { Registry } from '../../oci/registry.ts'
import { isLoopback } from '../../platform/hop.ts'
import { realPath } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { SharedLayout } from '../../source/layout-evidence.ts'
import { layoutSource } from '../../source/layout-source.ts'
import { registrySource } from '../../source/registry-source.ts'
import type { Named, ReadManifest, Source } from '../../source/source.ts'
import { readAccess } from '../work/access.ts'
import type { Context } from '../work/context.ts'
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
  // A high desk speaks to nobody but its export registries, and never to ask what to believe.
  if (context.opened !== null) context.desk().need('low')
  const reference = parseReference(input.image)
  const access = await readAccess(context, input)
  const { gate, rules } = networkFor(context, {
    hosts: 'any',
    plainHttp: input.plainHttp && isLoopback(reference.host) ? [reference.host] : [],
    ca: access.ca,
  })
  return registrySource(
    new Registry(reference.host, { gate, rules, credentials: access.credentials, signal }),
    reference,
  )
}

const foundOf = (read: ReadManifest): Found => ({ ...read, size: read.bytes.length })

function groundOf(source: Source): Ground {
  const sizes = new Map<Digest, number>()
  const keep = (found: Found): Found => {
    if (found.manifest.kind === 'manifest')
      for (const layer of found.manifest.layers) sizes.set(layer.digest, layer.size)
    return found
  }
  return {
    manifest: async (named: Named) => keep(foundOf(await source.manifest(named))),
    evidence: async (subject) => {
      const answer = await source.evidence(subject)
      return {
        evidence: answer.evidence.map(foundOf).map(keep),
        findings: answer.findings.map(({ detail }) => detail),
      }
    },
    read: (digest, size) => source.blob(digest, Math.min(size, limits.sigstoreBundleBytes)),
  }
}

/** `evidence.show`: what speaks for an image in a registry or layout, and what each piece proves here. */
export async function show(context: Context, input: Input): Promise<CallOutput<'evidence.show'>> {
  const abort = new AbortController()
  const source = await openSource(context, input, abort.signal)
  const trust = await trustFrom(context, input)
  const root = await source.resolve()
  const { assessed, ...rest } = await survey(foundOf(root), groundOf(source), trust)
  const reference = typeof input.image === 'string' ? input.image : `${source.from}${input.image.name}`
  return { reference, digest: root.digest, pieces: assessed.map(({ view }) => view), ...rest }
}

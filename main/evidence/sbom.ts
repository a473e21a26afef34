import { z } from 'zod'
import type { Digest } from '../../shared/digest.ts'
import { hexOf } from '../../shared/digest.ts'
import type { Sbom } from '../../shared/evidence.ts'
import { readShape } from '../sigstore/parse.ts'
import { Refusal, shown } from '../sigstore/refusal.ts'
import type { Statement } from '../sigstore/subject.ts'

type Kind = 'spdx' | 'cyclonedx'

/** Which kind of bill of materials a predicate type is: with or without a version behind it. */
export function sbomKind(predicateType: string): Kind | null {
  if (/^https:\/\/spdx\.dev\/Document(?:\/v[0-9.]+)?$/.test(predicateType)) return 'spdx'
  if (/^https:\/\/cyclonedx\.org\/bom(?:\/v[0-9.]+)?$/.test(predicateType)) return 'cyclonedx'
  return null
}

const zText = z.string().max(8192)
const zHashes = z
  .array(z.object({ alg: zText, content: zText }))
  .max(100)
  .nullish()
const zComponent = z.object({
  name: zText.nullish(),
  purl: zText.nullish(),
  version: zText.nullish(),
  hashes: zHashes,
})

const zCycloneDx = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: zText,
  metadata: z
    .object({ timestamp: zText.nullish(), component: zComponent.nullish(), tools: z.unknown().optional() })
    .nullish(),
  components: z.array(z.unknown().optional()).max(1_000_000).nullish(),
})

const zSpdx2 = z.object({
  spdxVersion: zText.regex(/^SPDX-2\./),
  name: zText.nullish(),
  creationInfo: z
    .object({ created: zText.nullish(), creators: z.array(zText).max(1000).nullish() })
    .nullish(),
  documentDescribes: z.array(zText).max(10_000).nullish(),
  packages: z
    .array(
      z.object({
        SPDXID: zText.nullish(),
        name: zText.nullish(),
        versionInfo: zText.nullish(),
        checksums: z.array(z.object({ algorithm: zText, checksumValue: zText })).nullish(),
        externalRefs: z.array(z.object({ referenceLocator: zText.nullish() })).nullish(),
      }),
    )
    .max(1_000_000)
    .nullish(),
  relationships: z
    .array(
      z.object({
        spdxElementId: zText.nullish(),
        relatedSpdxElement: zText.nullish(),
        relationshipType: zText.nullish(),
      }),
    )
    .max(1_000_000)
    .nullish(),
})

const zSpdx3 = z.object({
  '@context': z.unknown().optional(),
  '@graph': z.array(z.record(z.string(), z.unknown().optional())).min(1).max(1_000_000),
})

const codes = { shape: 'statement.form', base64: 'statement.form' } as const
const first = <Value>(list: readonly Value[] | null | undefined, most: number): readonly Value[] =>
  (list ?? []).slice(0, most)
const clean = (value: string | null | undefined): string | null => (value ? shown(value) : null)

// A digest of 64 digits anywhere in what names the described thing: hash, purl, version, name. The colon before it is
// escaped in a purl (`pkg:oci/app@sha256%3A…`), and the escape must not read as one more digit.
function describes(names: readonly string[], subject: Digest): Sbom['describes'] {
  const digests = names.flatMap(
    (name) =>
      name
        .toLowerCase()
        .replaceAll('%3a', ':')
        .match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g) ?? [],
  )
  if (digests.includes(hexOf(subject))) return 'subject'
  return digests.length === 0 ? 'not-said' : 'another'
}

function toolNames(tools: unknown): string[] {
  const nested =
    typeof tools === 'object' && tools !== null && 'components' in tools ? tools.components : tools
  if (!Array.isArray(nested)) return []
  return nested.slice(0, 20).flatMap((tool: unknown) => {
    const name = typeof tool === 'object' && tool !== null && 'name' in tool ? tool.name : null
    return typeof name === 'string' ? [shown(name)] : []
  })
}

type Read = Omit<Sbom, 'predicateType'>

function cycloneDx(predicate: Statement['predicate'], subject: Digest): Read {
  const found = readShape(predicate, zCycloneDx, 'a CycloneDX document', codes)
  const root = found.metadata?.component
  const hashes = (root?.hashes ?? []).filter(({ alg }) => alg === 'SHA-256').map(({ content }) => content)
  return {
    format: `CycloneDX ${shown(found.specVersion)}`,
    name: clean(root?.name),
    created: clean(found.metadata?.timestamp),
    tools: toolNames(found.metadata?.tools),
    components: found.components?.length ?? 0,
    describes: describes([...hashes, root?.purl ?? '', root?.version ?? '', root?.name ?? ''], subject),
  }
}

function spdx2(predicate: Statement['predicate'], subject: Digest): Read {
  const found = readShape(predicate, zSpdx2, 'an SPDX 2 document', codes)
  const roots = new Set([
    ...(found.documentDescribes ?? []),
    ...(found.relationships ?? [])
      .filter((one) => one.relationshipType === 'DESCRIBES' && one.spdxElementId === 'SPDXRef-DOCUMENT')
      .map((one) => one.relatedSpdxElement ?? ''),
  ])
  const named = (found.packages ?? [])
    .filter((one) => roots.has(one.SPDXID ?? ''))
    .flatMap((one) => [
      one.name ?? '',
      one.versionInfo ?? '',
      ...(one.checksums ?? [])
        .filter(({ algorithm }) => algorithm === 'SHA256')
        .map((sum) => sum.checksumValue),
      ...(one.externalRefs ?? []).map((ref) => ref.referenceLocator ?? ''),
    ])
  return {
    format: shown(found.spdxVersion.replace('-', ' ')),
    name: clean(found.name),
    created: clean(found.creationInfo?.created),
    tools: first(found.creationInfo?.creators, 20)
      .filter((one) => one.startsWith('Tool: '))
      .map((one) => shown(one.slice(6))),
    components: found.packages?.length ?? 0,
    describes: describes(named, subject),
  }
}

function spdx3(predicate: Statement['predicate'], subject: Digest): Read {
  const graph = readShape(predicate, zSpdx3, 'an SPDX 3 document', codes)['@graph']
  const word = (value: unknown): string => (typeof value === 'string' ? value : '')
  const ofType = (pattern: RegExp): readonly Readonly<Record<string, unknown>>[] =>
    graph.filter((one) => pattern.test(word(one['type'] ?? one['@type'])))
  const text = (value: unknown): string | null => (typeof value === 'string' ? shown(value) : null)
  const [info] = ofType(/^CreationInfo$/)
  const [document] = ofType(/^SpdxDocument$/)
  const roots = new Set([document?.['rootElement'] ?? []].flat().map(word))
  const described = graph.filter((one) => roots.has(word(one['spdxId'] ?? one['@id'])))
  if (info === undefined || document === undefined) {
    throw new Refusal('statement.form', 'an SPDX 3 document with its creation', 'a graph without them')
  }
  return {
    format: `SPDX ${text(info['specVersion']) ?? '3'}`,
    name: text(document['name']),
    created: text(info['created']),
    tools: ofType(/^Tool$/)
      .slice(0, 20)
      .flatMap((one) => text(one['name']) ?? []),
    components: ofType(/^software_Package$/).length,
    describes: describes(
      described.map((one) => JSON.stringify(one).slice(0, 65_536)),
      subject,
    ),
  }
}

/**
 * A bill of materials that a statement carries, in one shape.
 *
 * @param subject the manifest that the statement was proven to be about
 * @returns `null` for a statement of another kind
 * @throws Refusal `statement.form` when it says that it is one and cannot be read as one
 */
export function readSbom(statement: Statement, subject: Digest): Sbom | null {
  const kind = sbomKind(statement.predicateType)
  if (kind === null) return null
  const { predicate, predicateType } = statement
  if (kind === 'cyclonedx') return { predicateType, ...cycloneDx(predicate, subject) }
  const isGraph = typeof predicate === 'object' && predicate !== null && '@graph' in predicate
  return { predicateType, ...(isGraph ? spdx3(predicate, subject) : spdx2(predicate, subject)) }
}

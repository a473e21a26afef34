import { z } from 'zod'
import type { Provenance } from '../../shared/evidence.ts'
import { readShape } from '../sigstore/parse.ts'
import { shown } from '../sigstore/refusal.ts'
import type { Statement } from '../sigstore/subject.ts'
import type { Identity } from '../sigstore/identity.ts'

/** The predicate types that are provenance. */
export const provenanceTypes: readonly string[] = [
  'https://slsa.dev/provenance/v0.2',
  'https://slsa.dev/provenance/v1',
]

const most = { dependencies: 100, parameters: 4096 } as const

const zText = z.string().max(8192)
const zDigests = z.record(z.string().max(64), z.string().max(512))
// in-toto: consumers pass over what they do not know; what the policy needs, it names.
const zResource = z.object({ uri: zText.optional(), digest: zDigests.optional(), name: zText.optional() })

const z02 = z.object({
  builder: z.object({ id: zText.min(1) }),
  buildType: zText.min(1),
  invocation: z
    .object({
      configSource: z.object({ uri: zText.optional(), digest: zDigests.optional() }).optional(),
      parameters: z.unknown().optional(),
    })
    .optional(),
  materials: z.array(zResource).max(100_000).nullish(),
  metadata: z.object({ buildStartedOn: zText.nullish(), buildFinishedOn: zText.nullish() }).nullish(),
})

const z1 = z.object({
  buildDefinition: z.object({
    buildType: zText.min(1),
    externalParameters: z.record(z.string(), z.unknown().optional()),
    resolvedDependencies: z.array(zResource).max(100_000).nullish(),
  }),
  runDetails: z.object({
    builder: z.object({ id: zText.min(1) }),
    metadata: z.object({ startedOn: zText.nullish(), finishedOn: zText.nullish() }).nullish(),
  }),
})

type Source = Provenance['source']

/** `git+https://github.com/o/r@refs/heads/main` taken apart; the repository without `git+` and `.git`. */
function sourceOf(uri: string | undefined, digest: Readonly<Record<string, string>> | undefined): Source {
  const commit = digest?.['gitCommit'] ?? digest?.['sha1'] ?? null
  if (uri === undefined || uri === '') return { repository: null, ref: null, commit }
  const [, repository = '', ref] = /^(?:git\+)?(.*?)(?:@(refs\/.+|[^/@:]+))?$/.exec(uri) ?? []
  return { repository: repository.replace(/\.git$/, ''), ref: ref ?? null, commit }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

// Where version 1 says the source is a matter of the build type; these are the ones in use (signing.md, 5.2).
function sourceOf1({
  externalParameters,
  resolvedDependencies,
}: z.output<typeof z1>['buildDefinition']): Source {
  const first = resolvedDependencies?.[0]
  const { source, workflow } = externalParameters
  if (typeof source === 'string') return sourceOf(source, first?.digest)
  const named = (typeof source === 'object' ? source : null) as { uri?: unknown; digest?: unknown } | null
  if (text(named?.uri) !== undefined) {
    return sourceOf(text(named?.uri), zDigests.safeParse(named?.digest).data ?? first?.digest)
  }
  if (typeof workflow === 'object' && workflow !== null) {
    const { repository, ref } = workflow as { repository?: unknown; ref?: unknown }
    const found = sourceOf(text(repository), first?.digest)
    return { ...found, ref: text(ref) ?? found.ref }
  }
  return sourceOf(first?.uri, first?.digest)
}

function dependencies(
  list: readonly z.output<typeof zResource>[],
): Pick<Provenance, 'dependencies' | 'dependencyCount'> {
  return {
    dependencyCount: list.length,
    dependencies: list.slice(0, most.dependencies).map(({ uri, name, digest }) => ({
      uri: shown(uri ?? name ?? ''),
      digest: shown(
        Object.entries(digest ?? {})
          .map(([algorithm, hex]) => `${algorithm}:${hex}`)
          .join(', '),
      ),
    })),
  }
}

const codes = { shape: 'statement.form', base64: 'statement.form' } as const
const cut = (value: unknown): string => JSON.stringify(value ?? {}).slice(0, most.parameters)
const clean = (value: string | null | undefined): string | null =>
  value === null || value === undefined ? null : shown(value)

/** What provenance states about a build, as rules compare it: exactly as it was signed or certified, uncut. */
export interface BuildClaims {
  readonly builder: string
  readonly buildType: string
  readonly source: Source
  /** What the builder was asked for from outside, by name. */
  readonly asked: Readonly<Record<string, unknown>>
  readonly materials: readonly { readonly uri: string; readonly digest: Readonly<Record<string, string>> }[]
  /** When it says that the build ended, else began. */
  readonly at: string | null
}

type Bare = Omit<Provenance, 'disagrees' | 'builder' | 'buildType' | 'source'> & BuildClaims

const materialsOf = (list: readonly z.output<typeof zResource>[]): BuildClaims['materials'] =>
  list.map(({ uri, name, digest }) => ({ uri: uri ?? name ?? '', digest: digest ?? {} }))

const askedOf = (parameters: unknown): BuildClaims['asked'] =>
  typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)
    ? (parameters as Record<string, unknown>)
    : {}

function read02(statement: Statement): Bare {
  const found = readShape(statement.predicate, z02, 'SLSA provenance 0.2', codes)
  const { uri, digest } = found.invocation?.configSource ?? {}
  return {
    predicateType: statement.predicateType,
    builder: found.builder.id,
    buildType: found.buildType,
    source: sourceOf(uri, digest),
    parameters: cut(found.invocation?.parameters),
    ...dependencies(found.materials ?? []),
    asked: askedOf(found.invocation?.parameters),
    materials: materialsOf(found.materials ?? []),
    at: found.metadata?.buildFinishedOn ?? found.metadata?.buildStartedOn ?? null,
    startedOn: clean(found.metadata?.buildStartedOn),
    finishedOn: clean(found.metadata?.buildFinishedOn),
  }
}

function read1(statement: Statement): Bare {
  const { buildDefinition, runDetails } = readShape(statement.predicate, z1, 'SLSA provenance 1', codes)
  return {
    predicateType: statement.predicateType,
    builder: runDetails.builder.id,
    buildType: buildDefinition.buildType,
    source: sourceOf1(buildDefinition),
    parameters: cut(buildDefinition.externalParameters),
    ...dependencies(buildDefinition.resolvedDependencies ?? []),
    asked: buildDefinition.externalParameters,
    materials: materialsOf(buildDefinition.resolvedDependencies ?? []),
    at: runDetails.metadata?.finishedOn ?? runDetails.metadata?.startedOn ?? null,
    startedOn: clean(runDetails.metadata?.startedOn),
    finishedOn: clean(runDetails.metadata?.finishedOn),
  }
}

/** What an issuer put into the certificate about the source of a build: it outranks the predicate. */
export function certifiedSource(identity: Identity | null): Source {
  const at = (number: number): string | null => identity?.extensions.get(number) ?? null
  return { repository: at(12), commit: at(13), ref: at(14) }
}

function disagreements(said: Source, certified: Source): string[] {
  const names = { repository: 'source repository', ref: 'source ref', commit: 'source commit' } as const
  return (['repository', 'ref', 'commit'] as const).flatMap((name) => {
    const [claim, fact] = [said[name], certified[name]]
    if (claim === null || fact === null || claim === fact) return []
    return [`The ${names[name]} is ${shown(fact)} by the certificate, ${shown(claim)} by the statement.`]
  })
}

/**
 * Provenance of any published version in one shape. Where the certificate names the source, that counts, and the
 * statement must agree (signing.md, 5.2).
 *
 * @returns what rules compare, and the same fit to be shown; `null` for a statement that is no provenance
 * @throws Refusal `statement.form`
 */
export function readProvenance(
  statement: Statement,
  identity: Identity | null,
): { readonly claims: BuildClaims; readonly view: Provenance } | null {
  if (!provenanceTypes.includes(statement.predicateType)) return null
  const bare = statement.predicateType.endsWith('v1') ? read1(statement) : read02(statement)
  const certified = certifiedSource(identity)
  const source = {
    repository: certified.repository ?? bare.source.repository,
    ref: certified.ref ?? bare.source.ref,
    commit: certified.commit ?? bare.source.commit,
  }
  const { asked, materials, at, ...shownPart } = bare
  const { builder, buildType } = bare
  const view = {
    ...shownPart,
    builder: shown(builder),
    buildType: shown(buildType),
    source: { repository: clean(source.repository), ref: clean(source.ref), commit: clean(source.commit) },
    disagrees: disagreements(bare.source, certified),
  }
  return { claims: { builder, buildType, source, asked, materials, at }, view }
}

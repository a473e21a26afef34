import type { BuildRule } from '../../../shared/policy-items.ts'
import type { Assessed } from '../../evidence/assess.ts'
import { provenanceTypes, type BuildClaims } from '../../evidence/provenance.ts'
import { shown } from '../../sigstore/refusal.ts'
import { isTooLarge, missing, saySigner, tooLarge, type Evidence } from '../item-evidence.ts'
import { fits } from '../../platform/pattern.ts'
import { pass, type Answered } from '../rule-result.ts'
import { againstParameters } from './parameters.ts'

function sayBuild(build: BuildRule, evidence: Evidence): string {
  const { parameters, otherParameters, materials = [] } = build
  const parts = [`built by ${build.builder}`, `signed by ${evidence.say([build.signedBy])}`]
  if (build.source !== undefined) parts.push(`from ${build.source}`)
  if (build.ref !== undefined) parts.push(`ref ${build.ref}`)
  if (build.buildType !== undefined) parts.push(`build type ${build.buildType}`)
  if (parameters !== undefined) parts.push(`asked for ${JSON.stringify(parameters)}`)
  if (otherParameters === 'refused') parts.push('asked for nothing else')
  for (const { uri, digest } of materials)
    parts.push(`of ${uri}${digest === undefined ? '' : ` at ${digest}`}`)
  if (build.pinnedMaterials) parts.push('each material with its digest')
  return parts.join(', ')
}

function againstMaterials({ materials = [], pinnedMaterials }: BuildRule, claims: BuildClaims): string[] {
  const isThere = (uri: string, digest: string | undefined): boolean =>
    claims.materials.some(
      (one) =>
        fits(uri, one.uri) &&
        (digest === undefined ||
          Object.entries(one.digest).some(([name, hex]) => `${name}:${hex}` === digest)),
    )
  const absent = materials.filter(({ uri, digest }) => !isThere(uri, digest))
  const bare = claims.materials.filter(({ digest }) => Object.keys(digest).length === 0)
  return [
    ...absent.map(({ uri, digest = '' }) => `without the material ${uri} ${digest}`.trim()),
    ...(pinnedMaterials && claims.materials.length === 0 ? ['no materials are stated'] : []),
    ...(pinnedMaterials && bare.length > 0
      ? [`${bare.length} materials without a digest, ${shown(bare[0]?.uri ?? '')}`]
      : []),
  ]
}

/** What speaks against a statement of a build being the one that is asked for; empty when nothing does. */
function against(build: BuildRule, one: Assessed, evidence: Evidence): string[] {
  if (one.build === null) return ['no statement of a build']
  const { source, builder, buildType } = one.build
  return [
    ...(evidence.isBy(one, [build.signedBy]) ? [] : [`signed by ${saySigner(one)}`]),
    ...(builder === build.builder ? [] : [`built by ${shown(builder)}`]),
    ...(build.source === undefined || fits(build.source, source.repository ?? '')
      ? []
      : [`from ${shown(source.repository ?? 'a source that is not said')}`]),
    ...(build.ref === undefined || fits(build.ref, source.ref ?? '')
      ? []
      : [`ref ${shown(source.ref ?? 'not said')}`]),
    ...(build.buildType === undefined || build.buildType === buildType
      ? []
      : [`build type ${shown(buildType)}`]),
    ...againstParameters(build, one.build.asked),
    ...againstMaterials(build, one.build),
    ...(one.view.provenance?.disagrees ?? []),
  ]
}

/** Which of the builds that are asked for a statement is. */
export function buildsOf(builds: readonly BuildRule[], one: Assessed, evidence: Evidence): BuildRule[] {
  return builds.filter((build) => against(build, one, evidence).length === 0)
}

/** That the item was built as one of the rule's builds says. */
export function checkBuilds(builds: readonly BuildRule[], evidence: Evidence): Answered {
  const id = 'policy.provenance'
  const expected = builds.map((build) => sayBuild(build, evidence)).join('; or ')
  const statements = evidence.about.filter((one) => provenanceTypes.includes(one.predicateType ?? ''))
  const proven = statements.filter(({ view }) => view.result === 'proven')
  const good = proven.filter((one) => buildsOf(builds, one, evidence).length > 0)
  const [first] = good
  if (first !== undefined) {
    const { builder, source } = first.view.provenance ?? { builder: '', source: { repository: null } }
    const found = `built by ${builder} from ${source.repository ?? 'a source that is not said'}, signed by ${saySigner(first)}`
    return { result: pass(id, expected, found, good), good }
  }
  const signers = builds.map(({ signedBy }) => signedBy)
  const large = proven.find((one) => isTooLarge(one) && evidence.isBy(one, signers))
  if (large !== undefined) return { result: tooLarge(id, expected, large), good }
  const why = proven.map((one) => {
    const nearest = builds
      .map((build) => against(build, one, evidence))
      .sort((a, b) => a.length - b.length)[0]
    return (nearest ?? []).join(', ')
  })
  return { result: missing(id, expected, statements, why), good }
}

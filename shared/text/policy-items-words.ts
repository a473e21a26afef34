import type { BuildRule, ItemRule, SbomRule, ScanRule, SummaryRule } from '../policy-items.ts'

/* What a rule for items asks, in words. */

const anyOf = (names: readonly string[]): string => names.join(' or ')
const age = (days: number | undefined): string => (days === undefined ? '' : `, at most ${days} days old`)

const signedWords = ({ identities, least, log, time, maxAge }: NonNullable<ItemRule['signedBy']>): string =>
  `signed by ${least} of ${anyOf(identities)}${log ? ', in a known log' : ''}${time ? ', at a known time' : ''}${age(maxAge)}`

function buildWords(build: BuildRule): string {
  const { builder, signedBy, source, ref, buildType, parameters, otherParameters, materials = [] } = build
  return [
    `built by ${builder} as ${signedBy} signed`,
    ...(source === undefined ? [] : [`from ${source}`]),
    ...(ref === undefined ? [] : [`ref ${ref}`]),
    ...(buildType === undefined ? [] : [`build type ${buildType}`]),
    ...(parameters === undefined ? [] : [`asked for ${JSON.stringify(parameters)}`]),
    ...(otherParameters === 'refused' ? ['asked for nothing else'] : []),
    ...materials.map(({ uri, digest }) => `of ${uri}${digest === undefined ? '' : ` at ${digest}`}`),
    ...(build.pinnedMaterials ? ['each material with its digest'] : []),
  ]
    .join(', ')
    .concat(age(build.maxAge))
}

const sbomWords = ({ format, signedBy, describes, fields, unversioned, maxAge }: SbomRule): string =>
  [
    `with a bill of materials (${format}) signed by ${anyOf(signedBy)}`,
    ...(describes ? ['naming the item'] : []),
    ...(fields.length === 0 ? [] : [`with ${fields.join(', ')}`]),
    ...(unversioned === undefined ? [] : [`at most ${unversioned} components without version`]),
  ]
    .join(', ')
    .concat(age(maxAge))

const scanWords = ({ signedBy, highest, maxAge, databaseMaxAge, vex }: ScanRule): string =>
  [
    `scanned as ${anyOf(signedBy)} signed${age(maxAge)}`,
    `nothing found worse than ${highest}`,
    ...(vex === undefined ? [] : [`or found harmless by ${anyOf(vex)}`]),
    ...(databaseMaxAge === undefined ? [] : [`by knowledge at most ${databaseMaxAge} days old`]),
  ].join(', ')

const summaryWords = ({ verifier, signedBy, resource, levels, maxAge }: SummaryRule): string =>
  `verified by ${verifier} as ${signedBy} signed, as ${resource}, with ${levels.join(', ')}${age(maxAge)}`

/** Which items a rule is about. */
export const aboutWords = ({ kind, name }: Pick<ItemRule, 'kind' | 'name'>): string =>
  `${kind === 'any' ? 'every item' : `every ${kind}`} named ${name}`

/** What a rule asks of the items that it is about. */
export function ruleWords(rule: ItemRule): string {
  const { signedBy, provenance, sbom, free, scan, summary, pinned } = rule
  if (rule.nothing === true) return 'nothing is asked'
  return [
    ...(signedBy === undefined ? [] : [signedWords(signedBy)]),
    ...(provenance === undefined ? [] : [provenance.map(buildWords).join('; or ')]),
    ...(sbom === undefined ? [] : [sbomWords(sbom)]),
    ...(free === undefined ? [] : [`shown free of what is forbidden by ${anyOf(free.signedBy)}`]),
    ...(scan === undefined ? [] : [scanWords(scan)]),
    ...(summary === undefined ? [] : [summary.map(summaryWords).join('; or ')]),
    ...(pinned === undefined
      ? []
      : [pinned === 'requested' ? 'requested by its digest' : 'pinned to its digest']),
  ].join('; and ')
}

import { pinNames, type ItemEvidence, type PinName } from '../../shared/evidence.ts'
import type { BuildRule, ItemRule, Policy, PolicyIdentity } from '../../shared/policy.ts'
import type { Item } from '../../shared/waybill.ts'
import type { Assessed } from '../evidence/assess.ts'
import { provenanceTypes } from '../evidence/provenance.ts'
import { shown } from '../sigstore/refusal.ts'
import { sbomKind } from '../evidence/sbom/read.ts'
import { isAbout } from './item-name.ts'
import { fits } from './pattern.ts'

/** What a rule comes to for one item. */
type RuleResult = ItemEvidence['rules'][number]
type ItemCheckId = RuleResult['id']

type About = Pick<Item, 'kind' | 'name' | 'root'>

function isBy(one: Assessed, identity: PolicyIdentity): boolean {
  if ('key' in identity) return one.key === identity.fingerprint
  const { identity: signer } = one
  const { root, logs, scts } = identity
  const times = identity.time === 'desk-clock' ? 0 : identity.times
  // Under a root of its own it counts there alone; what is asked is the identity's number of operators.
  const counts = root === undefined ? one.counts : one.under.find((under) => under.root === root)?.counts
  return (
    signer !== null &&
    counts !== null &&
    counts !== undefined &&
    counts.logs >= logs &&
    counts.times >= times &&
    counts.scts >= scts &&
    signer.issuer === (identity.issuer ?? null) &&
    signer.name.value === identity.identity &&
    Object.entries(identity.pins).every(
      ([name, value]) => signer.extensions.get(pinNames[name as PinName]) === value,
    )
  )
}

type ByCertificate = Exclude<PolicyIdentity, { key: string }>

// What is usual is not said: one log, one time, one log of certificates, under any root of the desk.
const sayDemands = ({ root, logs, times, scts, time }: ByCertificate): string =>
  [
    ...(root === undefined ? [] : [`, under the root ${root}`]),
    ...(logs === 1 ? [] : [`, ${logs} logs`]),
    ...(time === 'desk-clock' ? [', at the clock of this desk, which proves no time'] : []),
    ...(times === 1 ? [] : [`, ${times} sources of time`]),
    ...(scts === 1 ? [] : [`, ${scts} logs of certificates`]),
  ].join('')

const sayIdentity = (identity: PolicyIdentity): string =>
  'key' in identity
    ? `${identity.name} (key ${identity.fingerprint})`
    : `${identity.name} (${identity.identity}, ${identity.issuer === undefined ? 'without an issuer' : `vouched for by ${identity.issuer}`}${sayDemands(identity)})`

// Signed, about this, and not looked into: nobody knows what it says, and it says it of this item.
const isTooLarge = ({ view }: Assessed): boolean => view.unreadable?.code === 'statement.too-large'
const tooLarge = (id: ItemCheckId, expected: string, one: Assessed): RuleResult => ({
  id,
  result: 'not-checked',
  expected,
  found: `a document that is too large to be read, signed by ${saySigner(one)}`,
  reason: 'too-large',
})

function saySigner({ view }: Assessed): string {
  const signer = view.proven?.signer
  if (signer === undefined) return view.reason?.found ?? 'nobody known'
  return signer.kind === 'key'
    ? `the key ${signer.fingerprint}`
    : `${signer.name}, vouched for by ${signer.issuer}`
}

// One signer, however often: a key, or whom an issuer vouched for.
const signerOf = ({ key, identity }: Assessed): string =>
  key ?? JSON.stringify([identity?.issuer, identity?.name.value])

/** Everything that is said of an item itself, not of a part of it. */
class Evidence {
  readonly about: readonly Assessed[]
  private readonly identities: ReadonlyMap<string, PolicyIdentity>

  constructor(item: About, all: readonly Assessed[], policy: Policy) {
    // Beside the item is not about the item: what names another thing is no evidence here, whoever signed it.
    this.about = all.filter(
      ({ view }) => view.subject === item.root.digest && view.reason?.code !== 'statement.other-subject',
    )
    this.identities = new Map(policy.identities.map((one) => [one.name, one]))
  }

  named(name: string): PolicyIdentity[] {
    const found = this.identities.get(name)
    return found === undefined ? [] : [found]
  }

  isBy(one: Assessed, names: readonly string[]): boolean {
    return names.flatMap((name) => this.named(name)).some((identity) => isBy(one, identity))
  }

  say(names: readonly string[]): string {
    return names
      .flatMap((name) => this.named(name))
      .map(sayIdentity)
      .join(' or ')
  }
}

const pass = (id: ItemCheckId, expected: string, found: string): RuleResult => ({
  id,
  result: 'pass',
  expected,
  found,
  reason: 'as-expected',
})

// Nothing of the kind, something of others, or something that nobody known vouches for: the last is not a failure.
function missing(
  id: ItemCheckId,
  expected: string,
  of: readonly Assessed[],
  why: readonly string[],
): RuleResult {
  const unknown = of.filter(({ view }) => view.result === 'unknown')
  const found = [
    ...why,
    ...unknown.map(({ view }) => `${view.reason?.means ?? ''} (${view.reason?.code ?? ''})`),
  ]
  if (unknown.length > 0)
    return { id, result: 'not-checked', expected, found: found.join('; '), reason: 'nobody-known' }
  const reason = of.length === 0 ? 'none' : 'differs'
  return { id, result: 'fail', expected, found: found.join('; ') || 'none', reason }
}

type SignatureRule = NonNullable<ItemRule['signedBy']>

function checkSignatures({ identities, least, log, time }: SignatureRule, evidence: Evidence): RuleResult {
  const id = 'policy.signature'
  const needs = `${log ? ', in a known log' : ''}${time ? ', at a known time' : ''}`
  const expected = `signed by ${least} of: ${evidence.say(identities)}${needs}`
  const signatures = evidence.about.filter(({ view }) => view.kind === 'signature')
  const proven = signatures.filter(({ view }) => view.result === 'proven')
  const enough = ({ view }: Assessed): boolean =>
    (!log || (view.proven?.logs.length ?? 0) > 0) && (!time || (view.proven?.times.length ?? 0) > 0)
  // Two names for one key are one signer; how a signer is shown tells nobody apart.
  const signers = (list: readonly Assessed[]): Map<string, string> =>
    new Map(
      list.filter((one) => evidence.isBy(one, identities)).map((one) => [signerOf(one), saySigner(one)]),
    )
  const counted = signers(proven.filter(enough))
  if (counted.size >= least) return pass(id, expected, [...counted.values()].join('; '))
  if (signers(proven).size >= least) {
    const found = `${[...signers(proven).values()].join('; ')}; without ${log ? 'log' : 'time'}`
    return { id, result: 'not-checked', expected, found, reason: 'no-time' }
  }
  return missing(
    id,
    expected,
    signatures,
    proven.map((one) => `signed by ${saySigner(one)}`),
  )
}

function sayBuild(build: BuildRule, evidence: Evidence): string {
  const parts = [`built by ${build.builder}`, `signed by ${evidence.say([build.signedBy])}`]
  if (build.source !== undefined) parts.push(`from ${build.source}`)
  if (build.ref !== undefined) parts.push(`ref ${build.ref}`)
  if (build.buildType !== undefined) parts.push(`build type ${build.buildType}`)
  return parts.join(', ')
}

// What speaks against a statement of a build being the one that is asked for; empty when nothing does.
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
    ...(one.view.provenance?.disagrees ?? []),
  ]
}

function checkBuilds(builds: readonly BuildRule[], evidence: Evidence): RuleResult {
  const id = 'policy.provenance'
  const expected = builds.map((build) => sayBuild(build, evidence)).join('; or ')
  const statements = evidence.about.filter((one) => provenanceTypes.includes(one.predicateType ?? ''))
  const proven = statements.filter(({ view }) => view.result === 'proven')
  const good = proven.find((one) => builds.some((build) => against(build, one, evidence).length === 0))
  if (good !== undefined) {
    const { builder, source } = good.view.provenance ?? { builder: '', source: { repository: null } }
    return pass(
      id,
      expected,
      `built by ${builder} from ${source.repository ?? 'a source that is not said'}, signed by ${saySigner(good)}`,
    )
  }
  const signers = builds.map(({ signedBy }) => signedBy)
  const large = proven.find((one) => isTooLarge(one) && evidence.isBy(one, signers))
  if (large !== undefined) return tooLarge(id, expected, large)
  const why = proven.map((one) => {
    const nearest = builds
      .map((build) => against(build, one, evidence))
      .sort((a, b) => a.length - b.length)[0]
    return (nearest ?? []).join(', ')
  })
  return missing(id, expected, statements, why)
}

type SbomRule = NonNullable<ItemRule['sbom']>

function checkSbom({ format, signedBy, describes }: SbomRule, evidence: Evidence): RuleResult {
  const id = 'policy.sbom'
  const kind = format === 'any' ? 'SPDX or CycloneDX' : { spdx: 'SPDX', cyclonedx: 'CycloneDX' }[format]
  const expected = `a bill of materials (${kind}) signed by ${evidence.say(signedBy)}${describes ? ', naming this item' : ''}`
  const documents = evidence.about.filter(({ predicateType }) => {
    const found = sbomKind(predicateType ?? '')
    return found !== null && (format === 'any' || found === format)
  })
  const proven = documents.filter(({ view }) => view.result === 'proven')
  const signed = proven.filter((one) => evidence.isBy(one, signedBy))
  const read = signed.filter(({ view }) => view.sbom !== null)
  const good = read.find(({ view }) => !describes || view.sbom?.describes === 'subject')
  // That there is one is all that is asked then: its type is signed, and what it is about.
  const large = signed.find(isTooLarge)
  if (good === undefined && large !== undefined) {
    if (describes) return tooLarge(id, expected, large)
    return pass(
      id,
      expected,
      `${large.view.predicateType ?? ''}, too large to be looked into, signed by ${saySigner(large)}`,
    )
  }
  if (good !== undefined) {
    return pass(
      id,
      expected,
      `${good.view.sbom?.format ?? ''}, ${good.view.sbom?.components ?? 0} components, signed by ${saySigner(good)}`,
    )
  }
  const why = proven.map((one) => {
    if (one.view.sbom === null) return 'a document that cannot be read'
    if (!evidence.isBy(one, signedBy)) return `signed by ${saySigner(one)}`
    return one.view.sbom.describes === 'another' ? 'it names another item' : 'it does not say of what it is'
  })
  return missing(id, expected, documents, why)
}

const sayPiece = ({ view }: Assessed): string => {
  const reason = view.reason ?? view.unreadable
  return `${view.layer}: ${reason?.means ?? ''} (${reason?.code ?? ''}: ${reason?.found ?? ''})`
}

// What somebody known contradicts is no accident beside a good one. What nobody known vouches for, or what is not read,
// is told and fails nothing by being there: anybody can lay it beside an item.
function checkFalse(evidence: readonly Assessed[]): RuleResult {
  const id = 'policy.evidence'
  const expected = 'no evidence that somebody known contradicts'
  const bad = evidence.filter(({ view }) => view.result === 'bad')
  const [first] = bad
  if (first !== undefined) {
    return { id, result: 'fail', expected, found: `${bad.length} false; ${sayPiece(first)}`, reason: 'false' }
  }
  const unknown = evidence.filter(({ view }) => view.result === 'unknown' || view.unreadable !== null)
  const [odd] = unknown
  if (odd === undefined) return pass(id, expected, `${evidence.length} pieces of evidence, none false`)
  const found = `${evidence.length} pieces of evidence, none false; ${unknown.length} unknown or not read, which count for nothing; ${sayPiece(odd)}`
  return { id, result: 'warn', expected, found, reason: 'unknown' }
}

/** Which checks of items the policy asks for; none where it has no rules for items. */
export function itemChecksOf({ items }: Policy): readonly ItemCheckId[] {
  if (items.length === 0) return []
  return [
    'policy.item-rule',
    'policy.evidence',
    ...(items.some((rule) => rule.signedBy !== undefined) ? (['policy.signature'] as const) : []),
    ...(items.some((rule) => rule.provenance !== undefined) ? (['policy.provenance'] as const) : []),
    ...(items.some((rule) => rule.sbom !== undefined) ? (['policy.sbom'] as const) : []),
  ]
}

/**
 * What the policy asks of one item, by the evidence that was judged: every rule that fits applies, and an item that
 * none fits is refused. Without rules for items nothing is asked.
 */
export function itemRules(policy: Policy, item: About, all: readonly Assessed[]): RuleResult[] {
  if (policy.items.length === 0) return []
  const expected = `a rule for the ${item.kind} ${item.name}`
  const rules = policy.items.filter((rule) => isAbout(rule, item))
  if (rules.length === 0) {
    return [{ id: 'policy.item-rule', result: 'fail', expected, found: 'none', reason: 'none' }]
  }
  const evidence = new Evidence(item, all, policy)
  return [
    pass('policy.item-rule', expected, rules.map((rule) => `${rule.kind} ${rule.name}`).join('; ')),
    checkFalse(all),
    ...rules.flatMap((rule) => [
      ...(rule.signedBy === undefined ? [] : [checkSignatures(rule.signedBy, evidence)]),
      ...(rule.provenance === undefined ? [] : [checkBuilds(rule.provenance, evidence)]),
      ...(rule.sbom === undefined ? [] : [checkSbom(rule.sbom, evidence)]),
    ]),
  ]
}

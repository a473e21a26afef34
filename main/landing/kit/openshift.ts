import { anyOfEach, demandsOf, type Demand, type KitSigner } from './demands.ts'
import type { Engine, KitFacts, NotExpressed } from './kit-facts.ts'
import { leftOut, rulesNotHeld, strangeNames } from './not-expressed.ts'
import { hostOf, inOrder, sorted, targetPlace } from './places.ts'
import { formerNames, relocationsOf, type Relocation } from './relocations.ts'
import { pemRoot } from './roots.ts'
import { resourceName } from './resource-name.ts'
import { pieces, resourceFiles, type Plain, type Resource } from './yaml-file.ts'

/** Of OpenShift's schema: scopes of one policy, and characters of a key. */
const mostScopes = 256
const mostKey = 8192
/** Mirrors in one set: its schema has no limit, etcd has. */
const mostMirrors = 4000
/** Old names that have a policy each; more of them would be too much for every node's configuration. */
const mostOldNames = 200

// Its schema wants a name with a dot or localhost, and knows no addresses in brackets.
const isScope = (place: string): boolean =>
  /^(?:[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+|localhost)(?::[0-9]+)?(?:\/|$)/.test(place)

const inBase64 = (text: string): string => Buffer.from(text).toString('base64')

/** One signer as its root of trust; `null` for what it cannot say. */
function rootOfTrust(signer: KitSigner): Plain | null {
  if (signer.kind === 'key') {
    const pem = signer.pem.endsWith('\n') ? signer.pem : `${signer.pem}\n`
    const keyData = inBase64(pem)
    const plain = pem.startsWith('-----BEGIN PUBLIC KEY-----') && keyData.length <= mostKey
    return plain ? { policyType: 'PublicKey', publicKey: { keyData } } : null
  }
  const { issuer, identity, roots } = signer
  const [root] = roots
  if (root === undefined || roots.length > 1 || issuer === null) return null
  // It takes no keys of logs but those of ECDSA, and stops at another one.
  const { authorities, logs: all } = pemRoot(root)
  const logs = all.filter(({ ecdsa }) => ecdsa)
  const fulcioCAData = inBase64(authorities.map(({ chain }) => chain).join(''))
  const rekorKeyData = inBase64(logs[0]?.key ?? '')
  const fits = fulcioCAData.length <= mostKey && logs.length === 1 && authorities.length > 0
  if (
    !fits ||
    identity.length > 320 ||
    !/^[^\s@]+@[^\s@]+$/.test(identity) ||
    !/^https?:\/\/[^\s]+$/.test(issuer)
  )
    return null
  const fulcioSubject = { oidcIssuer: issuer, signedEmail: identity }
  return { policyType: 'FulcioCAWithRekor', fulcioCAWithRekor: { fulcioCAData, rekorKeyData, fulcioSubject } }
}

/** The roots of trust that must all hold; `null` where it cannot ask all of it. It has no “any of these”. */
function rootsOf({ groups }: Demand): Plain[] | null {
  const all: Plain[] = []
  for (const group of groups) {
    for (const set of anyOfEach(group) ?? [[]]) {
      const [signer] = set
      const root = signer === undefined || set.length > 1 ? null : rootOfTrust(signer)
      if (root === null) return null
      all.push(root)
    }
  }
  return all.length === 0 ? null : all
}

/** What is asked of these names, and under which name the signature must be. */
interface Ask {
  readonly scopes: readonly string[]
  readonly signedIdentity: { readonly [name: string]: Plain }
  readonly demand: Demand
}

const exactly = (repository: string) => ({ matchPolicy: 'ExactRepository', exactRepository: { repository } })

/** By the original signers: each repository under the name that it had, and nothing else below the target. */
function ofSigners(facts: KitFacts, moved: readonly Relocation[], prefixes: readonly Relocation[]): Ask[] {
  const former = formerNames(moved)
  const asks = demandsOf(facts).asked.flatMap((demand) =>
    (demand.repositories ?? []).map((repository) => {
      const from = former.get(repository)
      const scopes = typeof from === 'string' ? [repository, from] : [repository]
      // Several that came together have signatures by several names: none of them is asked for, and that is said.
      const asked = from === null ? { ...demand, groups: [] } : demand
      return { scopes, demand: asked, signedIdentity: exactly(from ?? repository) }
    }),
  )
  const [first] = asks.filter(({ demand }) => rootsOf(demand) !== null)
  // OpenShift lets by what no policy names. The nearest policy counts, so that the first one here is about all others.
  if (first === undefined) return asks.slice(0, mostOldNames)
  const others = {
    scopes: [targetPlace(facts), ...prefixes.map(({ from }) => from)],
    demand: first.demand,
    signedIdentity: { matchPolicy: 'MatchRepository' },
  }
  return [others, ...asks.slice(0, mostOldNames)]
}

/** By the seals: everything below the target, and whatever is looked for there by another name. */
function bySeals(facts: KitFacts, moved: readonly Relocation[], prefixes: readonly Relocation[]): Ask[] {
  const one = moved.length <= mostOldNames ? moved : []
  return demandsOf(facts).asked.flatMap((demand) => [
    { scopes: [targetPlace(facts)], demand, signedIdentity: { matchPolicy: 'MatchRepository' } },
    ...one.map(({ from, to }) => ({ scopes: [from], demand, signedIdentity: exactly(to) })),
    ...prefixes
      .filter(({ from }) => !one.some((other) => other.from === from))
      .map(({ from, to }) => ({
        scopes: [from],
        demand,
        signedIdentity: { matchPolicy: 'RemapIdentity', remapIdentity: { prefix: from, signedPrefix: to } },
      })),
  ])
}

function mirrorSets(facts: KitFacts, prefixes: readonly Relocation[]): Resource[] {
  return pieces(prefixes, mostMirrors).map((some, i) => ({
    apiVersion: 'config.openshift.io/v1',
    kind: 'ImageDigestMirrorSet',
    metadata: { name: resourceName('sallyport-mirrors', facts, { i, own: true }) },
    spec: {
      imageDigestMirrors: some.map(({ from, to }) => ({
        source: from,
        mirrors: [to],
        mirrorSourcePolicy: 'NeverContactSource',
      })),
    },
  }))
}

/** Asks that want the same, together; each signer a policy of its own, for all policies of a scope must hold. */
function policies(facts: KitFacts, asks: readonly Ask[]): { resources: Resource[]; unsaid: string[] } {
  const unsaid: string[] = []
  interface Same {
    readonly scopes: string[]
    readonly spec: { readonly [name: string]: Plain }
  }
  const together = new Map<string, Same>()
  for (const { scopes, signedIdentity, demand } of asks) {
    const roots = scopes.every(isScope) ? rootsOf(demand) : null
    if (roots === null) unsaid.push(...scopes)
    for (const root of roots ?? []) {
      const spec = { rootOfTrust: root, signedIdentity }
      const known: Same = together.get(JSON.stringify(spec)) ?? { scopes: [], spec }
      known.scopes.push(...scopes)
      together.set(JSON.stringify(spec), known)
    }
  }
  const all = [...together.values()].flatMap(({ scopes, spec }) =>
    pieces(inOrder(scopes), mostScopes).map((some) => ({ scopes: some, policy: spec })),
  )
  const isOwn = ({ scopes }: { scopes: readonly string[] }): boolean => !scopes.includes(targetPlace(facts))
  const resources = all.map((spec, i) => ({
    apiVersion: 'config.openshift.io/v1',
    kind: 'ClusterImagePolicy',
    metadata: { name: resourceName('sallyport', facts, { i, own: isOwn(spec) }) },
    spec,
  }))
  return { resources, unsaid }
}

const steps = [
  'Apply the ClusterImagePolicy files first and wait until every MachineConfigPool is updated; then the ImageDigestMirrorSet. Both restart or drain nodes.',
  'This ClusterImagePolicy is OpenShift’s own (config.openshift.io). The one of Sigstore’s policy-controller has the same name and another group.',
  'What no policy names is let by: OpenShift’s default accepts. Name nothing that OpenShift itself is made of: its release images have a policy of their own.',
  'Where several policies name one scope, all of them must hold: two keys are two policies. Apply all files.',
  'Check that it refuses: run a pod with an image below the target that has no seal. It must end with “SignatureValidationFailed”.',
]

/** OpenShift: mirrors by digest, and its own policy for signatures, which CRI-O holds. */
export const openshift: Engine = (facts) => {
  const { items, strange } = sorted(facts)
  const { prefixes, repositories, twice } = relocationsOf(items)
  const elsewhere = ({ from }: Relocation): boolean => hostOf(from) !== facts.target.host
  // Both names stand in a policy: under which it is looked for, and under which it was signed.
  const holds = ({ from, to }: Relocation): boolean => isScope(from) && isScope(to)
  const moved = repositories.filter((one) => elsewhere(one) && holds(one))
  const unheld = repositories.filter((one) => elsewhere(one) && !holds(one)).map(({ from }) => from)
  const mirrored = prefixes.filter((one) => elsewhere(one) && holds(one))
  const led = mirrored.slice(0, mostOldNames)
  const isLanding = facts.trust.kind === 'landing'
  const asks = (isLanding ? bySeals : ofSigners)(facts, moved, led)
  const { resources, unsaid } = policies(facts, asks)
  return {
    versions: 'OpenShift 4.20 or newer (by its published schema; not run here)',
    files: resourceFiles([...mirrorSets(facts, led), ...resources]),
    steps,
    notExpressed: [
      ...strangeNames(strange),
      ...leftOut('Names that went to two places', twice, 'Name them as they are called at the target.'),
      ...leftOut(
        'Names that a ClusterImagePolicy cannot hold (its hosts have a dot; one signer each, people by e-mail only)',
        [...unsaid, ...unheld],
        'OpenShift lets by what no policy is about. Use a host name with a dot, or trust the landing.',
      ),
      ...leftOut(
        'Repositories for which the policy asks no signature',
        demandsOf(facts).unasked,
        'They are refused below the target, unless the first signer of this kit signed them under that very name.',
      ),
      ...leftOut(
        'Beginnings of names beyond 200',
        mirrored.slice(mostOldNames).map(({ from }) => from),
        'They have no mirror. Name these images as they are called at the target.',
      ),
      ...(moved.length > mostOldNames ? [tooMany(moved.length)] : []),
      ...defaultAccepts,
      ...rulesNotHeld(facts, isLanding ? 'seal' : 'signers', ['signedBy']),
    ],
  }
}

const tooMany = (count: number): NotExpressed => ({
  rule: `${count} repositories, each with a policy of its own`,
  means:
    'Above 200 that is too much for every node. By the seals, what has no policy of its own is taken under its name at the target and refused under its old one; by the original signers it is refused.',
})

const defaultAccepts: readonly NotExpressed[] = [
  {
    rule: 'Nothing runs that did not land',
    means: 'A ClusterImagePolicy is about the scopes that it names. What it does not name is let by.',
  },
]

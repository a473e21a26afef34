import { anyOfEach, demandsOf, type Demand, type KitSigner } from './demands.ts'
import type { Engine, KitFacts, KitRoot, NotExpressed } from './kit-facts.ts'
import { copiedAlong, fromElsewhere, leftOut, rulesNotHeld, strangeNames } from './not-expressed.ts'
import { sorted, targetPlace } from './places.ts'
import { resourceName } from './resource-name.ts'
import { pemRoot, type PemLog } from './roots.ts'
import { pieces, resourceFiles, type Plain, type Resource } from './yaml-file.ts'

const summaryPredicate = 'https://slsa.dev/verification_summary/v1'
/** Repositories of one policy, two patterns each: the longest make half a megabyte, of the 1.5 that etcd takes. */
const mostRepositories = 500

// What its patterns may be made of.
const isGlob = (place: string): boolean => /^[a-zA-Z0-9-_:/.@]+$/.test(place)

const inBase64 = (text: string): string => Buffer.from(text).toString('base64')
const rootName = (facts: KitFacts, { digest }: KitRoot): string =>
  resourceName(`sallyport-root-${digest.slice(7, 15)}`, facts)

/** One signer as its authorities: any of them is enough. None for what it cannot say. */
function authoritiesOf(facts: KitFacts, signer: KitSigner, name: string): Plain[] {
  if (signer.kind === 'key') return [{ name, key: { data: signer.pem, hashAlgorithm: 'sha256' } }]
  const { issuer, identity, roots } = signer
  if (issuer === null) return []
  return roots.flatMap((root, i) => {
    const { certificateLogs, logs } = pemRoot(root)
    const trustRootRef = rootName(facts, root)
    const keyless = {
      identities: [{ issuer, subject: identity }],
      trustRootRef,
      ...(certificateLogs.length === 0 ? { insecureIgnoreSCT: true } : {}),
    }
    const [log] = logs.filter(({ ecdsa }) => ecdsa)
    // Without its address a log is dropped without a word, and no log is asked for at all.
    if (log === undefined || log.baseUrl === '') return []
    return [{ name: `${name}-${i + 1}`, keyless, ctlog: { url: log.baseUrl, trustRootRef } }]
  })
}

/** Patterns for everything below the target, or for these repositories and nothing beside them. */
function images(facts: KitFacts, repositories: readonly string[] | null): Plain[] {
  if (repositories === null) return [{ glob: `${targetPlace(facts)}/**` }]
  return repositories.flatMap((one) => [{ glob: `${one}:**` }, { glob: `${one}@**` }])
}

interface Spec {
  readonly images: readonly Plain[]
  readonly authorities: readonly Plain[]
}

/** One policy for each set of signers: all policies about an image must hold, in one any authority is enough. */
function specsOf(facts: KitFacts, demand: Demand): Spec[] | null {
  const all: Plain[][] = []
  for (const group of demand.groups) {
    const sets = anyOfEach(group)
    if (sets === null) return null
    for (const set of sets) {
      const authorities = set.map((one, i) => authoritiesOf(facts, one, `signer-${i + 1}`))
      if (authorities.some((one) => one.length === 0)) return null
      all.push(authorities.flat())
    }
  }
  const { repositories } = demand
  const places = repositories === null ? [null] : pieces(repositories.filter(isGlob), mostRepositories)
  return places.flatMap((some) => all.map((authorities) => ({ images: images(facts, some), authorities })))
}

/** By the landing: a summary that says PASSED too, by each key. What says FAILED is refused. */
function summarySpecs(facts: KitFacts): Spec[] {
  if (facts.trust.kind !== 'landing') return []
  const data = `predicateType: "${summaryPredicate}"\npredicate: verificationResult: "PASSED"\n`
  const attestations = [{ name: 'summary', predicateType: summaryPredicate, policy: { type: 'cue', data } }]
  return facts.trust.keys.map(({ pem }) => ({
    images: images(facts, null),
    authorities: [{ name: 'summary', key: { data: pem, hashAlgorithm: 'sha256' }, attestations }],
  }))
}

const withHash = ({ baseUrl, key }: PemLog): Plain => ({
  baseURL: baseUrl,
  hashAlgorithm: 'sha-256',
  publicKey: inBase64(key),
})

function trustRoot(facts: KitFacts, root: KitRoot): Resource {
  const { authorities, logs, certificateLogs, timestamps } = pemRoot(root)
  const authority = ({ uri, organization, commonName, chain }: (typeof authorities)[number]): Plain => ({
    subject: { organization, commonName },
    uri,
    certChain: inBase64(chain),
  })
  const sigstoreKeys = {
    certificateAuthorities: authorities.map(authority),
    // One key of another kind makes it refuse the whole root.
    tLogs: logs.filter(({ ecdsa }) => ecdsa).map(withHash),
    ctLogs: certificateLogs.filter(({ ecdsa }) => ecdsa).map(withHash),
    timestampAuthorities: timestamps.map(authority),
  }
  return {
    apiVersion: 'policy.sigstore.dev/v1alpha1',
    kind: 'TrustRoot',
    metadata: { name: rootName(facts, root) },
    spec: { sigstoreKeys },
  }
}

const steps = [
  'Run policy-controller with `--disable-tuf`, so that it looks for no root of trust outside.',
  'Set `no-match-policy: deny` in the ConfigMap config-policy-controller, and label the namespaces `policy.sigstore.dev/include: "true"`: it judges no other.',
  'Apply TrustRoot files first, if there are any, then all ClusterImagePolicy files. They are of the group policy.sigstore.dev; OpenShift has a kind of the same name.',
  'All policies about an image must hold: two keys are two policies. Leave none out.',
  'Check that it refuses: `policy-tester --policy FILE --image TARGET/UNSIGNED@DIGEST` must end with 1, for each file.',
]

/** Sigstore's policy-controller. */
export const policyController: Engine = (facts) => {
  const { strange } = sorted(facts)
  const { asked, unasked } = demandsOf(facts)
  const place = targetPlace(facts)
  const said = asked.map((demand) => ({
    demand,
    specs: isGlob(place) ? specsOf(facts, demand) : null,
  }))
  const unsaid = said.flatMap(({ demand, specs }) =>
    specs === null
      ? (demand.repositories ?? [place])
      : (demand.repositories ?? []).filter((one) => !isGlob(one)),
  )
  const isLanding = facts.trust.kind === 'landing'
  const specs = [...said.flatMap((one) => one.specs ?? []), ...(isGlob(place) ? summarySpecs(facts) : [])]
  const roots = facts.trust.kind === 'signers' ? facts.trust.roots : []
  return {
    versions: 'policy-controller 0.13 (tried with the tester of 0.13.0)',
    files: resourceFiles([
      ...roots.map((root) => trustRoot(facts, root)),
      ...specs.map((spec, i) => ({
        apiVersion: 'policy.sigstore.dev/v1beta1',
        kind: 'ClusterImagePolicy',
        metadata: { name: resourceName('sallyport', facts, { i, own: !isLanding }) },
        spec: { mode: 'enforce', ...spec },
      })),
    ]),
    steps,
    notExpressed: [
      ...strangeNames(strange),
      ...leftOut(
        'What its patterns or authorities cannot say',
        unsaid,
        'No policy is about it: with no-match-policy deny it is refused.',
      ),
      ...leftOut(
        'Repositories for which the policy asks no signature',
        unasked,
        'No policy is about them: with no-match-policy deny they are refused.',
      ),
      ...(isLanding ? keyNeedsOlderForm : []),
      ...(roots.length > 0 ? rootsLoseLogs : []),
      copiedAlong,
      fromElsewhere,
      ...rulesNotHeld(facts, isLanding ? 'seal' : 'signers', ['signedBy']),
    ],
  }
}

const keyNeedsOlderForm: readonly NotExpressed[] = [
  {
    rule: 'Seals as bundles',
    means:
      'With a key it reads the older form alone, at the tags sha256-….sig and .att. A registry that lost these tags makes it refuse.',
  },
]

const rootsLoseLogs: readonly NotExpressed[] = [
  {
    rule: 'Signatures as bundles by people whom an issuer vouched for',
    means:
      'Under a TrustRoot that names keys, version 0.13 finds no log of a bundle, of signatures or of certificates (tried): what has no signature of the older form, in a log of the first kind, is refused. Keys of logs that are not ECDSA are left out of the TrustRoot, or it would take none of it.',
  },
]

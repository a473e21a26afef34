import { demandsOf, type KitSigner } from './demands.ts'
import type { Engine, KitFacts, KitItem, KitRoot, NotExpressed } from './kit-facts.ts'
import { hexOf } from '../../../shared/digest.ts'
import { sha256Hex } from '../../platform/hash.ts'
import { copiedAlong, fromElsewhere, leftOut, rulesNotHeld, strangeNames } from './not-expressed.ts'
import { inOrder, sorted } from './places.ts'
import { resourceName } from './resource-name.ts'
import { resourceFiles, type Plain, type Resource } from './yaml-file.ts'

const namespace = 'flux-system'
/** What Flux fetches by itself. Images are pulled by nodes, which ask other engines. */
const kinds = new Set(['chart', 'manifests', 'artifact'])
const inBase64 = (text: string): string => Buffer.from(text).toString('base64')

// Go's regular expressions: everything that is not a letter or a digit stands for itself, from beginning to end.
const exactly = (text: string): string => `^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`

/** A name for a resource from that of a repository: at most 63 signs, and no two alike. */
function nameOf({ repository, digest }: KitItem): string {
  const plain = (repository.split('/').at(-1) ?? '').replace(/[^a-z0-9]+/g, '-').slice(0, 40)
  return `${plain.replace(/^-+|-+$/g, '')}-${sha256Hex(`${repository}@${digest}`).slice(0, 12)}`
}

interface Verify {
  readonly verify: { readonly [name: string]: Plain }
  readonly secrets: readonly Resource[]
}

const secret = (name: string, data: { readonly [name: string]: Plain }): Resource => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace },
  type: 'Opaque',
  data,
})

/** Any of these keys: Flux tries each one of the secret. */
function byKeys(facts: KitFacts, keys: readonly (KitSigner & { readonly kind: 'key' })[]): Verify {
  const own = sha256Hex(JSON.stringify(keys.map(({ pem }) => pem))).slice(0, 8)
  const name = resourceName(`sallyport-keys-${own}`, facts)
  const data = Object.fromEntries(keys.map(({ pem }, i) => [`signer-${i + 1}.pub`, inBase64(pem)]))
  return { verify: { provider: 'cosign', secretRef: { name } }, secrets: [secret(name, data)] }
}

function byPeople(
  facts: KitFacts,
  people: readonly (KitSigner & { readonly kind: 'person' })[],
  root: KitRoot,
): Verify {
  const name = resourceName(`sallyport-root-${hexOf(root.digest).slice(0, 8)}`, facts)
  const matchOIDCIdentity = people.map(({ issuer, identity }) => ({
    issuer: exactly(issuer ?? ''),
    subject: exactly(identity),
  }))
  return {
    verify: { provider: 'cosign', matchOIDCIdentity, trustedRootSecretRef: { name } },
    secrets: [secret(name, { 'trusted_root.json': root.bytes.toString('base64') })],
  }
}

/** Flux knows “any of these keys” and “any of these people under one root”, and nothing beside it. */
function verifyBy(facts: KitFacts, of: readonly KitSigner[]): Verify | null {
  const keys = of.flatMap((one) => (one.kind === 'key' ? [one] : []))
  const people = of.flatMap((one) => (one.kind === 'person' && one.issuer !== null ? [one] : []))
  if (keys.length === of.length) return byKeys(facts, keys)
  const [root] = people[0]?.roots ?? []
  const isOne =
    people.length === of.length && people.every(({ roots }) => roots.length === 1 && roots[0] === root)
  return isOne && root !== undefined ? byPeople(facts, people, root) : null
}

/** How each repository is verified; `null` where Flux cannot ask all that is asked. */
function verifications(facts: KitFacts): (repository: string) => Verify | null {
  const { asked } = demandsOf(facts)
  if (facts.trust.kind === 'landing') {
    const verify = verifyBy(
      facts,
      asked.flatMap(({ groups }) => groups.flatMap(({ of }) => of)),
    )
    return () => verify
  }
  const found = new Map<string, Verify | null>()
  for (const { repositories, groups } of asked) {
    const [group, other] = groups
    const one =
      group !== undefined && other === undefined && group.least === 1 ? verifyBy(facts, group.of) : null
    for (const repository of repositories ?? []) found.set(repository, one)
  }
  return (repository) => found.get(repository) ?? null
}

function source(facts: KitFacts, item: KitItem, { verify }: Verify): Resource {
  const layer = { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', operation: 'copy' }
  return {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'OCIRepository',
    metadata: { name: nameOf(item), namespace },
    spec: {
      interval: '10m',
      url: `oci://${item.repository}`,
      ref: { digest: item.digest },
      ...(facts.target.plainHttp ? { insecure: true } : {}),
      ...(item.kind === 'chart' ? { layerSelector: layer } : {}),
      verify,
    },
  }
}

const steps = [
  'Apply the Secret files, then the OCIRepository files; put what uses them (HelmRelease with chartRef, Kustomization with sourceRef) under the names that stand in them.',
  'They are in the namespace flux-system. What uses them from another one names that namespace.',
  'A HelmChart or HelmRepository that names a chart by itself is not verified against these roots: use the OCIRepository.',
  'Check that it refuses: apply one OCIRepository with the digest of something that has no seal. Its condition SourceVerified must be False.',
]

/** Flux: charts, manifests and other artifacts by digest, verified before they are used. */
export const flux: Engine = (facts) => {
  const { items, strange } = sorted(facts)
  const verifyOf = verifications(facts)
  const once = new Map(
    items.filter(({ kind }) => kinds.has(kind)).map((one) => [`${one.repository}@${one.digest}`, one]),
  )
  const wanted = inOrder([...once.keys()]).flatMap((key) => once.get(key) ?? [])
  const sources: Resource[] = []
  const secrets = new Map<string, Resource>()
  const unsaid: string[] = []
  for (const item of wanted) {
    const verify = verifyOf(item.repository)
    if (verify === null) {
      unsaid.push(item.repository)
      continue
    }
    sources.push(source(facts, item, verify))
    for (const one of verify.secrets) secrets.set(JSON.stringify(one.metadata), one)
  }
  const isLanding = facts.trust.kind === 'landing'
  const two = facts.trust.kind === 'landing' && facts.trust.keys.length > 1
  return {
    versions: 'Flux 2.9 with source-controller 1.9 or newer (by its published schema; not run here)',
    files: resourceFiles([...secrets.values(), ...sources]),
    steps,
    notExpressed: [
      ...strangeNames(strange),
      ...leftOut(
        'Repositories whose signers Flux cannot ask for, or for which the policy asks none',
        unsaid,
        'They have no file here.',
      ),
      ...(two ? [anyKey] : []),
      anyStatement,
      imagesElsewhere,
      copiedAlong,
      fromElsewhere,
      ...rulesNotHeld(facts, isLanding ? 'seal' : 'signers', isLanding ? [] : ['signedBy']),
    ],
  }
}

const anyKey: NotExpressed = {
  rule: 'Both who decided have sealed it',
  means: 'Flux takes it when one of the keys has. One of the two people alone can let something in here.',
}

const anyStatement: NotExpressed = {
  rule: 'A seal is a seal, and a summary says PASSED',
  means:
    'Flux takes every bundle by the key for a signature, whatever it states. A summary that says FAILED must never be put beside an artifact under the same key.',
}

const imagesElsewhere: NotExpressed = {
  rule: 'Images',
  means:
    'Flux fetches charts, manifests and artifacts. The images in them are pulled by the nodes: use another kit for these.',
}

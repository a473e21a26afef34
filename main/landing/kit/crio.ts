import { sha256Hex } from '../../platform/hash.ts'
import { anyOfEach, demandsOf, type Demand, type KitSigner } from './demands.ts'
import type { Engine, KitFacts, KitFile, NotExpressed } from './kit-facts.ts'
import { leftOut, rulesNotHeld, strangeNames } from './not-expressed.ts'
import { hostOf, inOrder, sorted, targetPlace } from './places.ts'
import { formerNames, relocationsOf, type Relocation } from './relocations.ts'
import { pemRoot } from './roots.ts'
import { toml } from './toml.ts'
import { yamlFile, type Plain } from './yaml-file.ts'

/** Where the keys and certificates of this kit are put. */
const folder = '/etc/sallyport'

/** Keys and certificates, each once, in files of their own: policy.json names them with every repository. */
class Material {
  readonly files = new Map<string, KitFile>()

  /** The path at which an engine finds it. */
  put(text: string, ending: 'pub' | 'pem'): string {
    const path = `keys/${sha256Hex(text).slice(0, 16)}.${ending}`
    this.files.set(path, { path, bytes: Buffer.from(text) })
    return `${folder}/${path}`
  }
}

/** Under which name the signature must be: its own, or another repository's. */
type SignedName =
  | { readonly type: 'matchRepository' }
  | { readonly type: 'exactRepository'; readonly dockerRepository: string }

/** One requirement of policy.json: any of these keys, or one person; `null` for what it cannot say. */
function requirement(
  set: readonly KitSigner[],
  signedIdentity: SignedName,
  material: Material,
): Plain | null {
  const [first] = set
  if (first?.kind === 'person' && set.length === 1) return byPerson(first, signedIdentity, material)
  const keys = set.flatMap((one) => (one.kind === 'key' ? [material.put(one.pem, 'pub')] : []))
  if (keys.length !== set.length || keys.length === 0) return null
  const [keyPath = ''] = keys
  return keys.length === 1
    ? { type: 'sigstoreSigned', keyPath, signedIdentity }
    : { type: 'sigstoreSigned', keyPaths: keys, signedIdentity }
}

// It knows e-mail addresses only, one authority, and wants a log.
function byPerson(
  { issuer, identity, roots }: KitSigner & { readonly kind: 'person' },
  signedIdentity: SignedName,
  material: Material,
): Plain | null {
  const [root] = roots
  const isMail = /^[^\s@]+@[^\s@]+$/.test(identity)
  if (root === undefined || roots.length > 1 || issuer === null || !isMail) return null
  // It takes no keys of logs but those of ECDSA, and stops at another one.
  const { authorities, logs: all } = pemRoot(root)
  const logs = all.filter(({ ecdsa }) => ecdsa)
  if (authorities.length === 0 || logs.length === 0) return null
  return {
    type: 'sigstoreSigned',
    fulcio: {
      caPath: material.put(authorities.map(({ chain }) => chain).join(''), 'pem'),
      oidcIssuer: issuer,
      subjectEmail: identity,
    },
    rekorPublicKeyPaths: logs.map(({ key }) => material.put(key, 'pub')),
    signedIdentity,
  }
}

/** What policy.json asks of one demand: all of it, or `null` where it cannot ask all of it. */
function requirements({ groups }: Demand, signedIdentity: SignedName, material: Material): Plain[] | null {
  const all: Plain[] = []
  for (const group of groups) {
    const sets = anyOfEach(group)
    if (sets === null) return null
    for (const set of sets) {
      const one = requirement(set, signedIdentity, material)
      if (one === null) return null
      all.push(one)
    }
  }
  return all.length === 0 ? null : all
}

/** What is asked of which beginning of names, and what cannot be asked. */
interface Scopes {
  readonly scopes: ReadonlyMap<string, readonly Plain[]>
  readonly unsaid: readonly string[]
}

/** By the seals: of everything below the target, and of each name that is looked for there instead. */
function bySeals(facts: KitFacts, moved: readonly Relocation[], material: Material): Scopes {
  const scopes = new Map<string, readonly Plain[]>()
  for (const demand of demandsOf(facts).asked) {
    scopes.set(
      targetPlace(facts),
      requirements(demand, { type: 'matchRepository' }, material) ?? [{ type: 'reject' }],
    )
    for (const { from, to } of moved) {
      const name = { type: 'exactRepository', dockerRepository: to } as const
      scopes.set(from, requirements(demand, name, material) ?? [{ type: 'reject' }])
    }
  }
  return { scopes, unsaid: [] }
}

/** By the original signers: their signatures have the names that things had before. */
function bySigners(facts: KitFacts, repositories: readonly Relocation[], material: Material): Scopes {
  const former = formerNames(repositories)
  const scopes = new Map<string, readonly Plain[]>()
  const unsaid: string[] = []
  for (const demand of demandsOf(facts).asked) {
    for (const repository of demand.repositories ?? []) {
      const from = former.get(repository)
      const name = { type: 'exactRepository', dockerRepository: from ?? repository } as const
      const asked = from === null ? null : requirements(demand, name, material)
      if (asked === null) {
        unsaid.push(repository)
        continue
      }
      scopes.set(repository, asked)
      if (typeof from === 'string') scopes.set(from, asked)
    }
  }
  return { scopes, unsaid }
}

function policyFile({ scopes }: Scopes): KitFile {
  const docker = Object.fromEntries(inOrder([...scopes.keys()]).map((name) => [name, scopes.get(name) ?? []]))
  const document = { default: [{ type: 'reject' }], transports: { docker } }
  return { path: 'policy.json', bytes: Buffer.from(`${JSON.stringify(document, null, 2)}\n`) }
}

/** Where signatures are looked for: beside the image, at the target and by the names that lead there. */
function attachmentsFile(places: readonly string[]): KitFile {
  const docker = Object.fromEntries(places.map((place) => [place, { 'use-sigstore-attachments': true }]))
  return yamlFile('registries.d/sallyport.yaml', { docker }, 'quoted')
}

/** Which name is looked for where: by digest only, and never at its first home. */
function mirrorsFile({ target }: KitFacts, prefixes: readonly Relocation[]): KitFile {
  const home = target.plainHttp
    ? [{ name: ['registry'], list: true, values: { location: target.host, insecure: true } }]
    : []
  const tables = prefixes.flatMap(({ from, to }) => [
    // Blocked is the first home alone: mirrors are other places.
    { name: ['registry'], list: true, values: { prefix: from, location: from, blocked: true } },
    {
      name: ['registry', 'mirror'],
      list: true,
      values: { location: to, insecure: target.plainHttp, 'pull-from-mirror': 'digest-only' },
    },
  ])
  return { path: 'registries.conf.d/sallyport.conf', bytes: toml([...home, ...tables]) }
}

const steps = [
  `Put the folder keys into ${folder}: policy.json names the files there. Where one is missing, all that it is asked for is refused.`,
  'policy.json refuses everything that it does not name. Put it in place of /etc/containers/policy.json of every node; keep the scopes of earlier kits that are still in use, for there is one such file.',
  'Everything else that nodes pull must be named too, the pause image of CRI-O before all: land it as well. To save, load or push from the store of the node or a folder, put another file beside it and name it with --policy.',
  'Put registries.d/sallyport.yaml into /etc/containers/registries.d. Without it no signature is looked for, and all is refused. No other file there may name the same places: the programs then stop.',
  'Put registries.conf.d/sallyport.conf into /etc/containers/registries.conf.d. Old names are then looked for at the target, by digest alone; by a tag they are refused.',
  'Restart CRI-O. podman, skopeo and bootc read the files each time.',
  'Check that it refuses: `skopeo copy docker://TARGET/UNSIGNED oci:/tmp/x` must end with “Source image rejected”. Do it with an image without a seal, and with a sealed one that was copied to another name.',
]

/** CRI-O, podman, skopeo, bootc: all that reads policy.json of containers/image. */
export const crio: Engine = (facts) => {
  const { items, strange } = sorted(facts)
  const { prefixes, repositories, twice } = relocationsOf(items)
  // What was called by the target's own host is not looked for elsewhere: the target's own scope is about it.
  const moved = repositories.filter(({ from }) => hostOf(from) !== facts.target.host)
  const material = new Material()
  const isLanding = facts.trust.kind === 'landing'
  const found = (isLanding ? bySeals : bySigners)(facts, moved, material)
  const led = prefixes.filter(({ from }) => hostOf(from) !== facts.target.host)
  const { unasked } = demandsOf(facts)
  return {
    versions:
      'all that reads policy.json of containers/image: tried with skopeo 1.23.0; CRI-O, podman and bootc of that time by their documentation; the skopeo of Debian 12 refuses such a policy',
    files: [
      policyFile(found),
      ...material.files.values(),
      attachmentsFile(inOrder([targetPlace(facts), ...led.map(({ from }) => from)])),
      mirrorsFile(facts, led),
    ],
    steps,
    notExpressed: [
      ...strangeNames(strange),
      ...leftOut('Names that went to two places', twice, 'They are refused by their old name.'),
      ...leftOut('Repositories for which the policy asks no signature', unasked, 'They are refused here.'),
      ...leftOut(
        'Repositories whose signers policy.json cannot ask for (a person without an e-mail address, several people of whom some are enough, several roots)',
        found.unsaid,
        'They are refused here.',
      ),
      ...bundlesUnseen,
      ...rulesNotHeld(facts, isLanding ? 'seal' : 'signers', ['signedBy']),
    ],
  }
}

const bundlesUnseen: readonly NotExpressed[] = [
  {
    rule: 'Signatures as bundles, and verification summaries',
    means:
      'These programs read the older form at the tag sha256-….sig only. A summary, also one that says FAILED, is not looked at.',
  },
]

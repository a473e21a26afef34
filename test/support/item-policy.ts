import { itemRules } from '../../main/policy/items.ts'
import { parsePolicy } from '../../main/policy/parse.ts'
import type { PolicyTime } from '../../main/policy/age.ts'
import { readVerifierKey } from '../../main/sigstore/verifier-key.ts'
import type { Item } from '../../shared/waybill.ts'
import { assessed, subject } from './attacks/evidence.ts'
import { build } from './attacks/provenance.ts'
import { statement, type BundlePlan } from './authority/bundle.ts'
import { sharedKey } from './authority/scheme.ts'
import { alice, trust } from './authority/world.ts'
import { generalName, subjectAltName } from './pki/extensions.ts'
import { pem } from './pki/key.ts'
import { policyTime } from './policy-time.ts'

/* What a policy makes of one image, by evidence of the made-up authority. */

const { spki } = sharedKey('p256')
const mine = readVerifierKey(spki)
const ed = readVerifierKey(sharedKey('ed25519').spki)
const keyOf = (name: string, key: typeof mine): string =>
  `  - name: ${name}\n    fingerprint: ${key.fingerprint}\n    key: |\n${pem('PUBLIC KEY', key.spki).trim().replaceAll(/^/gm, '      ')}`

/** Those whom the policies of these tests name: alice, bob and builder by certificate, key and ed by key. */
export const identities = `
  - {name: alice, issuer: '${alice.issuer}', identity: '${alice.san}'}
  - {name: bob, issuer: '${alice.issuer}', identity: 'bob@priv.test'}
  - {name: builder, issuer: '${build.issuer}', identity: '${build.workflow}'}
${keyOf('key', mine)}
${keyOf('ed', ed)}
`

/** The image that they are about. */
export const image: Pick<Item, 'kind' | 'name' | 'root' | 'reference'> = {
  kind: 'image',
  name: 'registry.test/app',
  reference: 'registry.test/app:v1',
  root: {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: subject,
    size: 1,
    artifactType: null,
  },
}

/** An attestation by Alice, unless said otherwise. */
export const said = (predicateType: string, predicate: object, more: BundlePlan = {}): BundlePlan => ({
  content: 'envelope',
  payload: statement({ predicateType, predicate }),
  ...more,
})
export const byBob: BundlePlan = { leaf: { names: [subjectAltName([generalName.email('bob@priv.test')])] } }
export const byKey: BundlePlan = { signer: 'key', logs: [], stamps: [] }

interface Asked {
  /** What the one rule asks; none where there is no rule at all. */
  readonly asks?: string
  /** Other members of the policy. */
  readonly more?: string
  readonly time?: Partial<PolicyTime>
  readonly item?: Partial<typeof image>
  readonly knows?: Parameters<typeof assessed>[1]
}

/** The results of one check, each as `[result reason, found]`. */
export async function judged(
  plans: readonly BundlePlan[],
  check: string,
  { asks, more = '', time = {}, item = {}, knows }: Asked,
): Promise<(readonly [string, string])[]> {
  const items = asks === undefined ? '' : `items:\n  - {kind: image, name: '**', ${asks}}\n`
  const policy = parsePolicy(
    Buffer.from(`sallyport: policy/v1\nversion: 1\nidentities:${identities}${items}${more}`),
  )
  const evidence = await assessed(plans, knows ?? { roots: [trust], keys: [mine, ed] })
  return itemRules(policy, { ...image, ...item }, evidence, { ...policyTime, ...time })
    .filter(({ id }) => id === check)
    .map(({ result, reason, found }) => [`${result} ${reason}`, found] as const)
}

/** The same, as the words before what was found. */
export async function results(...words: Parameters<typeof judged>): Promise<string[]> {
  return (await judged(...words)).map(([result]) => result)
}

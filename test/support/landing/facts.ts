import type { Digest } from '../../../shared/digest.ts'
import type { Policy } from '../../../shared/policy.ts'
import { zPolicy } from '../../../shared/policy.ts'
import type { KitFacts, KitItem, KitKey, KitTrust } from '../../../main/landing/kit/kit-facts.ts'

/** A digest that names nothing, by one hex digit. */
export const digest = (sign: string): Digest => `sha256:${sign.repeat(64)}`

/** A public key on P-256 that nobody signs with. */
export const somePem = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE7D2WvgqSzs9jpdJsOJ5Nl6xg8JXm
Nmo7M3bN7+dQddw9Ibc2R3SV8tzBZw0rST8FKcn4apJepcKM4qUpYUeNfw==
-----END PUBLIC KEY-----
`

const landingKey: KitKey = { name: 'landing', pem: somePem, fingerprint: 'a'.repeat(64) }

export const landingTrust: KitTrust = { kind: 'landing', keys: [landingKey] }

/** A policy document with these members. */
export const policyOf = (members: object = {}): Policy =>
  zPolicy.parse({ sallyport: 'policy/v1', version: 1, ...members })

/** An image that was `docker.io/NAME:1` and landed below `registry.site.example/mirror` under the same path. */
export const image = (name: string, more: Partial<KitItem> = {}): KitItem => ({
  from: `docker.io/${name}:1`,
  name: `docker.io/${name}`,
  kind: 'image',
  repository: `registry.site.example/mirror/${name}`,
  tag: '1',
  digest: digest('1'),
  platforms: [],
  ...more,
})

/** Facts of a kit, with what a test says otherwise. */
export const kitFacts = (more: Partial<KitFacts> = {}): KitFacts => ({
  site: 'Site North',
  at: '2026-11-27T06:45:00Z',
  consignment: '2026-11-27-a',
  waybill: digest('b'),
  policy: { digest: digest('c'), document: policyOf() },
  target: { host: 'registry.site.example', prefix: 'mirror', plainHttp: false },
  landed: [image('library/nginx')],
  trust: landingTrust,
  gate: landingKey,
  ...more,
})

import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { engines } from '../../main/landing/kit/engines.ts'
import type { KitFacts, KitTrust } from '../../main/landing/kit/kit-facts.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { worldRoot } from '../support/authority/world.ts'
import { missingGo } from '../support/go-modules.ts'
import { publishedKind, type Kind, type Published } from '../support/landing/crd.ts'
import { digest, image, kitFacts, landingTrust, policyOf, somePem } from '../support/landing/facts.ts'

if (missingGo !== null)
  console.log(`Not run: files of kits by the schemas of their projects, because ${missingGo}.`)

const openshift = { module: 'github.com/openshift/api', version: 'v0.0.0-20260709102940-580f1c1ba691' }
const sigstore = { module: 'github.com/sigstore/policy-controller', version: 'v0.13.0' }
const kyverno = { module: 'github.com/kyverno/kyverno', version: 'v1.19.1' }
const older = { module: 'github.com/kyverno/kyverno', version: 'v1.17.1' }
const flux = { module: 'github.com/fluxcd/source-controller', version: 'v1.9.0' }
const crds = 'payload-manifests/crds/0000_10_config-operator_01'

const published: Readonly<Record<string, Published>> = {
  'openshift/ClusterImagePolicy': { ...openshift, file: `${crds}_clusterimagepolicies.crd.yaml` },
  'openshift/ImageDigestMirrorSet': { ...openshift, file: `${crds}_imagedigestmirrorsets.crd.yaml` },
  'policy-controller/ClusterImagePolicy': { ...sigstore, file: 'config/300-clusterimagepolicy.yaml' },
  'policy-controller/TrustRoot': { ...sigstore, file: 'config/300-trustroot.yaml' },
  'kyverno/ImageValidatingPolicy': {
    ...kyverno,
    file: 'config/crds/policies.kyverno.io/policies.kyverno.io_imagevalidatingpolicies.yaml',
  },
  'kyverno/ClusterPolicy': { ...older, file: 'config/crds/kyverno/kyverno.io_clusterpolicies.yaml' },
  'flux/OCIRepository': { ...flux, file: 'config/crd/bases/source.toolkit.fluxcd.io_ocirepositories.yaml' },
}

const root = { name: 'private', digest: digestOf(worldRoot()), bytes: worldRoot() }
const identities = [
  { name: 'release', key: somePem, fingerprint: 'a'.repeat(64) },
  {
    name: 'alice',
    issuer: 'https://issuer.priv.test',
    identity: 'alice@priv.test',
    pins: {},
    logs: 1,
    times: 1,
    scts: 1,
  },
]
const document = policyOf({
  identities,
  items: [
    { kind: 'image', name: 'docker.io/library/*', signedBy: { identities: ['release'] } },
    { kind: 'image', name: 'docker.io/team/*', signedBy: { identities: ['alice'] } },
    { kind: 'any', name: '**/both', signedBy: { identities: ['alice', 'release'], least: 2 } },
    { kind: 'chart', name: '**', signedBy: { identities: ['alice'] } },
  ],
})
const landed = [
  image('library/nginx'),
  image('team/app', { digest: digest('2'), tag: null }),
  image('other/both', { digest: digest('3') }),
  image('charts/shop', { kind: 'chart', digest: digest('4') }),
  image('team/moved', { repository: 'registry.site.example/mirror/elsewhere/renamed', digest: digest('5') }),
]
const two: KitTrust = {
  kind: 'landing',
  keys: ['one', 'two'].map((name) => ({ name, pem: somePem, fingerprint: 'b'.repeat(64) })),
}
const cases: { readonly name: string; readonly facts: KitFacts }[] = [
  { name: 'one key', facts: kitFacts({ landed, trust: landingTrust }) },
  { name: 'two keys', facts: kitFacts({ landed, trust: two }) },
  {
    name: 'a registry without TLS and prefix',
    facts: kitFacts({
      landed: [image('team/app', { repository: '127.0.0.1:5000/team/app' })],
      target: { host: '127.0.0.1:5000', prefix: '', plainHttp: true },
    }),
  },
  {
    name: 'original signers',
    facts: kitFacts({
      landed,
      policy: { digest: digest('c'), document },
      trust: { kind: 'signers', identities: document.identities, roots: [root] },
    }),
  },
  {
    name: 'ten thousand images',
    facts: kitFacts({
      landed: Array.from({ length: 10_000 }, (_, i) => image(i % 2 === 0 ? `library/n${i}` : `team/n${i}`)),
      policy: { digest: digest('c'), document },
      trust: { kind: 'signers', identities: document.identities, roots: [root] },
    }),
  },
]

describe.skipIf(missingGo !== null)('files of kits by the schemas that their projects publish', () => {
  const kinds = new Map<string, Kind>()
  beforeAll(() => {
    for (const [name, where] of Object.entries(published)) kinds.set(name, publishedKind(where))
  }, 900_000)

  const seen = new Set<string>()
  it.each(cases)(
    '$name',
    ({ facts }) => {
      for (const engine of ['openshift', 'policy-controller', 'kyverno', 'flux'] as const) {
        for (const { path, bytes } of engines[engine](facts).files) {
          const resource = parse(bytes.toString('utf8')) as { kind: string }
          if (resource.kind === 'Secret') continue
          const name = `${engine}/${resource.kind}`
          seen.add(name)
          expect([path, kinds.get(name)?.problems(resource)]).toEqual([path, []])
          expect(bytes.length).toBeLessThan(1_000_000)
        }
      }
    },
    300_000,
  )

  it('asked every schema', () => {
    expect([...seen].sort()).toEqual(Object.keys(published).sort())
  })

  it('a member that a schema does not name is found', () => {
    const [file] = engines.kyverno(kitFacts()).files
    const resource = parse(file!.bytes.toString('utf8')) as { spec: object }
    const kind = kinds.get('kyverno/ImageValidatingPolicy')
    expect(kind?.problems({ ...resource, spec: { ...resource.spec, verifyAll: true } })).toHaveLength(1)
  })

  // What OpenShift checks beside its schema, in rules of its own.
  it('OpenShift takes the names of scopes', () => {
    const text = kinds.get('openshift/ClusterImagePolicy')?.text ?? ''
    const { spec } = parse(text) as { spec: { versions: { schema: { openAPIV3Schema: object } }[] } }
    const said = JSON.stringify(spec.versions[0]?.schema.openAPIV3Schema)
    const rule = /!self\.contains\('\*'\) \? self\.matches\('(.*?)'\) : true/.exec(said)?.[1] ?? ''
    const pattern = new RegExp(
      (JSON.parse(`"${rule}"`) as string).replace(/\\\\/g, '\\').replace('[[:xdigit:]]', '[0-9a-fA-F]'),
    )
    for (const { facts } of cases.slice(0, 4)) {
      for (const { path, bytes } of engines.openshift(facts).files) {
        const one = parse(bytes.toString('utf8')) as { kind: string; spec: { scopes: string[] } }
        if (one.kind !== 'ClusterImagePolicy') continue
        for (const scope of one.spec.scopes)
          expect([path, scope]).toEqual([path, expect.stringMatching(pattern)])
      }
    }
    expect('registry:5000/x').not.toMatch(pattern)
  })
})

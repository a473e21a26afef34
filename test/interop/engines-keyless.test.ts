import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { KitFacts, KitItem } from '../../main/landing/kit/kit-facts.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { alice, world, worldRoot, type LeafPlan } from '../support/authority/world.ts'
import { hasDockerRegistry } from '../support/docker-registry.ts'
import { buildPrograms, missingPrograms, programPath } from '../support/go-programs.ts'
import { Content, layer } from '../support/images.ts'
import { alone, missingAlone, type Ended } from '../support/landing/alone.ts'
import { policyOf } from '../support/landing/facts.ts'
import { prefix, startFarSide, type FarSide } from '../support/landing/site.ts'
import { generalName, subjectAltName } from '../support/pki/extensions.ts'
import { about, putEvidence } from '../support/signed-image.ts'

const needs = ['cosign', 'policy-tester', 'kyverno-1.19'] as const
const missing =
  missingPrograms(needs) ?? missingAlone ?? (hasDockerRegistry ? null : 'there is no docker-registry')
if (missing !== null) console.log(`Not run: original signers by engines of Kubernetes, because ${missing}.`)

/*
 * Bundles with a log of the first kind, by the made-up authority of these tests: policy-controller 0.13 knows no log of the
 * second kind, and the servers that are run here have no other.
 */
describe.skipIf(missing !== null)(
  'original signers whom an issuer vouched for, under a private root, offline',
  () => {
    let far: FarSide
    const landed = new Map<string, KitItem>()
    beforeAll(async () => {
      buildPrograms(needs)
      far = await startFarSide([])
      await land('alice', {})
      await land('bob', { names: [subjectAltName([generalName.email('bob@priv.test')])] })
      await land('nobody', null)
    }, 1_800_000)
    afterAll(() => far.close())

    const item = (name: string): KitItem => landed.get(name)!
    const pinned = (name: string): string => `${item(name).repository}@${item(name).digest}`

    /** An image with a signature as referrer, found by the tag that stands in for the referrers API. */
    async function land(name: string, leaf: LeafPlan | null): Promise<void> {
      const content = new Content()
      const image = content.image({ os: 'linux', architecture: 'amd64' }, [layer('name', Buffer.from(name))])
      const tags: Record<string, typeof image> = { v1: image }
      if (leaf !== null) {
        putEvidence(content, image, { ...about(image), leaf, logs: [world.one] })
        const [digest = '', mediaType = ''] = [...content.manifests].at(-1) ?? []
        const artifactType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
        const referrer = { mediaType, digest, size: content.blobs.get(digest)?.length ?? 0, artifactType }
        tags[image.digest.replace(':', '-')] = content.index([referrer])
      }
      const place = `${prefix}/team/${name}`
      await far.registry.push(place, content, tags)
      const home = `registry.example/team/${name}`
      const digest = image.digest as KitItem['digest']
      const repository = `${far.registry.host}/${place}`
      landed.set(name, {
        from: `${home}:v1`,
        name: home,
        kind: 'image',
        repository,
        tag: 'v1',
        digest,
        platforms: [],
      })
    }

    function facts(): KitFacts {
      const bytes = worldRoot()
      const identities = [{ name: 'alice', issuer: alice.issuer, identity: alice.san }]
      const items = [{ kind: 'image', name: '**', signedBy: { identities: ['alice'] } }]
      const document = policyOf({ identities, items })
      const roots = [{ name: 'private', digest: digestOf(bytes), bytes }]
      const trust = { kind: 'signers' as const, identities: document.identities, roots }
      return { ...far.facts([...landed.values()], trust), policy: { digest: digestOf(bytes), document } }
    }

    const bySigstore = (reference: string): Promise<Ended> => {
      const kit = far.install('policy-controller', facts())
      const files = [
        '--policy',
        join(kit, 'ClusterImagePolicy.yaml'),
        '--trustroot',
        join(kit, 'TrustRoot.yaml'),
      ]
      const words = [programPath('policy-tester'), ...files, '--image', reference, '--log-level', 'error']
      return alone(far.registry, words, { HOME: far.folder })
    }

    // Neither takes it for somebody else's: both fail to read it, and refuse. Where that changes, so must the pages.
    it('policy-controller reads the root, and refuses bundles under it, as its page says', async () => {
      for (const name of ['alice', 'bob', 'nobody']) {
        const { code, said } = await bySigstore(pinned(name))
        expect(said).toContain('no signatures found')
        expect(said).not.toMatch(/trusted root|invalid|panic/)
        expect(code).toBe(1)
      }
    })

    // It looks for a root of trust outside before it reads the one that it is given: said on its page.
    it('Kyverno refuses all of them offline, as its page says', async () => {
      const kit = far.install('kyverno', facts())
      const pod = join(far.folder, 'pod.yaml')
      const spec = { containers: [{ name: 'one', image: pinned('alice') }] }
      writeFileSync(pod, stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod' }, spec }))
      const words = [
        'apply',
        join(kit, 'ImageValidatingPolicy.yaml'),
        '--resource',
        pod,
        '--registry',
        '-v',
        '6',
      ]
      const { code, said } = await alone(far.registry, [programPath('kyverno-1.19'), ...words], {
        HOME: far.folder,
      })
      expect(said).toMatch(/tuf/i)
      expect(said).toContain('It is not signed by those whom the policy of this side asks for.')
      expect(code).toBe(1)
    })
  },
)

import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { KitFacts, KitItem } from '../../main/landing/kit/kit-facts.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { legacySignature, simpleText } from '../support/attacks/legacy.ts'
import { alice, world, worldRoot, type LeafPlan } from '../support/authority/world.ts'
import { hasDockerRegistry } from '../support/docker-registry.ts'
import {
  buildPrograms,
  missingPrograms,
  notBuilt,
  programPath,
  type GoProgram,
} from '../support/go-programs.ts'
import { Content, layer, types } from '../support/images.ts'
import { alone, missingAlone, type Ended } from '../support/landing/alone.ts'
import { policyOf } from '../support/landing/facts.ts'
import { prefix, startFarSide, type FarSide } from '../support/landing/site.ts'
import { generalName, subjectAltName } from '../support/pki/extensions.ts'
import { about, putEvidence } from '../support/signed-image.ts'

const needs = ['cosign', 'policy-tester', 'kyverno-1.19', 'skopeo'] as const
const missing =
  missingPrograms(needs) ?? missingAlone ?? (hasDockerRegistry ? null : 'there is no docker-registry')
if (missing !== null) console.log(`Not run: original signers by engines of Kubernetes, because ${missing}.`)

/*
 * Signatures of both forms with a log of the first kind, by the made-up authority of these tests: the engines know no log of
 * the second kind in the older form, and the servers that are run here have no other.
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
      await land('bundled', {}, true)
      await land('only-bundle', {}, true, false)
    }, 1_800_000)
    afterAll(() => far.close())

    const item = (name: string): KitItem => landed.get(name)!
    const pinned = (name: string): string => `${item(name).repository}@${item(name).digest}`

    /** An image with a signature of the older form; as referrer too, found by the tag that stands in for the referrers API. */
    async function land(name: string, leaf: LeafPlan | null, bundled = false, older = true): Promise<void> {
      const content = new Content()
      const image = content.image({ os: 'linux', architecture: 'amd64' }, [layer('name', Buffer.from(name))])
      const tags: Record<string, typeof image> = { v1: image }
      const home = `registry.example/team/${name}`
      if (leaf !== null) {
        const tag = image.digest.replace(':', '-')
        const critical = {
          identity: { 'docker-reference': home },
          image: { 'docker-manifest-digest': image.digest },
        }
        const { bytes, ...named } = legacySignature({ leaf }, simpleText(critical))
        const config = content.blob('{"architecture":"","os":""}', types.config)
        const layers = [content.blob(bytes, named.mediaType, { annotations: named.annotations ?? {} })]
        if (older) tags[`${tag}.sig`] = content.manifest({ config, layers })
        putEvidence(content, image, { ...about(image), leaf, logs: [world.one] })
        const [digest = '', mediaType = ''] = [...content.manifests].at(-1) ?? []
        const artifactType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
        const referrer = { mediaType, digest, size: content.blobs.get(digest)?.length ?? 0, artifactType }
        if (bundled) tags[tag] = content.index([referrer])
      }
      const place = `${prefix}/team/${name}`
      await far.registry.push(place, content, tags)
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

    function podOf(image: string): string {
      const pod = join(far.folder, 'pod.yaml')
      const spec = { containers: [{ name: 'one', image }] }
      writeFileSync(pod, stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod' }, spec }))
      return pod
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

    const byClusterPolicy =
      (program: GoProgram) =>
      (reference: string): Promise<Ended> => {
        const kit = far.install('kyverno', facts())
        const words = ['apply', join(kit, 'ClusterPolicy.yaml'), '--resource', podOf(reference), '--registry']
        return alone(far.registry, [programPath(program), ...words], { HOME: far.folder })
      }

    async function bySkopeo(reference: string): Promise<Ended> {
      const kit = far.install('crio', facts())
      const policy = join(kit, 'policy.json')
      writeFileSync(policy, readFileSync(policy, 'utf8').replaceAll('/etc/sallyport', kit))
      return alone(far.registry, [
        programPath('skopeo'),
        ...['--policy', policy, '--registries.d', join(kit, 'registries.d')],
        ...['--registries-conf', join(kit, 'registries.conf.d/sallyport.conf')],
        ...['--override-os', 'linux', '--override-arch', 'amd64', 'copy', '--remove-signatures'],
        ...[
          '--src-tls-verify=false',
          `docker://${reference}`,
          `oci:${await mkdtemp(join(far.folder, 'out-'))}`,
        ],
      ])
    }

    it.each([
      { engine: 'policy-controller 0.13.0', judge: bySigstore },
      ...(notBuilt === null
        ? [{ engine: 'Kyverno 1.17.1, ClusterPolicy', judge: byClusterPolicy('kyverno-1.17') }]
        : []),
      { engine: 'Kyverno 1.19.1, ClusterPolicy', judge: byClusterPolicy('kyverno-1.19') },
      { engine: 'skopeo 1.23.0', judge: bySkopeo },
    ])('$engine admits what is signed by whom the policy names, and nothing else', async ({ judge }) => {
      expect(await judge(pinned('alice'))).toMatchObject({ code: 0 })
      const other = await judge(pinned('bob'))
      expect(other.said).toMatch(/none of the expected identities matched|subject mismatch|Required email/)
      expect(other.code).toBe(1)
      const none = await judge(pinned('nobody'))
      expect(none.said).toMatch(/no signatures found|no signature exists/)
      expect(none.code).toBe(1)
    })

    it('policy-controller refuses a signature that is a bundle alone, as its page says', async () => {
      const { code, said } = await bySigstore(pinned('only-bundle'))
      expect(said).toContain('no signatures found')
      expect(code).toBe(1)
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

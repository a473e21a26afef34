import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { done } from '../../support/command-line.ts'
import { decideBoth, makeCrossing, type Crossing } from '../../support/desks.ts'
import { eventsOf, lastOf } from '../../support/forged-desk.ts'
import { sampleImage, sha256, types, type SampleImage } from '../../support/images.ts'
import {
  acceptedImage,
  allowRegistry,
  blobAt,
  bundlesAt,
  bytesBy,
  carriedImage,
  contentOf,
  envelopeBy,
  exportTo,
  landingKey,
  manifestAt,
  recordedOf,
  referrersAt,
  statementIn,
  tagOf,
  tryExport,
  trySeal,
  type ReadBack,
} from '../../support/landing.ts'
import { TestRegistry } from '../../support/registry.ts'
import { highDesk } from '../../support/high-desk.ts'

/* What a sealing puts beside an image, to the byte; and what it refuses to seal. */

const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
const seal = 'https://sigstore.dev/cosign/sign/v1'
const vsa = 'https://slsa.dev/verification_summary/v1'

let crossing: Crossing
let registry: TestRegistry
let pub: string
let id: string
let sample: SampleImage
let count = 0
let place = ''
beforeAll(async () => {
  crossing = await makeCrossing()
  registry = await new TestRegistry().open()
  await allowRegistry(crossing, registry.host)
  pub = readFileSync(await landingKey(crossing), 'utf8')
  const made = await acceptedImage(crossing)
  id = made.id
  sample = made.sample
})
afterAll(async () => {
  await registry.close()
  await crossing.dispose()
})
beforeEach(() => {
  registry.switches.length = 0
  registry.referrersApi = true
  place = `try-${(count += 1)}`
})

const target = (): string => `${registry.host}/${place}`
const path = (): string => `${place}/app`
const name = (): string => `${registry.host}/${path()}`
const content = () => contentOf(registry, path())
const sealed = () => [sample.root.digest, sample.amd64.digest, sample.arm64.digest]
const events = () => recordedOf(crossing.high)
const acceptedAt = async (): Promise<string> => {
  const { facts } = lastOf(await eventsOf(crossing.high), 'decision.signed')
  return String(facts['at'])
}
const tag = (digest: string, kind: string): ReadBack | null =>
  manifestAt(registry, path(), `${tagOf(digest)}.${kind}`)

describe.each([
  ['with the referrers API', true],
  ['without it', false],
])('a registry %s', (_, api) => {
  beforeEach(async () => {
    registry.referrersApi = api
    await exportTo(crossing, id, target())
  })

  it('has two bundles at the index and at each platform, and at nothing else', () => {
    for (const digest of sealed()) {
      const found = bundlesAt(registry, path(), digest)
      expect(found.map(({ statement }) => statement.predicateType)).toEqual([seal, vsa])
      for (const { manifest, bundle, envelope, statement } of found) {
        const subject = registry.repository(path()).manifests.get(digest)
        expect(manifest).toEqual({
          schemaVersion: 2,
          mediaType: types.manifest,
          artifactType: bundleType,
          config: { mediaType: types.empty, digest: sha256('{}'), size: 2 },
          layers: [
            { mediaType: bundleType, digest: manifest.layers[0]?.digest, size: expect.any(Number) as number },
          ],
          subject: { mediaType: subject?.mediaType, digest, size: subject?.bytes.length },
          annotations: {
            'dev.sigstore.bundle.content': 'dsse-envelope',
            'dev.sigstore.bundle.predicateType': statement.predicateType,
            'org.opencontainers.image.created': expect.stringMatching(/^2026-11-22T09:/) as string,
          },
        })
        expect(bundle.mediaType).toBe(bundleType)
        expect(bundle.verificationMaterial).toEqual({ publicKey: { hint: expect.any(String) as string } })
        expect(envelope.payloadType).toBe('application/vnd.in-toto+json')
        expect(envelope.signatures).toHaveLength(1)
        expect(envelopeBy(envelope, pub)).toBe(true)
        expect(statement).toMatchObject({
          _type: 'https://in-toto.io/Statement/v1',
          subject: [{ name: name(), digest: { sha256: digest.slice(7) } }],
        })
      }
    }
    expect(referrersAt(registry, path(), sample.attestation.digest)).toEqual([])
    expect(manifestAt(registry, path(), `${tagOf(sample.attestation.digest)}.sig`)).toBeNull()
  })

  it('lists them at the tag that stands in for the API only where there is none', () => {
    for (const digest of sealed()) {
      const listed = manifestAt(registry, path(), tagOf(digest))
      if (api) expect(listed).toBeNull()
      else
        expect(
          listed?.manifests?.map(({ artifactType, annotations }) => [
            artifactType,
            annotations?.['dev.sigstore.bundle.predicateType'],
          ]),
        ).toEqual([
          [bundleType, seal],
          [bundleType, vsa],
        ])
    }
  })

  it('has the older seal with the new name, and the older summary', async () => {
    const at = Math.floor(Date.parse(await acceptedAt()) / 1000)
    for (const digest of sealed()) {
      const sig = tag(digest, 'sig')
      const [layer] = sig?.layers ?? []
      expect(sig?.layers).toHaveLength(1)
      expect(layer?.mediaType).toBe('application/vnd.dev.cosign.simplesigning.v1+json')
      expect(blobAt(registry, path(), layer?.digest ?? '')).toEqual({
        critical: {
          identity: { 'docker-reference': name() },
          image: { 'docker-manifest-digest': digest },
          type: 'cosign container image signature',
        },
        optional: { creator: 'Sallyport', timestamp: at },
      })
      const bytes = registry.repository(path()).blobs.get(layer?.digest ?? '')!
      const signature = layer?.annotations?.['dev.cosignproject.cosign/signature'] ?? ''
      expect(bytesBy(bytes, signature, pub)).toBe(true)
      const att = tag(digest, 'att')
      expect(att?.layers.map(({ mediaType }) => mediaType)).toEqual(['application/vnd.dsse.envelope.v1+json'])
      const envelope = blobAt(registry, path(), att?.layers[0]?.digest ?? '') as Parameters<
        typeof statementIn
      >[0]
      expect(envelopeBy(envelope, pub)).toBe(true)
      expect(statementIn(envelope)).toEqual(
        bundlesAt(registry, path(), digest).find(({ statement }) => statement.predicateType === vsa)
          ?.statement,
      )
      // Readers of images ask for a config that lists the layers.
      const config = blobAt(registry, path(), sig?.config.digest ?? '') as {
        rootfs: { diff_ids: string[] }
      }
      expect(config.rootfs.diff_ids).toEqual([layer?.digest])
    }
  })

  it('sums up what was verified: by whom, when, of what, by which policy', async () => {
    const { fingerprint } = (await done(
      ['landing', 'key', 'show', '--desk', crossing.high],
      crossing.clock,
    ).then((said) => said['key'])) as { fingerprint: { hex: string } }
    const policy = lastOf(await eventsOf(crossing.high), 'policy.set').facts['digest'] as string
    for (const digest of sealed()) {
      const summary = bundlesAt(registry, path(), digest)[1]?.statement.predicate
      expect(summary).toEqual({
        verifier: {
          id: `urn:sallyport:desk:${crossing.highId}:key:${fingerprint.hex}`,
          version: { sallyport: expect.stringMatching(/^\d+\.\d+\.\d+/) as string },
        },
        timeVerified: await acceptedAt(),
        resourceUri: `${name()}@${digest}`,
        policy: {
          uri: `urn:sallyport:desk:${crossing.highId}:policy`,
          digest: { sha256: policy.slice(7) },
        },
        inputAttestations: [],
        verificationResult: 'PASSED',
        verifiedLevels: ['SALLYPORT_RELEASED_AND_ACCEPTED_BY_TWO_PEOPLE_EACH'],
        slsaVersion: '1.2',
      })
    }
  })

  it('is not given anything twice: sealing and exporting again leave it as it is', async () => {
    const before = content()
    const again = await trySeal(crossing, id, target())
    expect(again.json).toMatchObject({ ok: true, by: 'station', count: 3, missing: [] })
    expect(content()).toEqual(before)
    await exportTo(crossing, id, target())
    expect(content()).toEqual(before)
  })

  it('says how much was found there again, and has it on the record', async () => {
    const said = await exportTo(crossing, id, target())
    expect(said).toMatchObject({ seals: 'made' })
    // Each sealed manifest by its name, its two referrers and its two tags; and the content.
    expect(said['found']).toBeGreaterThan(15)
    const all = await eventsOf(crossing.high)
    expect(lastOf(all, 'landing.sealed').facts).toMatchObject({
      consignment: id,
      target: `registry:${target()}`,
      by: 'station',
      count: 3,
    })
    expect(lastOf(all, 'export.done').facts).toMatchObject({ seals: 'made', found: said['found'] })
  })
})

describe('without seals', () => {
  it('--no-seal is on the record, sends none, and they can be made later', async () => {
    const said = await exportTo(crossing, id, target(), ['--no-seal'])
    expect(said).toMatchObject({ seals: 'not-wanted' })
    const before = content()
    for (const digest of sealed()) expect(referrersAt(registry, path(), digest)).toEqual([])
    expect(lastOf(await eventsOf(crossing.high), 'export.done').facts).toMatchObject({ seals: 'not-wanted' })
    const later = await trySeal(crossing, id, target())
    expect(later.json).toMatchObject({ ok: true, count: 3 })
    expect(Object.keys(content()).length).toBeGreaterThan(Object.keys(before).length)
    expect(content()).toMatchObject(before)
    for (const digest of sealed()) expect(bundlesAt(registry, path(), digest)).toHaveLength(2)
  })

  it('without a key it says so, and sealing is refused', async () => {
    const bare = await makeCrossing()
    try {
      await allowRegistry(bare, registry.host)
      const { id: other } = await acceptedImage(bare)
      expect(await exportTo(bare, other, target())).toMatchObject({ seals: 'no-key' })
      const before = content()
      const recorded = await recordedOf(bare.high)
      expect((await trySeal(bare, other, target())).json.failure.code).toBe('landing-none')
      expect(content()).toEqual(before)
      expect(await recordedOf(bare.high)).toEqual(recorded)
    } finally {
      await bare.dispose()
    }
  })

  it('with a passphrase that is not given nothing is sent at all', async () => {
    const locked = await makeCrossing()
    try {
      await allowRegistry(locked, registry.host)
      const pass = ['--landing-passphrase-file', locked.passphrase]
      await done(['landing', 'key', 'create', '--desk', locked.high, ...pass], locked.clock)
      const { id: other } = await acceptedImage(locked)
      const recorded = await recordedOf(locked.high)
      registry.heard.length = 0
      expect((await tryExport(locked, other, target())).json.failure.code).toBe('landing-locked')
      expect(registry.heard).toEqual([])
      expect(await recordedOf(locked.high)).toEqual(recorded)
      expect(await exportTo(locked, other, target(), pass)).toMatchObject({ seals: 'made' })
      expect((await trySeal(locked, other, target())).json.failure.code).toBe('landing-locked')
      expect((await trySeal(locked, other, target(), pass)).code).toBe(0)
    } finally {
      await locked.dispose()
    }
  })
})

/** Refused for this reason: the registry, the ledger are as before. */
async function expectNotSealed(of: string, where: string, code: string, found?: RegExp): Promise<void> {
  const before = content()
  const recorded = await events()
  const { json } = await trySeal(crossing, of, where)
  expect(json.failure.code).toBe(code)
  if (found !== undefined) expect(json.failure.happened).toMatch(found)
  expect(content()).toEqual(before)
  expect(await events()).toEqual(recorded)
}

describe('nothing is sealed', () => {
  it('that was never brought to that registry, or to another place in it', async () => {
    await expectNotSealed(id, target(), 'landing-not-there')
    await exportTo(crossing, id, target(), ['--no-seal'])
    for (const other of [registry.host, `${target()}-2`, `${target()}/app`, `other.test/${place}`])
      await expectNotSealed(id, other, 'landing-not-there')
  })

  it('that is undecided, held or rejected', async () => {
    const { verify } = highDesk(() => crossing)
    const folder = await carriedImage(crossing, 'held', sampleImage(9_000, 'held'))
    const { said } = await verify(folder)
    await expectNotSealed(said.id, target(), 'consignment-state')
    await decideBoth(crossing, said.id, 'hold')
    await expectNotSealed(said.id, target(), 'consignment-state')
    await decideBoth(crossing, said.id, 'reject')
    await expectNotSealed(said.id, target(), 'consignment-state')
    await expectNotSealed('3fa3083b-7d3f-46ab-89d3-c38f88cab6ca', target(), 'consignment-unknown')
  })

  it.each([
    ['the index', () => sample.root.digest],
    ['a platform', () => sample.arm64.digest],
  ])('where %s is not there any more, or is something else: not even the rest', async (_, digest) => {
    await exportTo(crossing, id, target(), ['--no-seal'])
    const { manifests } = registry.repository(path())
    const kept = manifests.get(digest())!
    manifests.delete(digest())
    await expectNotSealed(id, target(), 'landing-changed', /not there/)
    manifests.set(digest(), { ...kept, bytes: Buffer.concat([kept.bytes, Buffer.from(' ')]) })
    await expectNotSealed(id, target(), 'landing-changed')
    manifests.set(digest(), kept)
    expect((await trySeal(crossing, id, target())).code).toBe(0)
  })

  it('by a person where the policy says the station', async () => {
    await exportTo(crossing, id, target(), ['--no-seal'])
    const before = content()
    const { key } = crossing.people.dave
    const words = ['--person', 'dave', '--key', key, '--passphrase-file', crossing.passphrase]
    expect((await trySeal(crossing, id, target(), words)).json.failure.code).toBe('landing-signers')
    expect(content()).toEqual(before)
  })
})

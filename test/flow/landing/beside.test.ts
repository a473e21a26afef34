import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeCrossing, release, writeRequest, writeTo, type Crossing } from '../../support/desks.ts'
import { sampleImage, sha256, types, type SampleImage } from '../../support/images.ts'
import {
  acceptedImage,
  allowRegistry,
  contentOf,
  exportTo,
  landingKey,
  manifestAt,
  putAt,
  recordedOf,
  tagOf,
  trySeal,
  type ReadBack,
} from '../../support/landing.ts'
import { answer, TestRegistry } from '../../support/registry.ts'
import { highDesk } from '../../support/high-desk.ts'

/* Seals beside what others attached to the same image: nothing of theirs goes. */

let crossing: Crossing
let registry: TestRegistry
let id: string
let sample: SampleImage
let count = 0
let place = ''
beforeAll(async () => {
  crossing = await makeCrossing()
  registry = await new TestRegistry().open()
  await allowRegistry(crossing, registry.host)
  await landingKey(crossing)
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
const content = () => contentOf(registry, path())
const events = () => recordedOf(crossing.high)
const tag = (digest: string, kind: string): ReadBack | null =>
  manifestAt(registry, path(), `${tagOf(digest)}.${kind}`)

describe('what others put there', () => {
  it('at a tag of cosign stays, and what is no such thing is not written over', async () => {
    await exportTo(crossing, id, target(), ['--no-seal'])
    const sigTag = `${tagOf(sample.root.digest)}.sig`
    const other = putAt(registry, path(), sigTag, {
      schemaVersion: 2,
      mediaType: types.manifest,
      config: { mediaType: types.config, digest: sha256('{}'), size: 2 },
      layers: [{ mediaType: types.layer, digest: sha256('x'), size: 1 }],
    })
    const recorded = await events()
    const { json } = await trySeal(crossing, id, target())
    expect(json.failure).toMatchObject({ code: 'export-tag-taken' })
    expect(json.failure.happened).toContain(other)
    expect(content()[sigTag]).toBe(other)
    expect(await events()).toEqual(recorded)
  })

  it('signed by its maker: both lie there, in their order, and exporting again changes nothing', async () => {
    const own = sampleImage(9_000, 'signed')
    const made = own.content.cosignSignature(own.root)
    const envelope = own.content.blob(
      '{"payloadType":"x","payload":"","signatures":[]}',
      'application/vnd.dsse.envelope.v1+json',
    )
    const config = own.content.blob('{"architecture":"","os":"","a":1}', types.config)
    const attested = own.content.manifest({ config, layers: [envelope] })
    const {
      crossing: other,
      id: signed,
      dispose,
    } = await withTags(own, {
      [`${tagOf(own.root.digest)}.sig`]: made,
      [`${tagOf(own.root.digest)}.att`]: attested,
    })
    try {
      await exportTo(other, signed, target())
      const at = (kind: string) =>
        manifestAt(registry, `${place}/signed`, `${tagOf(own.root.digest)}.${kind}`)?.layers.map(
          ({ digest }) => digest,
        )
      const before = contentOf(registry, `${place}/signed`)
      expect(at('sig')).toHaveLength(2)
      expect(at('sig')?.[0]).toBe(
        (JSON.parse(own.content.blobs.get(made.digest)!.toString()) as ReadBack).layers[0]?.digest,
      )
      expect(at('att')?.[0]).toBe(envelope.digest)
      expect(at('att')).toHaveLength(2)
      await exportTo(other, signed, target())
      expect(contentOf(registry, `${place}/signed`)).toEqual(before)
    } finally {
      await dispose()
    }
  })

  it('written by another at the same moment is not lost, nor is ours', async () => {
    await exportTo(crossing, id, target(), ['--no-seal'])
    const sigTag = `${tagOf(sample.root.digest)}.sig`
    const theirs = {
      mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
      digest: sha256('x'),
      size: 1,
      annotations: { 'dev.cosignproject.cosign/signature': 'eA==' },
    }
    let raced = 0
    registry.switches.push((request, _response, at) => {
      if (
        request.method !== 'GET' ||
        !at.endsWith(`/manifests/${sigTag}`) ||
        tag(sample.root.digest, 'sig') === null
      )
        return false
      // Over ours, as soon as it lies there; once.
      if ((raced += 1) === 1)
        putAt(registry, path(), sigTag, {
          schemaVersion: 2,
          mediaType: types.manifest,
          config: { mediaType: types.config, digest: sha256('{}'), size: 2 },
          layers: [theirs],
        })
      return false
    })
    expect((await trySeal(crossing, id, target())).code).toBe(0)
    const layers = tag(sample.root.digest, 'sig')?.layers ?? []
    expect(layers[0]).toEqual(theirs)
    expect(layers).toHaveLength(2)
  })

  it('tags that may not be written again: what lies there is said, and what is missing', async () => {
    await exportTo(crossing, id, target(), ['--no-seal'])
    putAt(registry, path(), `${tagOf(sample.root.digest)}.sig`, {
      schemaVersion: 2,
      mediaType: types.manifest,
      config: { mediaType: types.config, digest: sha256('{}'), size: 2 },
      layers: [
        {
          mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
          digest: sha256('x'),
          size: 1,
          annotations: { 'dev.cosignproject.cosign/signature': 'eA==' },
        },
      ],
    })
    registry.switches.push((request, response, at) => {
      const held = registry.repository(path()).manifests
      const tagged = /\/manifests\/(sha256-[^/]+)$/.exec(at)?.[1]
      if (request.method !== 'PUT' || tagged === undefined || !held.has(tagged)) return false
      answer(response, 409)
      return true
    })
    const recorded = await events()
    const { json } = await trySeal(crossing, id, target())
    expect(json.failure).toMatchObject({ code: 'tag-fixed' })
    expect(json.failure.happened).toContain(`${tagOf(sample.root.digest)}.sig`)
    expect(tag(sample.root.digest, 'sig')?.layers).toHaveLength(1)
    expect(await events()).toEqual(recorded)
  })
})

/** A consignment of another crossing, whose image lay in a registry with these tags of cosign. */
async function withTags(own: SampleImage, tags: Parameters<TestRegistry['add']>[2]) {
  const source = await new TestRegistry().open()
  const other = await makeCrossing()
  source.add('signed', own.content, { '1.0': own.root, ...tags })
  const request = await writeRequest(other, [`{ image: "${source.host}/signed:1.0", allow: [plain-http] }`])
  const folder = await writeTo(other, await release(other, request), 'medium')
  await source.close()
  await allowRegistry(other, registry.host)
  await landingKey(other)
  const accepted = await highDesk(() => other).accepted(folder)
  return { crossing: other, id: accepted, dispose: () => other.dispose() }
}

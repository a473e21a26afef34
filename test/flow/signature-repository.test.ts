import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done } from '../support/command-line.ts'
import { decideBoth, makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { Content, sampleImage } from '../support/images.ts'
import { TestRegistry } from '../support/registry.ts'

let crossing: Crossing
let low: TestRegistry
let high: TestRegistry
beforeAll(async () => {
  crossing = await makeCrossing()
  low = await new TestRegistry().open()
  high = await new TestRegistry().open()
  high.referrersApi = false
})
afterAll(async () => {
  await Promise.all([low.close(), high.close()])
  await crossing.dispose()
})

describe('an image whose signatures lie in a repository of their own', () => {
  it('goes across with them, and they come out beside it', async () => {
    const { content, root } = sampleImage()
    low.add('team/app', content, { '1': root })
    const beside = new Content()
    const old = beside.cosignSignature(root)
    const bundle = beside.referrer(root, 'application/vnd.dev.sigstore.bundle.v0.3+json', '{"signed":1}')
    const tag = root.digest.replace(':', '-')
    low.add('sec/signatures', beside, { [`${tag}.sig`]: old })
    const item = `{ image: "${low.host}/team/app:1", signatures: "${low.host}/sec/signatures", allow: [plain-http] }`
    const folder = await writeTo(
      crossing,
      await release(crossing, await writeRequest(crossing, [item])),
      'medium',
    )
    const { id } = await done(['verify', folder, '--desk', crossing.high], crossing.clock)
    await decideBoth(crossing, id, 'accept')
    const policy = join(crossing.folder, 'policy.yaml')
    const registries = `exportRegistries:\n  - { host: "${high.host}", allow: [plain-http] }\n`
    await writeFile(policy, `sallyport: policy/v1\nversion: 2\n${registries}`)
    await done(['policy', 'set', policy, '--desk', crossing.high], crossing.clock)
    await done(['export', id, '--desk', crossing.high, '--to', `registry:${high.host}/in`], crossing.clock)
    const { manifests } = high.repository('in/team/app')
    expect(manifests.get(`${tag}.sig`)?.bytes).toEqual(beside.blobs.get(old.digest))
    expect(manifests.has(bundle.digest)).toBe(true)
    expect(manifests.get(tag)?.bytes.toString()).toContain(bundle.digest)
  })
})

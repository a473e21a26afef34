import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Content, sampleImage } from '../support/images.ts'
import { TestRegistry } from '../support/registry.ts'
import { openReleasing, type Releasing } from '../support/releasing.ts'

/* Models in a request, as ModelPack pushes them. */

let at: Releasing
let registry: TestRegistry
beforeAll(async () => {
  at = await openReleasing()
  registry = await new TestRegistry().open()
})
afterAll(async () => {
  await registry.close()
  await at.crossing.dispose()
})

const weights = 'application/vnd.cncf.model.weight.v1.raw'
const asked = (reference: string): string => `{model: "${registry.host}/${reference}", allow: [plain-http]}`

describe('a model', () => {
  it('crosses as its kind, with the evidence that speaks for it', async () => {
    const content = new Content()
    const root = content.artifact('application/vnd.cncf.model.config.v1+json', weights, 'weights of a model')
    content.referrer(root, 'application/vnd.dev.sigstore.bundle.v0.3+json', '{}')
    registry.add('models/assistant', content, { '1.0': root })
    const [one] = await at.collected([asked('models/assistant:1.0')])
    expect(one).toMatchObject({ kind: 'model', version: '1.0', root: { digest: root.digest } })
    expect(one?.evidence).toHaveLength(1)
    const out = await at.landed([asked('models/assistant:1.0')], 'model')
    const index = await readFile(join(out, 'images', 'index.json'), 'utf8')
    expect(index).toContain(root.digest)
  })

  it('is refused where it is something else', async () => {
    const { content, root, amd64 } = sampleImage(1000)
    registry.add('models/image', content, { '1': amd64, '2': root })
    expect(await at.refused([asked('models/image:1')])).toMatchObject({
      code: 'model-expected',
      facts: { found: 'application/vnd.oci.image.config.v1+json' },
    })
    expect(await at.refused([asked('models/image:2')])).toMatchObject({
      code: 'model-expected',
      facts: { found: 'an index' },
    })
  })
})

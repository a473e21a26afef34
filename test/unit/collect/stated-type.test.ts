import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failureOf } from '../../support/failure-of.ts'
import { Content, pattern, types } from '../../support/images.ts'
import { TestRegistry } from '../../support/registry.ts'
import { openWorkbench, type Workbench } from './workbench.ts'

let bench: Workbench
let registry: TestRegistry
beforeEach(async () => {
  bench = await openWorkbench()
  registry = await new TestRegistry().open()
})
afterEach(async () => {
  await registry.close()
  await bench.close()
})

const image = (reference: string): string =>
  `  - image: ${registry.host}/${reference}\n    allow: [plain-http]\n`

describe('what is not said of a manifest', () => {
  const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json'
  const served = async (header: string | null, mediaType: string | null) => {
    const content = new Content()
    const made = content.image({ os: 'linux', architecture: 'amd64' }, [pattern('a', 10)])
    const whole = JSON.parse(content.blobs.get(made.digest)?.toString() ?? '') as object
    const bytes = Buffer.from(JSON.stringify({ ...whole, mediaType: mediaType ?? undefined }))
    registry.add('team/app', content)
    registry.switches.length = 0
    registry.switches.push((_, response, path) => {
      if (path !== '/v2/team/app/manifests/1') return false
      response.writeHead(200, header === null ? {} : { 'content-type': header }).end(bytes)
      return true
    })
    return bench.collect(image('team/app:1'))
  }

  it.each([
    [null, null, 'Content-Type missing, mediaType missing'],
    ['application/json', null, 'Content-Type application/json, mediaType missing'],
    [dockerManifest, types.manifest, `Content-Type ${dockerManifest}, mediaType ${types.manifest}`],
  ])('by Content-Type %s and mediaType %s is told as it is, and no lie', async (header, mediaType, found) => {
    const refused = await failureOf(served(header, mediaType))
    expect([refused.code, refused.facts.found]).toEqual(['manifest-type', found])
  })

  it.each([
    [null, types.manifest],
    ['application/json; charset=utf-8', types.manifest],
    [`${types.manifest}; charset=utf-8`, null],
  ])('by one of them is said by the other: Content-Type %s, mediaType %s', async (header, mediaType) => {
    expect((await served(header, mediaType)).items).toHaveLength(1)
  })
})

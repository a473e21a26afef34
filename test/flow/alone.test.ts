import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { done } from '../support/command-line.ts'
import { decideBoth, makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { Content, sampleImage, sha256, types, type Named } from '../support/images.ts'
import { TestRegistry } from '../support/registry.ts'

/* Content that others do not look for: an artifact without what it speaks for, and an image with a config of old. */

let crossing: Crossing
let low: TestRegistry
let high: TestRegistry
let count = 0
beforeAll(async () => {
  crossing = await makeCrossing()
  high = await new TestRegistry().open()
  const policy = join(crossing.folder, 'policy.yaml')
  const registries = `exportRegistries:\n  - { host: "${high.host}", allow: [plain-http] }\n`
  await writeFile(policy, `sallyport: policy/v1\nversion: 2\n${registries}`)
  await done(['policy', 'set', policy, '--desk', crossing.high], crossing.clock)
  low = await new TestRegistry().open()
})
afterAll(async () => {
  await Promise.all([high.close(), low.close()])
  await crossing.dispose()
})
beforeEach(() => {
  count += 1
})

interface Shown {
  readonly kind: string
  readonly evidence: number
  readonly findings: readonly { readonly code: string; readonly subject: string }[]
}

/** Carries items across and out; gives what the low desk says of its first item, and the repository they lie in then. */
async function crossed(items: readonly string[]): Promise<Shown> {
  const id = await release(crossing, await writeRequest(crossing, items))
  const shown = await done(['consignment', 'show', id, '--desk', crossing.low], crossing.clock)
  const folder = await writeTo(crossing, id, `medium-${count}`)
  const verified = await done(['verify', folder, '--desk', crossing.high], crossing.clock)
  expect(verified.outcome).toBe('passed')
  await decideBoth(crossing, verified.id, 'accept')
  const to = ['--to', `registry:${high.host}/in${count}`]
  await done(['export', verified.id, '--desk', crossing.high, ...to], crossing.clock)
  return (shown['content'] as readonly Shown[])[0]!
}

describe('an artifact whose subject stays behind', () => {
  const put = (subject: (root: Named) => Named): { readonly root: Named; readonly sbom: Named } => {
    const { content, root } = sampleImage()
    const sbom = content.referrer(subject(root), 'application/spdx+json', `{"sbom":${count}}`)
    low.add(`team/app${count}`, content, { '1': root, sbom })
    return { root, sbom }
  }
  const artifact = (name: string) =>
    `{ artifact: "${low.host}/team/app${count}${name}", allow: [plain-http] }`
  const out = (): Map<string, unknown> => high.repository(`in${count}/team/app${count}`).manifests

  it('is carried alone, by tag and by digest, and that is said', async () => {
    for (const by of ['tag', 'digest'] as const) {
      count += 1
      const { sbom } = put((root) => root)
      const item = await crossed([artifact(by === 'tag' ? ':sbom' : `@${sbom.digest}`)])
      expect(item.kind).toBe('artifact')
      expect(item.findings.map(({ code, subject }) => [code, subject])).toEqual([
        ['subject-left', sbom.digest],
      ])
      expect(out().has(sbom.digest)).toBe(true)
    }
  })

  it('is carried with a subject that lies elsewhere, or nowhere', async () => {
    const { sbom } = put(() => ({ mediaType: types.manifest, digest: sha256('elsewhere'), size: 9 }))
    const item = await crossed([artifact(':sbom')])
    expect(item.findings.map(({ code }) => code)).toEqual(['subject-left'])
    expect(out().has(sbom.digest)).toBe(true)
  })

  it('has nothing to be said of where its subject is carried too', async () => {
    const { sbom, root } = put((one) => one)
    const image = `{ image: "${low.host}/team/app${count}:1", allow: [plain-http] }`
    const item = await crossed([artifact(':sbom'), image])
    expect(item.findings).toEqual([])
    expect([out().has(sbom.digest), out().has(root.digest)]).toEqual([true, true])
  })
})

describe('an image with a config of an old type', () => {
  it('is asked for and carried as an image', async () => {
    const content = new Content()
    const docker = 'application/vnd.docker.distribution.manifest.v2+json'
    const text = JSON.stringify({
      os: 'linux',
      architecture: 'amd64',
      rootfs: { type: 'layers', diff_ids: [sha256('layer')] },
    })
    const layers = [content.blob('layer', 'application/vnd.docker.image.rootfs.diff.tar.gzip')]
    const config = content.blob(text, 'application/octet-stream')
    const root = content.manifest({ config, layers }, docker)
    low.add(`team/old${count}`, content, { '1': root })
    const item = await crossed([`{ image: "${low.host}/team/old${count}:1", allow: [plain-http] }`])
    expect([item.kind, item.findings]).toEqual(['image', []])
    expect(high.repository(`in${count}/team/old${count}`).manifests.has('1')).toBe(true)
  })
})

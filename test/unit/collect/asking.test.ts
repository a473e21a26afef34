import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Failure } from '../../../main/platform/failure.ts'
import { limits } from '../../../main/platform/limits.ts'
import { failureOf } from '../../support/failure-of.ts'
import { Content, layer, types, type Named } from '../../support/images.ts'
import { answer, TestRegistry } from '../../support/registry.ts'
import { openWorkbench, type Workbench } from './workbench.ts'

/* Registries count questions, and refuse who asks too often: what is asked, how often, and what a limit cuts off. */

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

const platforms = 8
const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
const tagOf = ({ digest }: Named): string => digest.replace(':', '-')

/** An index of eight platforms with an attestation of each, as BuildKit pushes it. */
function eight(): { content: Content; root: Named; images: Named[] } {
  const content = new Content()
  const images = Array.from({ length: platforms }, (_, i) =>
    content.image({ os: 'linux', architecture: `cpu${i}` }, [layer('own', Buffer.from(`layer ${i}`))]),
  )
  const attestations = images.map((image) => content.attestation(image))
  return { content, images, root: content.index([...images, ...attestations]) }
}
const item = (reference: string): string =>
  `  - image: ${registry.host}/${reference}\n    allow: [plain-http]\n`
const asked = (method: string, kind: string): string[] =>
  registry.heard
    .filter((one) => one.method === method && one.path.includes(`/${kind}/`))
    .map(({ path }) => path)

describe('an image of eight platforms', () => {
  // Other tools ask for the index and its sixteen manifests, and for nothing else.
  const least = 1 + 2 * platforms

  it('costs one question for each manifest, one for the list of tags, and no list of referrers where there is none', async () => {
    const { content, root, images } = eight()
    registry.referrersApi = false
    const signature = content.cosignSignature(root)
    registry.add('team/app', content, { '1': root, [`${tagOf(root)}.sig`]: signature })
    const [found] = (await bench.collect(item('team/app:1'))).items
    expect(found?.evidence.map(({ digest }) => digest)).toEqual([signature.digest])
    expect(images).toHaveLength(platforms)
    expect(asked('GET', 'manifests')).toHaveLength(least + 1)
    expect(asked('HEAD', 'manifests')).toEqual([])
    expect(asked('GET', 'tags')).toHaveLength(1)
    // Four lanes may have asked before the first answer said that there is none.
    expect(asked('GET', 'referrers').length).toBeLessThanOrEqual(4)
  })

  it('is asked about tag by tag, without their content, where the registry does not say which tags it has', async () => {
    const { content, root } = eight()
    registry.referrersApi = false
    registry.tagList = false
    const signature = content.cosignSignature(root)
    registry.add('team/app', content, { '1': root, [`${tagOf(root)}.sig`]: signature })
    const [found] = (await bench.collect(item('team/app:1'))).items
    expect(found?.evidence.map(({ digest }) => digest)).toEqual([signature.digest])
    expect(asked('GET', 'manifests')).toHaveLength(least + 1)
  })

  it('is asked about once, however many items name it', async () => {
    const { content, root } = eight()
    registry.add('team/app', content, { '1': root, '2': root, '3': root })
    await bench.collect(item('team/app:1') + item('team/app:2') + item('team/app:3'))
    expect(new Set(asked('GET', 'referrers')).size).toBe(asked('GET', 'referrers').length)
    expect(asked('GET', 'tags')).toHaveLength(1)
  })
})

describe('a list of tags', () => {
  it('is followed over its pages, also ten thousand tags of other things', async () => {
    const { content, root } = eight()
    registry.referrersApi = false
    const signature = content.cosignSignature(root)
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`v${i}`, root]))
    registry.add('team/app', content, { '1': root, ...many, [`${tagOf(root)}.sig`]: signature })
    const [found] = (await bench.collect(item('team/app:1'))).items
    expect(found?.evidence.map(({ digest }) => digest)).toEqual([signature.digest])
    expect(asked('GET', 'tags')).toHaveLength(11)
    expect(asked('HEAD', 'manifests')).toEqual([])
  })

  it.each([
    ['has more pages than are read', (registry: TestRegistry) => (registry.tagsPage = 1)],
    ['is no list', (registry: TestRegistry) => tagsAnswer(registry, 200, '{"tags":"all"}')],
    ['is a page for people', (registry: TestRegistry) => tagsAnswer(registry, 200, '<html>')],
    ['is refused', (registry: TestRegistry) => tagsAnswer(registry, 403, '')],
    [
      'goes on elsewhere',
      (registry: TestRegistry) =>
        tagsAnswer(registry, 200, '{"tags":[]}', '<http://other.test/>; rel="next"'),
    ],
  ])('that %s is not believed: each tag is asked for', async (_, spoil) => {
    const { content, root } = eight()
    registry.referrersApi = false
    const signature = content.cosignSignature(root)
    const more = Object.fromEntries(Array.from({ length: limits.tagPages }, (_, i) => [`v${i}`, root]))
    registry.add('team/app', content, { '1': root, ...more, [`${tagOf(root)}.sig`]: signature })
    spoil(registry)
    const [found] = (await bench.collect(item('team/app:1'))).items
    expect(found?.evidence.map(({ digest }) => digest)).toEqual([signature.digest])
    expect(found?.findings).toEqual([])
  })

  it('that names a tag which is not there is no finding', async () => {
    const { content, root } = eight()
    registry.add('team/app', content, { '1': root })
    tagsAnswer(
      registry,
      200,
      JSON.stringify({ name: 'team/app', tags: ['1', tagOf(root), `${tagOf(root)}.sig`] }),
    )
    const [found] = (await bench.collect(item('team/app:1'))).items
    expect([found?.evidence, found?.findings]).toEqual([[], []])
  })

  function tagsAnswer(at: TestRegistry, status: number, text: string, link?: string): void {
    at.switches.push((_, response, path) => {
      if (!path.includes('/tags/')) return false
      answer(response, status, link === undefined ? {} : { link }, Buffer.from(text))
      return true
    })
  }
})

describe('a limit that cuts off the question for signatures', () => {
  const limited = (kind: string): void => {
    registry.switches.push((_, response, path) => {
      if (!path.includes(`/${kind}/`)) return false
      answer(response, 429, { 'retry-after': '7200' })
      return true
    })
  }

  it.each(['referrers', 'tags'])(
    'at %s fails the item by its name, and says when to come again',
    async (kind) => {
      const { content, root } = eight()
      registry.add('team/app', content, { '1': root })
      limited(kind)
      const { code, facts } = await failureOf(bench.collect(item('team/app:1')))
      expect([code, facts.item, facts.found]).toEqual([
        'registry-limit',
        `${registry.host}/team/app:1`,
        'in 7200 seconds',
      ])
    },
  )

  it('also when it is met at the content of a signature', async () => {
    const { content, root } = eight()
    const signature = content.referrer(root, bundleType, '{"sig":1}')
    registry.add('team/app', content, { '1': root })
    const text = [...content.blobs].find(([, bytes]) => bytes.toString() === '{"sig":1}')?.[0] ?? ''
    registry.switches.push((_, response, path) => {
      if (!path.endsWith(text)) return false
      answer(response, 429, { 'retry-after': '7200' })
      return true
    })
    expect((await failureOf(bench.collect(item('team/app:1')))).code).toBe('registry-limit')
    expect(signature.size).toBeGreaterThan(0)
  })

  it('is asked anew when somebody has the item tried again', async () => {
    const { content, root } = eight()
    const signature = content.referrer(root, bundleType, '{"sig":1}')
    registry.add('team/app', content, { '1': root })
    limited('referrers')
    const failed: string[] = []
    const wayOn = (reference: string, { code }: Failure): Promise<'again'> => {
      failed.push(`${reference} ${code}`)
      registry.switches.length = 0
      return Promise.resolve('again')
    }
    const [found] = (await bench.collect(item('team/app:1'), { wayOn })).items
    expect(failed).toEqual([`${registry.host}/team/app:1 registry-limit`])
    expect(found?.evidence.map(({ digest }) => digest)).toEqual([signature.digest])
  })
})

describe('what the far side is likely to refuse', () => {
  it('is told before anybody signs: an index of which platforms stay behind, with the way round it', async () => {
    const { content, root, images } = eight()
    registry.add('team/app', content, { '1': root })
    const [found] = (await bench.collect(`${item('team/app:1')}    platforms: [linux/cpu3]\n`)).items
    expect(found?.findings).toEqual([
      {
        code: 'index-filtered',
        subject: root.digest,
        detail: expect.stringContaining(
          `linux/cpu3 is ${registry.host}/team/app@${images[3]?.digest ?? ''}`,
        ) as string,
      },
    ])
  })

  it('and layers that are not to be passed on', async () => {
    const content = new Content()
    const config = content.blob('{"os":"windows","architecture":"amd64"}', types.config)
    const foreign = content.blob('windows', 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip')
    const root = content.manifest({ config, layers: [foreign] })
    registry.add('team/app', content, { '1': root })
    const [found] = (await bench.collect(item('team/app:1'))).items
    expect(found?.findings.map(({ code }) => code)).toEqual(['foreign-layers'])
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { join } from 'node:path'
import type { Exportable } from '../../../main/export/export.ts'
import { openPool, type Pool } from '../../../main/platform/workers.ts'
import { failureOf } from '../../support/failure-of.ts'
import { sampleImage, type SampleImage } from '../../support/images.ts'
import { answer, TestRegistry } from '../../support/registry.ts'
import { openWorkbench, type Workbench } from '../collect/workbench.ts'
import { exportable, pushTo } from './pushing.ts'

/* An export looks at what is there before it sends anything: what is right stays, what is something else is told. */

let bench: Workbench
let pool: Pool
let registry: TestRegistry
let sample: SampleImage
beforeEach(async () => {
  bench = await openWorkbench()
  pool = openPool(2)
  registry = await new TestRegistry().open()
  sample = sampleImage()
  const signature = sample.content.cosignSignature(sample.amd64)
  await sample.content.writeLayout(join(bench.folder, 'app'), [
    { named: sample.root, tag: '1' },
    { named: signature, tag: `${sample.amd64.digest.replace(':', '-')}.sig` },
  ])
})
afterEach(async () => {
  await pool.close()
  await registry.close()
  await bench.close()
})

const collected = async (more = ''): Promise<Exportable> =>
  exportable(bench, await bench.collect(`  - image: oci:./app:1\n${more}`))
const target = (prefix = 'high') => ({ host: registry.host, prefix })
const written = (): string[] =>
  registry.heard
    .filter(({ method }) => method !== 'GET' && method !== 'HEAD')
    .map(({ method, path }) => `${method} ${path}`)

/** As registries with immutable tags do: a tag that exists is never written again, whatever is sent. */
function immutable(): void {
  registry.switches.push((request, response, path) => {
    const tag = /\/manifests\/([^/:]+)$/.exec(path)?.[1]
    const repository = /^\/v2\/(.+)\/manifests\//.exec(path)?.[1] ?? ''
    if (request.method !== 'PUT' || tag === undefined || !registry.repository(repository).manifests.has(tag))
      return false
    request.resume()
    answer(
      response,
      412,
      {},
      Buffer.from('{"errors":[{"code":"PRECONDITION","message":"configured as immutable"}]}'),
    )
    return true
  })
}

describe('what the registry has already', () => {
  it('is not written again, also where tags are immutable', async () => {
    immutable()
    const content = await collected()
    await pushTo(pool, content, target())
    const before = written().length
    const again = await pushTo(pool, content, target())
    expect(again.moved).toEqual([])
    const tags = written()
      .slice(before)
      .filter((one) => /\/manifests\/(?!sha256:)/.test(one))
    const blobs = written()
      .slice(before)
      .filter((one) => one.includes('/blobs/'))
    expect([tags, blobs]).toEqual([[], []])
  })

  it('lets an export that was interrupted go on', async () => {
    immutable()
    const content = await collected()
    let left = 3
    const breaking = registry.switches.push((request, response, path) => {
      if (request.method !== 'PUT' || !path.includes('/manifests/') || (left -= 1) > 0) return false
      request.resume()
      answer(response, 403)
      return true
    })
    expect((await failureOf(pushTo(pool, content, target()))).code).toBe('export-auth')
    expect(registry.repository('high/app').manifests.has('1')).toBe(false)
    registry.switches.splice(breaking - 1, 1)
    await pushTo(pool, content, target())
    expect(registry.repository('high/app').manifests.has('1')).toBe(true)
  })
})

describe('a tag that holds something else', () => {
  it.each([
    ['the item’s own', () => '1'],
    ['one of cosign’s', () => `${sample.amd64.digest.replace(':', '-')}.sig`],
  ])('%s: nothing is sent, and both digests are told', async (_, tagOf) => {
    const other = sampleImage(100, 'other')
    registry.add('high/app', other.content, { [tagOf()]: other.root })
    const refused = await failureOf(pushTo(pool, await collected(), target()))
    expect([refused.code, refused.facts.found]).toEqual([
      'export-tag-taken',
      `${registry.host}/high/app:${tagOf()} holds ${other.root.digest}`,
    ])
    expect(written()).toEqual([])
    const moved = await pushTo(pool, await collected(), { ...target(), tags: 'move' })
    expect(moved.moved).toEqual([
      { reference: `${registry.host}/high/app:${tagOf()}`, before: other.root.digest },
    ])
  })

  it('that cannot be looked at stops the export: unknown is not free', async () => {
    registry.switches.push((request, response, path) => {
      if (request.method !== 'GET' || !path.endsWith('/manifests/1')) return false
      answer(response, 500)
      return true
    })
    expect((await failureOf(pushTo(pool, await collected(), target()))).code).toBe('registry-answer')
    expect(written()).toEqual([])
  }, 30_000)
})

describe('an index of which platforms stay behind, as its platforms', () => {
  const sparse = { sparse: 'platforms' } as const
  const tags = (): string[] =>
    [...registry.repository('high/app').manifests.keys()].filter((key) => !key.includes(':')).sort()

  it('the only one takes the tag, and the index does not go', async () => {
    const done = await pushTo(pool, await collected('    platforms: [linux/arm64]'), {
      ...target(),
      ...sparse,
    })
    expect(done.written).toEqual([
      { from: 'oci:./app:1', reference: `${registry.host}/high/app:1`, digest: sample.arm64.digest },
    ])
    expect(registry.repository('high/app').manifests.has(sample.root.digest)).toBe(false)
  })

  it('that is whole goes as it is', async () => {
    const done = await pushTo(pool, await collected(), { ...target(), ...sparse })
    expect(done.written.map(({ digest }) => digest)).toEqual([sample.root.digest])
  })

  it('several take it with their platform behind it; evidence stays with what it speaks for', async () => {
    const { content } = sample
    const third = content.image({ os: 'linux', architecture: 's390x' }, [Buffer.from('third')])
    const three = content.index([sample.amd64, sample.arm64, third])
    const signature = content.cosignSignature(sample.amd64)
    await content.writeLayout(join(bench.folder, 'app'), [
      { named: three, tag: '1' },
      { named: signature, tag: `${sample.amd64.digest.replace(':', '-')}.sig` },
    ])
    const two = await collected('    platforms: [linux/amd64, linux/arm64]')
    const done = await pushTo(pool, two, { ...target(), ...sparse })
    expect(done.written.map(({ reference, digest }) => [reference, digest])).toEqual([
      [`${registry.host}/high/app:1-linux-amd64`, sample.amd64.digest],
      [`${registry.host}/high/app:1-linux-arm64-v8`, sample.arm64.digest],
    ])
    expect(tags()).toEqual(
      ['1-linux-amd64', '1-linux-arm64-v8', `${sample.amd64.digest.replace(':', '-')}.sig`].sort(),
    )
  })

  it('two contents never land under one name', async () => {
    const { content } = sample
    const third = content.image({ os: 'linux', architecture: 's390x' }, [Buffer.from('third')])
    const three = content.index([sample.amd64, sample.arm64, third])
    await content.writeLayout(join(bench.folder, 'app'), [
      { named: three, tag: '1' },
      {
        named: content.image({ os: 'linux', architecture: 'amd64' }, [Buffer.from('other')]),
        tag: '1-linux-amd64',
      },
    ])
    const both = exportable(
      bench,
      await bench.collect(
        '  - image: oci:./app:1\n    platforms: [linux/amd64, linux/arm64]\n  - image: oci:./app:1-linux-amd64',
      ),
    )
    expect((await failureOf(pushTo(pool, both, { ...target(), ...sparse }))).code).toBe('export-names')
    expect(written()).toEqual([])
  })
})

describe('a map of names', () => {
  it.each([
    [[{ from: 'app', to: 'other/name' }], 'high/other/name'],
    [[{ from: 'ap', to: 'other' }], 'high/app'],
    [[{ from: 'app/', to: 'other/' }], 'high/app'],
  ])('%j lands at %s', async (map, repository) => {
    const done = await pushTo(pool, await collected(), { ...target(), map })
    expect(done.written[0]?.reference).toBe(`${registry.host}/${repository}:1`)
  })

  it('takes the longest name that fits, and no name that no registry takes', async () => {
    const { content, root } = sample
    registry.add('team/one/app', content, { '1': root })
    const item = `  - image: ${registry.host}/team/one/app:1\n    allow: [plain-http]`
    const one = exportable(bench, await bench.collect(item))
    const name = (rest: string): string => `${registry.host}/${rest}`
    const map = [
      { from: name(''), to: 'a/' },
      { from: name('team/one/'), to: 'b/' },
      { from: name('team/'), to: 'c/' },
    ]
    const done = await pushTo(pool, one, { ...target(), map })
    expect(done.written[0]?.reference).toBe(`${registry.host}/high/b/app:1`)
    const bad = pushTo(pool, one, { ...target(), map: [{ from: name('team/'), to: '../UP/' }] })
    expect((await failureOf(bad)).code).toBe('export-names')
  })
})

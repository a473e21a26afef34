import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { done, sallyport } from '../support/command-line.ts'
import { makeCrossing, writeRequest, type Crossing } from '../support/desks.ts'
import { readdir, stat } from 'node:fs/promises'
import { limits } from '../../main/platform/limits.ts'
import { sampleImage } from '../support/images.ts'
import { TestRegistry } from '../support/registry.ts'

/* On poor links a collect fails at its last blob: what arrived whole is not asked for again, in another process either. */

let crossing: Crossing
let registry: TestRegistry
beforeEach(async () => {
  crossing = await makeCrossing()
  registry = await new TestRegistry().open()
})
afterEach(async () => {
  await registry.close()
  await crossing.dispose()
})

/** Waits until the low desk's store has all this. */
async function inStore(digests: readonly string[]): Promise<void> {
  const store = join(crossing.low, 'store', 'blobs', 'sha256')
  while (!digests.every((one) => existsSync(join(store, one.slice(7)))))
    await new Promise((next) => setTimeout(next, 10))
}

describe('a collect that failed', () => {
  it('is tried again with what it had; what nobody names goes by pruning, on the record', async () => {
    const { content, root } = sampleImage()
    const layers = [...content.blobs.keys()].filter((digest) => !content.manifests.has(digest))
    const missing = layers.at(-1) ?? ''
    registry.add('team/app', content, { '1': root })
    const { blobs } = registry.repository('team/app')
    const bytes = blobs.get(missing) ?? Buffer.alloc(0)
    blobs.delete(missing)
    const others = layers.filter((digest) => digest !== missing)
    // It is missed once the others are there: what is on its way just then is let go.
    registry.switches.push(async (_, __, path) => {
      if (path.endsWith(missing)) await inStore(others)
      return false
    })
    const item = `image: ${registry.host}/team/app:1\n    allow: [plain-http]`
    const request = await writeRequest(crossing, [item])
    const collect = ['collect', request, '--desk', crossing.low]
    const failed = await sallyport(collect, crossing.clock)
    expect([failed.code, failed.json.failure.code]).toEqual([1, 'not-found'])
    blobs.set(missing, bytes)
    const before = registry.heard.length
    await done(collect, crossing.clock)
    const asked = registry.heard.slice(before).filter(({ path }) => path.includes('/blobs/'))
    expect(asked.map(({ path }) => path)).toEqual([`/v2/team/app/blobs/${missing}`])
  })

  it('leaves nothing for ever: the next collect lets go of what nobody came back for in two weeks, on the record', async () => {
    const { content, root } = sampleImage()
    const layers = [...content.blobs.keys()].filter((digest) => !content.manifests.has(digest))
    registry.add('team/app', content, { '1': root })
    const { blobs } = registry.repository('team/app')
    const missing = layers.at(-1) ?? ''
    const bytes = blobs.get(missing) ?? Buffer.alloc(0)
    blobs.delete(missing)
    const item = `image: ${registry.host}/team/app:1\n    allow: [plain-http]`
    const request = await writeRequest(crossing, [item])
    const collect = ['collect', request, '--desk', crossing.low]
    expect((await sallyport(collect, crossing.clock)).code).toBe(1)
    crossing.clock.set(new Date(Date.now() + 15 * 86_400_000).toISOString())
    blobs.set(missing, bytes)
    const before = registry.heard.length
    const made = await done(collect, crossing.clock)
    const asked = registry.heard.slice(before).filter(({ path }) => path.includes('/blobs/'))
    expect(asked.length).toBeGreaterThan(1)
    const shown = await done(['prune', '--desk', crossing.low], crossing.clock)
    expect([made['items'], shown['blobs']]).toEqual([1, 0])
  })

  it('keeps what arrived whole also when it is cancelled in the middle', async () => {
    const { content, root } = sampleImage()
    const layers = [...content.blobs.keys()].filter((digest) => !content.manifests.has(digest))
    registry.add('team/app', content, { '1': root })
    const stuck = layers.at(-1) ?? ''
    const others = layers.filter((digest) => digest !== stuck)
    const stop = new AbortController()
    // Never answered: whoever waits for it cancels once the others are there.
    registry.switches.push(async (_, __, path) => {
      if (!path.endsWith(stuck)) return false
      await inStore(others)
      stop.abort()
      return true
    })
    const item = `image: ${registry.host}/team/app:1\n    allow: [plain-http]`
    const request = await writeRequest(crossing, [item])
    const collect = ['collect', request, '--desk', crossing.low]
    const cancelled = await sallyport(collect, crossing.clock, stop.signal)
    expect([cancelled.code, cancelled.json.failure.code]).toEqual([130, 'cancelled'])
    registry.switches.length = 0
    const before = registry.heard.length
    await done(collect, crossing.clock)
    const asked = registry.heard.slice(before).filter(({ path }) => path.includes('/blobs/'))
    expect(asked.map(({ path }) => path)).toEqual([`/v2/team/app/blobs/${stuck}`])
    expect(others.length).toBeGreaterThan(0)
  })

  it('leaves nothing for ever: pruning finds what no consignment names', async () => {
    const { content, root } = sampleImage()
    const layers = [...content.blobs.keys()].filter((digest) => !content.manifests.has(digest))
    registry.add('team/app', content, { '1': root })
    registry.repository('team/app').blobs.delete(layers.at(-1) ?? '')
    const item = `image: ${registry.host}/team/app:1\n    allow: [plain-http]`
    const request = await writeRequest(crossing, [item])
    expect((await sallyport(['collect', request, '--desk', crossing.low], crossing.clock)).code).toBe(1)
    const pruned = await done(['prune', '--desk', crossing.low], crossing.clock)
    expect(Number(pruned['blobs'])).toBeGreaterThan(0)
    expect(Number((await done(['prune', '--desk', crossing.low], crossing.clock))['blobs'])).toBe(0)
  })

  /** Collects an image of which one large layer stops in the middle, and gives that layer. */
  const stopped = async (): Promise<{ layer: string; bytes: Buffer; collect: string[] }> => {
    const { content, root } = sampleImage(limits.resumeProgress * 2)
    registry.add('team/app', content, { '1': root })
    const [[layer, bytes] = ['', Buffer.alloc(0)]] = [...content.blobs].sort(
      (a, b) => b[1].length - a[1].length,
    )
    registry.switches.push((request, response, path) => {
      if (!path.endsWith(layer)) return false
      // Nothing more comes: whoever asks for the rest is refused.
      if (request.headers.range !== undefined) return (void response.destroy(), true)
      response.writeHead(200, { 'content-length': bytes.length })
      response.write(bytes.subarray(0, limits.resumeProgress + 5), () => response.destroy())
      return true
    })
    const item = `image: ${registry.host}/team/app:1\n    allow: [plain-http]`
    const collect = ['collect', await writeRequest(crossing, [item]), '--desk', crossing.low]
    const failed = await sallyport(collect, crossing.clock)
    expect([failed.code, failed.json.failure.code]).toEqual([1, 'registry-unreachable'])
    registry.switches.length = 0
    return { layer, bytes, collect }
  }
  const store = (): string => join(crossing.low, 'store', 'blobs', 'sha256')
  const halves = async (): Promise<string[]> =>
    (await readdir(store())).filter((name) => name.endsWith('.half'))

  it('goes on in the middle of a large blob, in another process', async () => {
    const { layer, collect } = await stopped()
    expect(await halves()).toEqual([`${layer.slice(7)}.half`])
    const before = registry.heard.length
    await done(collect, crossing.clock)
    const asked = registry.heard.slice(before).filter(({ path }) => path.endsWith(layer))
    expect(asked.map(({ range }) => range)).toEqual([`bytes=${limits.resumeProgress + 5}-`])
    expect(await halves()).toEqual([])
    expect(existsSync(join(store(), layer.slice(7)))).toBe(true)
  })

  it('leaves no piece for ever either: it goes by pruning, and after two weeks by itself', async () => {
    const { layer, collect } = await stopped()
    const size = (await stat(join(store(), `${layer.slice(7)}.half`))).size
    const pruned = await done(['prune', '--desk', crossing.low], crossing.clock)
    expect(Number(pruned['bytes'])).toBeGreaterThanOrEqual(size)
    expect(await halves()).toEqual([])
    await done(collect, crossing.clock)
  })

  it('forgets a piece that nobody came back for', async () => {
    await stopped()
    crossing.clock.set(new Date(Date.now() + 15 * 86_400_000).toISOString())
    const other = sampleImage(100, 'other')
    registry.add('team/other', other.content, { '1': other.root })
    const item = `image: ${registry.host}/team/other:1\n    allow: [plain-http]`
    await done(['collect', await writeRequest(crossing, [item]), '--desk', crossing.low], crossing.clock)
    expect(await halves()).toEqual([])
  })
})

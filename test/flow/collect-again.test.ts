import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { done, sallyport } from '../support/command-line.ts'
import { makeCrossing, writeRequest, type Crossing } from '../support/desks.ts'
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
})

import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { limits } from '../../main/platform/limits.ts'
import { done, sallyport } from '../support/command-line.ts'
import { makeCrossing, writeRequest, type Crossing } from '../support/desks.ts'
import { hasDockerRegistry, startDockerRegistry } from '../support/docker-registry.ts'
import type { ServedRegistry } from '../support/served-registry.ts'
import { FaultyProxy, type Fault } from '../support/faulty.ts'
import { sampleImage, sha256 } from '../support/images.ts'
import { missingZot, startZot } from '../support/zot.ts'

/*
 * Whole collects from real registries, through a proxy that stops, lies, resets, redirects, is slow or asks for patience. What
 * can be survived is; what cannot is refused by its reason, and what is left on the disc is said each time.
 */

const registries = [
  { name: 'docker-registry', here: hasDockerRegistry, start: startDockerRegistry },
  { name: 'zot', here: missingZot === null, start: startZot },
] as const
if (missingZot !== null) console.log(`Not run: faults with zot, because ${missingZot}.`)

const sample = sampleImage(limits.resumeProgress * 3)
const [[layer] = ['']] = [...sample.content.blobs].sort((a, b) => b[1].length - a[1].length)

for (const { name, here, start } of registries) {
  describe.skipIf(!here)(`a collect from ${name} (needs ${name})`, () => {
    let registry: ServedRegistry
    let proxy: FaultyProxy
    let crossing: Crossing
    let collect: string[]
    beforeAll(async () => {
      registry = await start()
      await registry.push('team/app', sample.content, { '1': sample.root })
    })
    afterAll(() => registry.close())
    beforeEach(async () => {
      proxy = await new FaultyProxy(registry.host).open()
      crossing = await makeCrossing()
      const item = `image: ${proxy.host}/team/app:1\n    allow: [plain-http]`
      collect = ['collect', await writeRequest(crossing, [item]), '--desk', crossing.low]
    })
    afterEach(async () => {
      await proxy.close()
      await crossing.dispose()
    })

    const store = (): string => join(crossing.low, 'store', 'blobs', 'sha256')
    const lying = async (): Promise<string[]> =>
      (await readdir(store())).filter((name) => !/^[0-9a-f]{64}$/.test(name))
    /** The large layer meets a fault so many times, everything else none. */
    const onLayer = (times: number, fault: (count: number) => Fault): void => {
      let count = 0
      proxy.faults = (path) => {
        if (path !== `/v2/team/app/blobs/${layer}` || count >= times) return null
        count += 1
        return fault(count)
      }
    }
    const arrives = async (): Promise<void> => {
      await done(collect, crossing.clock)
      expect(sha256(await readFile(join(store(), layer.slice(7))))).toBe(layer)
      expect(await lying()).toEqual([])
    }
    const fails = async (code: string, left: readonly string[] = []): Promise<void> => {
      const ended = await sallyport(collect, crossing.clock)
      expect([ended.code, ended.json.failure.code]).toEqual([1, code])
      expect(existsSync(join(store(), layer.slice(7)))).toBe(false)
      // What else was on its way may wait for the next run as well.
      expect((await lying()).filter((name) => name.startsWith(layer.slice(7)))).toEqual(left)
      // Nothing about it stays: without the fault the next one is whole.
      proxy.faults = () => null
      await arrives()
    }
    const asked = (): (string | undefined)[] =>
      proxy.heard.filter(({ path }) => path.endsWith(layer)).map(({ range }) => range)

    it('goes on by Range where the connection stopped in the middle, as often as that is', async () => {
      onLayer(2, () => ({ kind: 'stop', after: limits.resumeProgress }))
      await arrives()
      const once = limits.resumeProgress
      expect(asked()).toEqual([undefined, `bytes=${once}-`, `bytes=${once * 2}-`])
    })

    it('is given up where it never gets on; the next one goes on in the middle', async () => {
      onLayer(Infinity, (count) => ({ kind: 'stop', after: count === 1 ? limits.resumeProgress : 0 }))
      await fails('registry-unreachable', [`${layer.slice(7)}.half`])
      expect(asked().at(-1)).toBe(`bytes=${limits.resumeProgress}-`)
    })

    it('asks again after a reset', async () => {
      onLayer(2, () => ({ kind: 'reset' }))
      await arrives()
    })

    it('gives up where there is nothing but resets', async () => {
      onLayer(Infinity, () => ({ kind: 'reset' }))
      await fails('registry-unreachable')
    })

    it('has patience where it is asked for, and for a registry that is busy', async () => {
      onLayer(2, (count) => ({
        kind: 'answer',
        status: count === 1 ? 429 : 503,
        headers: { 'retry-after': '0' },
      }))
      await arrives()
    })

    it('does not wait an hour: it says when to come back', async () => {
      onLayer(Infinity, () => ({ kind: 'answer', status: 429, headers: { 'retry-after': '3600' } }))
      await fails('registry-limit')
    })

    it('takes what comes in small pieces', async () => {
      onLayer(1, () => ({ kind: 'slow', piece: 10_000 }))
      await arrives()
      expect(asked()).toEqual([undefined])
    })

    it('follows to where a blob was moved', async () => {
      onLayer(1, () => ({
        kind: 'answer',
        status: 307,
        headers: { location: `/moved/v2/team/app/blobs/${layer}` },
      }))
      await arrives()
      expect(proxy.heard.filter(({ path }) => path.startsWith('/moved/'))).toHaveLength(1)
    })

    it('is sent nowhere that nobody allowed', async () => {
      onLayer(Infinity, () => ({
        kind: 'answer',
        status: 307,
        headers: { location: `http://${registry.host}/x` },
      }))
      await fails('network-refused')
    })

    it('believes no lie, keeps nothing of it, and asks no second time', async () => {
      onLayer(Infinity, () => ({ kind: 'lie' }))
      await fails('registry-lies')
      expect(asked().slice(0, -1)).toEqual([undefined])
    })

    it('believes no lie about the rest of what stopped', async () => {
      onLayer(2, (count) => (count === 1 ? { kind: 'stop', after: limits.resumeProgress } : { kind: 'lie' }))
      await fails('registry-lies')
    })

    it('asks again for a manifest that stopped in the middle, and for every other answer', async () => {
      let stopped = 0
      proxy.faults = (path, count) => {
        if (count > 1 || path.includes('/blobs/')) return null
        stopped += 1
        return { kind: 'stop', after: 10 }
      }
      await arrives()
      expect(stopped).toBeGreaterThan(3)
    })

    it('believes no lie in a manifest', async () => {
      proxy.faults = (path) => (path.endsWith(sample.amd64.digest) ? { kind: 'lie' } : null)
      await fails('registry-lies')
    })
  })
}

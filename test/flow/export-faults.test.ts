import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { limits } from '../../main/platform/limits.ts'
import { done, sallyport, type Ended } from '../support/command-line.ts'
import { makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { hasDockerRegistry, startDockerRegistry } from '../support/docker-registry.ts'
import type { ServedRegistry } from '../support/served-registry.ts'
import { FaultyProxy, type Fault } from '../support/faulty.ts'
import { highDesk } from '../support/high-desk.ts'
import { sampleImage, sha256 } from '../support/images.ts'

/*
 * Whole exports to a real registry, through a proxy that cuts, resets, redirects, lies, is slow or asks for patience. What can be
 * survived is, and the registry is read back; what cannot is refused by its reason, and what is left there is said each time.
 */

const mib = limits.resumeProgress
const sample = sampleImage(mib * 3)
const [[layer, layerBytes] = ['', Buffer.alloc(0)]] = [...sample.content.blobs].sort(
  (a, b) => b[1].length - a[1].length,
)

describe.skipIf(!hasDockerRegistry)('an export to a real registry (needs docker-registry)', () => {
  let registry: ServedRegistry
  let proxy: FaultyProxy
  let crossing: Crossing
  let id: string
  let count = 0
  let prefix = ''
  beforeAll(async () => {
    crossing = await makeCrossing()
    registry = await startDockerRegistry()
    proxy = await new FaultyProxy(registry.host).open()
    await sample.content.writeLayout(join(crossing.folder, 'request', 'app'), [
      { named: sample.root, tag: '1' },
    ])
    const released = await release(crossing, await writeRequest(crossing, ['image: oci:./app:1']))
    id = await highDesk(() => crossing).accepted(await writeTo(crossing, released, 'medium'))
    const policy = join(crossing.folder, 'policy.yaml')
    const text = `sallyport: policy/v1\nversion: 2\nexportRegistries:\n  - host: "${proxy.host}"\n    allow: [plain-http]\n`
    await writeFile(policy, text)
    await done(['policy', 'set', policy, '--desk', crossing.high], crossing.clock)
  })
  afterAll(async () => {
    await proxy.close()
    await registry.close()
    await crossing.dispose()
  })
  beforeEach(() => {
    // A place of its own each time: nothing is there already.
    prefix = `try-${(count += 1)}`
    proxy.faults = () => null
    proxy.heard.length = 0
  })

  const exporting = (): Promise<Ended> =>
    sallyport(
      ['export', id, '--desk', crossing.high, '--to', `registry:${proxy.host}/${prefix}`],
      crossing.clock,
    )
  const there = (kind: 'blobs' | 'manifests', reference: string): Promise<Response> => {
    const accept = [...new Set(sample.content.manifests.values())].join(', ')
    return fetch(`http://${registry.host}/v2/${prefix}/app/${kind}/${reference}`, { headers: { accept } })
  }
  /** What the registry has under a name, hashed; `null` for nothing. */
  const held = async (kind: 'blobs' | 'manifests', reference: string): Promise<string | null> => {
    const answer = await there(kind, reference)
    const bytes = Buffer.from(await answer.arrayBuffer())
    return answer.status === 404 ? null : sha256(bytes)
  }
  /** Uploads that the registry still has open: what came of those that were cancelled is gone. */
  const unfinished = async (): Promise<string[]> => {
    const all = await readdir(join(registry.folder, 'storage'), { recursive: true }).catch(() => [])
    return all.filter((path) => path.includes(`/${prefix}/`) && path.endsWith('/startedat'))
  }
  const isWhole = async (): Promise<void> => {
    for (const [digest] of sample.content.blobs)
      expect(await held(sample.content.manifests.has(digest) ? 'manifests' : 'blobs', digest)).toBe(digest)
    expect(await held('manifests', '1')).toBe(sample.root.digest)
  }
  const arrives = async (): Promise<Ended> => {
    const ended = await exporting()
    expect([ended.code, ended.json.failure]).toEqual([0, undefined])
    await isWhole()
    return ended
  }
  const lastEvent = async (): Promise<unknown> => {
    const { exports } = await done(['consignment', 'show', id, '--desk', crossing.high], crossing.clock)
    return (exports as unknown[]).at(-1)
  }
  /**
   * Refused by its reason: no tag is there, so many uploads lie there unfinished (`null`: that is the registry's own matter),
   * nothing is on the record as exported, and without the fault the next export is whole.
   */
  const fails = async (
    code: string,
    { layerThere = false, open = 0 }: { readonly layerThere?: boolean; readonly open?: number | null } = {},
  ): Promise<Ended['json']['failure']> => {
    const ended = await exporting()
    expect([ended.code, ended.json.failure.code]).toEqual([1, code])
    expect(await held('manifests', '1')).toBe(null)
    expect(await held('blobs', layer)).toBe(layerThere ? layer : null)
    if (open !== null) expect(await unfinished()).toHaveLength(open)
    expect(await lastEvent()).not.toMatchObject({ target: `registry:${proxy.host}/${prefix}` })
    proxy.faults = () => null
    await arrives()
    return ended.json.failure
  }

  /** Naming the large layer, with all its bytes, meets a fault so many times, everything else none. */
  const onLayer = (times: number, fault: (count: number) => Fault): void => {
    let met = 0
    proxy.faults = (path, _, { method }) => {
      if (method !== 'PUT' || !path.includes(encodeURIComponent(layer)) || met >= times) return null
      met += 1
      return fault(met)
    }
  }
  /** How often the layer was sent, in whole or in part. */
  const sendings = (): number =>
    proxy.heard.filter(({ method, path }) => method === 'PUT' && path.includes(encodeURIComponent(layer)))
      .length

  describe('survives', () => {
    it('a connection that is cut in the middle, as often as there are tries', async () => {
      onLayer(limits.retries, () => ({ kind: 'cut', after: mib }))
      await arrives()
    })

    it('one that is cut before anything is sent, and one that is reset', async () => {
      onLayer(2, (met) => (met === 1 ? { kind: 'cut', after: 0 } : { kind: 'reset' }))
      await arrives()
    })

    it('an answer that never comes, after everything arrived: what is there is not sent again', async () => {
      onLayer(1, () => ({ kind: 'mute' }))
      await arrives()
      expect(sendings()).toBe(1)
    })

    it.each([429, 503])('%d in the middle of it, by which the registry asks for patience', async (status) => {
      onLayer(2, () => ({ kind: 'answer', status, headers: { 'retry-after': '0' } }))
      await arrives()
      expect(sendings()).toBe(3)
    })

    it('429 to every question there is, once', async () => {
      const met = new Set<string>()
      proxy.faults = (path, _, request) => {
        const question = `${request.method ?? ''} ${path.replace(/uploads\/.+|\?.*/, '')}`
        if (met.has(question)) return null
        met.add(question)
        return { kind: 'answer', status: 429, headers: { 'retry-after': '0' } }
      }
      await arrives()
    })

    it('a way that is slow', async () => {
      onLayer(1, () => ({ kind: 'drag', piece: 10_000 }))
      await arrives()
      expect(sendings()).toBe(1)
    })

    it('being sent on at the same place', async () => {
      proxy.faults = (path, seen, request) =>
        request.method === 'PUT' &&
        path.includes('/blobs/uploads/') &&
        !path.startsWith('/moved') &&
        seen === 1
          ? { kind: 'answer', status: 307, headers: { location: `/moved${path}` } }
          : null
      await arrives()
      expect(proxy.heard.some(({ path }) => path.startsWith('/moved/'))).toBe(true)
    })

    it('a gate that takes only so much at once, and cuts pieces in the middle', async () => {
      let cut = 0
      proxy.faults = (path, _, request) => {
        if (!path.includes('/blobs/uploads/')) return null
        const size = Number(request.headers['content-length'] ?? 0)
        if (request.method === 'PUT' && size > 2 * mib) return { kind: 'answer', status: 413 }
        if (request.method !== 'PATCH' || size < 2 * mib || cut >= 2) return null
        cut += 1
        return { kind: 'cut', after: mib }
      }
      await arrives()
      expect(cut).toBe(2)
    })

    it('an answer to a manifest that never comes', async () => {
      proxy.faults = (path, seen, request) =>
        request.method === 'PUT' && path.includes('/manifests/') && seen === 1 ? { kind: 'mute' } : null
      await arrives()
    })
  })

  describe('tells', () => {
    it('what the registry warns of, on the record too', async () => {
      proxy.faults = (path) =>
        path.endsWith('/manifests/1')
          ? { kind: 'headers', headers: { warning: '299 - "This repository is archived."' } }
          : null
      const ended = await arrives()
      const warned = [`The registry ${proxy.host} warns: “This repository is archived.”.`]
      expect(ended.json['warned']).toEqual(warned)
      expect(await lastEvent()).toMatchObject({ target: `registry:${proxy.host}/${prefix}`, warned })
    })
  })

  describe('is refused', () => {
    it('where there is nothing but resets', async () => {
      onLayer(Infinity, () => ({ kind: 'reset' }))
      expect((await fails('registry-unreachable')).safe).toContain('Nothing looks finished that is not')
    })

    it('where it is cut each time before it gets on', async () => {
      onLayer(Infinity, () => ({ kind: 'cut', after: 10 }))
      let given = 0
      const faults = proxy.faults
      proxy.faults = (path, seen, request) => {
        if (request.method === 'DELETE') given += 1
        return faults(path, seen, request)
      }
      // Distribution 2.8 neither goes on with nor forgets at once what broke in the middle; it was told each time.
      await fails('registry-unreachable', { open: null })
      expect(given).toBe(limits.retries + 1)
    })

    it('where it would have to wait an hour, and says so', async () => {
      onLayer(Infinity, () => ({ kind: 'answer', status: 429, headers: { 'retry-after': '3600' } }))
      const ended = await exporting()
      expect([ended.code, ended.json.failure.code]).toEqual([1, 'registry-limit'])
      expect(ended.json.failure.happened).toContain('in 3600 seconds')
      expect([await held('manifests', '1'), await held('blobs', layer)]).toEqual([null, null])
      // Whom we ask too much is not asked to forget it either: it does by itself.
      expect((await unfinished()).length).toBeGreaterThan(0)
      proxy.faults = () => null
      await arrives()
    })

    it('where it is sent on to whom nobody allowed', async () => {
      onLayer(Infinity, () => ({
        kind: 'answer',
        status: 307,
        headers: { location: `http://${registry.host}/v2/x` },
      }))
      expect((await fails('network-refused')).happened).toContain(registry.host)
    })

    it('where the place to upload to is somebody’s whom nobody allowed', async () => {
      const location = `http://${registry.host}/v2/x/blobs/uploads/y`
      proxy.faults = (_, __, { method }) =>
        method === 'POST' ? { kind: 'headers', headers: { location } } : null
      const ended = await exporting()
      expect([ended.code, ended.json.failure.code]).toEqual([1, 'network-refused'])
      expect([await held('manifests', '1'), await held('blobs', layer)]).toEqual([null, null])
      expect(proxy.heard.filter(({ method }) => method === 'PUT')).toEqual([])
    })

    it('where the registry acknowledges another blob than was sent', async () => {
      const other = `sha256:${'a'.repeat(64)}`
      onLayer(Infinity, () => ({ kind: 'headers', headers: { 'docker-content-digest': other } }))
      const { happened } = await fails('registry-changed-digest', { layerThere: true })
      expect(happened).toContain(`Expected ${layer}, found ${other}`)
    })

    it('where the registry acknowledges another manifest than was sent', async () => {
      const other = `sha256:${'a'.repeat(64)}`
      proxy.faults = (path, _, request) =>
        request.method === 'PUT' && path.endsWith(sample.amd64.digest)
          ? { kind: 'headers', headers: { 'docker-content-digest': other } }
          : null
      const { happened } = await fails('registry-changed-digest', { layerThere: true })
      expect(happened).toContain(`Expected ${sample.amd64.digest}, found ${other}`)
    })

    it('where what is read back is something else', async () => {
      proxy.faults = (path, _, request) =>
        request.method === 'GET' && path.endsWith(`/manifests/${sample.amd64.digest}`)
          ? { kind: 'lie' }
          : null
      const ended = await exporting()
      expect([ended.code, ended.json.failure.code]).toEqual([1, 'registry-changed-digest'])
      expect(await lastEvent()).not.toMatchObject({ target: `registry:${proxy.host}/${prefix}` })
      // The tags came before: what lies there is right, and what was read is not; nothing is put on the record as exported.
      expect(await held('manifests', '1')).toBe(sample.root.digest)
    })

    it('where a blob was acknowledged and is not there: by name', async () => {
      onLayer(Infinity, () => ({ kind: 'answer', status: 201 }))
      const { happened } = await fails('export-lost', { open: 1 })
      expect(happened).toContain(layer)
      expect(layerBytes.length).toBeGreaterThan(2 * mib)
    })
  })
})

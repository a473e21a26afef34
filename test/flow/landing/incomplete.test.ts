import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { done, sallyport } from '../../support/command-line.ts'
import { makeCrossing, type Crossing } from '../../support/desks.ts'
import { hasDockerRegistry, startDockerRegistry } from '../../support/docker-registry.ts'
import { eventsOf, lastOf } from '../../support/forged-desk.ts'
import type { SampleImage } from '../../support/images.ts'
import {
  acceptedImage,
  allowRegistry,
  bundlesAt,
  contentOf,
  envelopeBy,
  exportTo,
  landingKey,
  recordedOf,
  tagOf,
  tryExport,
  trySeal,
} from '../../support/landing.ts'
import { answer, TestRegistry, type Switch } from '../../support/registry.ts'

/* A target is read again as its readers read it: what it does not keep is named, and an export goes on from there. */

let crossing: Crossing
let registry: TestRegistry
let pub: string
let id: string
let sample: SampleImage
let count = 0
let place = ''
beforeAll(async () => {
  crossing = await makeCrossing()
  registry = await new TestRegistry().open()
  await allowRegistry(crossing, registry.host)
  pub = readFileSync(await landingKey(crossing), 'utf8')
  const made = await acceptedImage(crossing)
  id = made.id
  sample = made.sample
})
afterAll(async () => {
  await registry.close()
  await crossing.dispose()
})
beforeEach(() => {
  registry.switches.length = 0
  registry.referrersApi = true
  registry.heard.length = 0
  place = `try-${(count += 1)}`
})
const target = (): string => `${registry.host}/${place}`
const path = (): string => `${place}/app`
const content = () => contentOf(registry, path())

/** Keeps nothing of what is put where this fits, and says that it does. */
const forgets =
  (fits: RegExp): Switch =>
  async (request, response, at) => {
    if (request.method !== 'PUT' || !fits.test(at)) return false
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    answer(response, 201)
    return true
  }

/** Does not find what lies there, where this fits. */
const hides =
  (fits: RegExp): Switch =>
  (request, response, at) => {
    if (request.method === 'PUT' || !fits.test(at)) return false
    answer(response, 404)
    return true
  }

/** Lists nothing that refers to anything. */
const listsNothing: Switch = (_request, response, at) => {
  if (!at.includes('/referrers/')) return false
  const headers = { 'content-type': 'application/vnd.oci.image.index.v1+json' }
  const body = '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}'
  answer(response, 200, headers, Buffer.from(body))
  return true
}

describe('a registry that does not keep what it took', () => {
  it('drops referrers: the export failed, names them, and is finished by --resume', async () => {
    registry.switches.push(listsNothing)
    const failed = await tryExport(crossing, id, target())
    expect(failed.json.failure).toMatchObject({ code: 'landing-incomplete' })
    expect(failed.json.failure.happened).toContain('is not in the list of what refers to')
    const all = await eventsOf(crossing.high)
    expect(all.at(-1)).toMatchObject({ type: 'export.failed', facts: { code: 'landing-incomplete' } })
    const missing = all.at(-1)?.facts['missing'] as string[]
    // Two for the index, two for each platform.
    expect(missing).toHaveLength(6)
    for (const digest of [sample.root.digest, sample.amd64.digest, sample.arm64.digest])
      expect(missing.filter((one) => one.endsWith(`${path()}@${digest}`))).toHaveLength(2)
    const shown = await done(['consignment', 'show', id, '--desk', crossing.high], crossing.clock)
    expect(shown['unfinished']).toMatchObject([
      { target: `registry:${target()}`, code: 'landing-incomplete', missing },
    ])
    // No record of a sealing, and none of an export: nothing is sealed by that either.
    expect((await trySeal(crossing, id, target())).json.failure.code).toBe('landing-not-there')
    registry.switches.length = 0
    registry.heard.length = 0
    const before = content()
    const again = await exportTo(crossing, id, target(), ['--resume'])
    expect(again).toMatchObject({ seals: 'made' })
    expect(content()).toEqual(before)
    expect(registry.heard.filter(({ method }) => method === 'POST' || method === 'PATCH')).toEqual([])
    const after = await done(['consignment', 'show', id, '--desk', crossing.high], crossing.clock)
    expect(after['unfinished']).toEqual([])
    expect(lastOf(await eventsOf(crossing.high), 'landing.sealed').facts).toMatchObject({
      target: `registry:${target()}`,
    })
  })

  it('loses the older summaries after it read them back: named by their tags', async () => {
    let looked = 0
    const hide = hides(/\/manifests\/sha256-[0-9a-f]{64}\.att$/)
    registry.switches.push((request, response, at) => {
      if (!at.endsWith('.att') || request.method === 'PUT') return false
      looked += 1
      // Each is looked at, put, and read back; the fourth look of them all and later are those of a reader.
      return looked > 6 ? hide(request, response, at) : false
    })
    const { json } = await tryExport(crossing, id, target())
    expect(json.failure.code).toBe('landing-incomplete')
    expect(json.failure.happened).toContain(`${target()}/app:${tagOf(sample.root.digest)}.att is not there`)
    registry.switches.length = 0
    expect(await exportTo(crossing, id, target(), ['--resume'])).toMatchObject({ seals: 'made' })
  })

  it('never keeps the older seals: said at once', async () => {
    registry.switches.push(forgets(/\/manifests\/sha256-[0-9a-f]{64}\.sig$/))
    const recorded = await recordedOf(crossing.high)
    const { json } = await tryExport(crossing, id, target())
    expect(json.failure).toMatchObject({ code: 'registry-answer' })
    expect(json.failure.happened).toContain('does not keep what is put there')
    expect(await recordedOf(crossing.high)).toEqual({
      ...recorded,
      'export.started': (recorded['export.started'] ?? 0) + 1,
      'export.failed': (recorded['export.failed'] ?? 0) + 1,
    })
  })

  it('never keeps the list at the tag that stands in for the API', async () => {
    registry.referrersApi = false
    registry.switches.push(forgets(/\/manifests\/sha256-[0-9a-f]{64}$/))
    const { json } = await tryExport(crossing, id, target())
    expect(json.failure.code).toBe('registry-answer')
    expect(json.failure.happened).toContain('list of referrers')
  })

  it('gives seals back in other bytes', async () => {
    registry.switches.push((request, response, at) => {
      const reference = /\/manifests\/(sha256:[0-9a-f]{64})$/.exec(at)?.[1] ?? ''
      const found = registry.repository(path()).manifests.get(reference)
      if (request.method !== 'GET' || found?.bytes.includes('sigstore.bundle') !== true) return false
      const headers = { 'content-type': found.mediaType }
      answer(response, 200, headers, Buffer.from(JSON.stringify(JSON.parse(found.bytes.toString()), null, 1)))
      return true
    })
    const { json } = await tryExport(crossing, id, target())
    expect(json.failure.code).toBe('landing-incomplete')
    expect(json.failure.happened).toMatch(/holds sha256:[0-9a-f]{64}/)
    expect((await eventsOf(crossing.high)).at(-1)?.type).toBe('export.failed')
  })

  it('lost content after the export: sealing again names it, and the export finishes it', async () => {
    await exportTo(crossing, id, target())
    registry.repository(path()).manifests.delete(`${tagOf(sample.amd64.digest)}.sig`)
    registry.repository(path()).manifests.delete('1.0')
    const [layer = ''] = [...registry.repository(path()).blobs.keys()]
    registry.repository(path()).blobs.delete(layer)
    // The sealing puts back what it made itself.
    expect((await trySeal(crossing, id, target())).code).toBe(0)
    expect(content()).toHaveProperty([`${tagOf(sample.amd64.digest)}.sig`])
    expect(content()).not.toHaveProperty(['1.0'])
    expect(await exportTo(crossing, id, target())).toMatchObject({ seals: 'made' })
    expect(content()).toHaveProperty(['1.0'], sample.root.digest)
    expect(content()).toHaveProperty([`blob ${layer}`])
  })
})

describe('--resume', () => {
  it('is refused where nothing failed, at another target, and where it was finished: nothing is sent', async () => {
    const refused = async (where: string): Promise<void> => {
      const recorded = await recordedOf(crossing.high)
      registry.heard.length = 0
      const { json } = await tryExport(crossing, id, where, ['--resume'])
      expect(json.failure.code).toBe('resume-none')
      expect(registry.heard).toEqual([])
      expect(await recordedOf(crossing.high)).toEqual(recorded)
    }
    await refused(target())
    registry.switches.push(listsNothing)
    await tryExport(crossing, id, target())
    await refused(`${target()}-2`)
    registry.switches.length = 0
    await exportTo(crossing, id, target(), ['--resume'])
    await refused(target())
  })

  it('goes on with one that was called off while it sealed, and sends no layer again', async () => {
    const abort = new AbortController()
    registry.switches.push((request, _response, at) => {
      if (request.method === 'PUT' && at.endsWith('.sig')) abort.abort()
      return false
    })
    const words = ['export', id, '--desk', crossing.high, '--to', `registry:${target()}`]
    const stopped = await sallyport(words, crossing.clock, abort.signal)
    expect(stopped.json.failure.code).toBe('cancelled')
    const { target: said, code } = (await eventsOf(crossing.high)).at(-1)?.facts ?? {}
    expect({ said, code }).toEqual({ said: `registry:${target()}`, code: 'cancelled' })
    expect(content()).toHaveProperty(['1.0'], sample.root.digest)
    registry.switches.length = 0
    registry.heard.length = 0
    expect(await exportTo(crossing, id, target(), ['--resume'])).toMatchObject({ seals: 'made' })
    expect(registry.heard.filter(({ method }) => method === 'PATCH')).toEqual([])
    for (const digest of [sample.root.digest, sample.amd64.digest, sample.arm64.digest])
      expect(bundlesAt(registry, path(), digest)).toHaveLength(2)
  })
})

describe('kept signatures', () => {
  const file = (): string => {
    const folder = join(crossing.high, 'consignments', id)
    return join(folder, readdirSync(folder).find((name) => name.startsWith('seals-')) ?? 'none')
  }
  interface Kept {
    readonly format: string
    readonly signatures: Record<string, string>
  }

  it.each([
    ['of others', (one: string) => `${one.slice(0, 20)}AAAA${one.slice(24)}`],
    ['that are none', () => 'AAAA'],
    [
      'with bytes after them',
      (one: string) => Buffer.concat([Buffer.from(one, 'base64'), Buffer.from([0])]).toString('base64'),
    ],
  ])('%s are not used: each is made anew, and verifies', async (_, change) => {
    await exportTo(crossing, id, target(), ['--no-seal'])
    await trySeal(crossing, id, target())
    const kept = JSON.parse(readFileSync(file(), 'utf8')) as Kept
    const forged = Object.fromEntries(Object.entries(kept.signatures).map(([of, one]) => [of, change(one)]))
    writeFileSync(file(), JSON.stringify({ format: kept.format, signatures: forged }))
    expect((await trySeal(crossing, id, target())).code).toBe(0)
    for (const { envelope } of bundlesAt(registry, path(), sample.root.digest))
      expect(envelopeBy(envelope, pub)).toBe(true)
    const now = JSON.parse(readFileSync(file(), 'utf8')) as Kept
    const anew = Object.keys(forged).filter((of) => now.signatures[of] !== forged[of])
    // Three of each of three manifests under this name; those of other names were not asked for.
    expect(anew).toHaveLength(9)
  })

  it.each([
    '',
    '{',
    '[]',
    '{"format":"sallyport.seals/v1","signatures":{"x":1}}',
    '{"format":"other","signatures":{}}',
  ])('in a file that holds %j: sealed all the same', async (text) => {
    await exportTo(crossing, id, target())
    writeFileSync(file(), text)
    expect((await trySeal(crossing, id, target())).code).toBe(0)
    rmSync(file())
    expect((await trySeal(crossing, id, target())).code).toBe(0)
    for (const { envelope } of bundlesAt(registry, path(), sample.arm64.digest))
      expect(envelopeBy(envelope, pub)).toBe(true)
  })
})

describe.skipIf(!hasDockerRegistry)(
  'a real registry without the referrers API (needs docker-registry)',
  () => {
    it('has everything that was promised, and is not given it twice', async () => {
      const real = await startDockerRegistry()
      const other = await makeCrossing()
      try {
        await allowRegistry(other, real.host)
        await landingKey(other)
        const made = await acceptedImage(other)
        const first = await exportTo(other, made.id, `${real.host}/apps`)
        expect(first).toMatchObject({ seals: 'made' })
        const list = async (): Promise<unknown> => {
          const url = `http://${real.host}/v2/apps/app/manifests/${tagOf(made.sample.root.digest)}`
          return (await fetch(url, { headers: { accept: 'application/vnd.oci.image.index.v1+json' } })).json()
        }
        const before = await list()
        expect((before as { manifests: unknown[] }).manifests).toHaveLength(2)
        expect((await trySeal(other, made.id, `${real.host}/apps`)).json).toMatchObject({
          ok: true,
          count: 3,
        })
        expect(await list()).toEqual(before)
      } finally {
        await real.close()
        await other.dispose()
      }
    })
  },
)

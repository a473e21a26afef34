import { spawnSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport, testClock, type Said } from '../support/command-line.ts'
import { decideBoth, makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { hasDockerRegistry, hasSkopeo, startDockerRegistry } from '../support/docker-registry.ts'
import { sampleImage, sha256 } from '../support/images.ts'
import type { ServedRegistry } from '../support/served-registry.ts'

const cli = join(import.meta.dirname, '..', '..', 'main', 'cli.ts')
const canUnshare = spawnSync('unshare', ['-rn', 'true']).status === 0

/** Runs the command line as a process without any network, in an account of its own: an empty network namespace. */
function withoutNetwork(
  home: string,
  ...words: string[]
): { readonly code: number | null; readonly said: Said } {
  const { status, stdout } = spawnSync('unshare', ['-rn', process.execPath, cli, ...words, '--json'], {
    encoding: 'utf8',
    env: { ...process.env, HOME: home },
  })
  return { code: status, said: JSON.parse(stdout) as Said }
}

describe.skipIf(!hasDockerRegistry || !hasSkopeo)(
  'images from a registry to a registry (needs docker-registry and skopeo)',
  () => {
    let crossing: Crossing
    let low: ServedRegistry
    let high: ServedRegistry
    let id: string
    let root: string
    beforeAll(async () => {
      crossing = await makeCrossing(testClock(new Date().toISOString()))
      low = await startDockerRegistry()
      high = await startDockerRegistry()
    })
    afterAll(async () => {
      await Promise.all([low.close(), high.close()])
      await crossing.dispose()
    })

    it('collects an index intact with one platform left out', async () => {
      const sample = sampleImage()
      root = sample.root.digest
      await low.push('team/app', sample.content, { '1.2.3': sample.root })
      const item = `{ image: "${low.host}/team/app:1.2.3", platforms: [linux/amd64], allow: [plain-http] }`
      const released = await release(crossing, await writeRequest(crossing, [item]))
      const shown = await done(['consignment', 'show', released, '--desk', crossing.low], crossing.clock)
      expect(JSON.stringify(shown['content'])).toContain(root)
      expect((shown['carried'] as { omitted: number }).omitted).toBeGreaterThan(0)
      id = released
    })

    it.skipIf(!canUnshare)(
      'is verified without any network (needs unprivileged network namespaces)',
      async () => {
        const folder = await writeTo(crossing, id, 'medium')
        const { code, said } = withoutNetwork(crossing.folder, 'verify', folder, '--desk', crossing.high)
        expect(said).toHaveProperty('checks')
        expect({ code, failed: said.checks.filter((one) => one.result === 'fail') }).toEqual({
          code: 0,
          failed: [],
        })
        id = said.id
        await decideBoth(crossing, id, 'accept')
      },
    )

    it('goes to no registry that the policy does not name', async () => {
      const refused = await sallyport(
        ['export', id, '--desk', crossing.high, '--to', `registry:${high.host}`],
        crossing.clock,
      )
      expect({ code: refused.code, failure: refused.json.failure.code }).toEqual({
        code: 1,
        failure: 'network-refused',
      })
    })

    it('is exported intact; a registry that refuses an index with a child left out gets no other one', async () => {
      const policy = join(crossing.folder, 'policy.yaml')
      const text = `sallyport: policy/v1\nversion: 2\nexportRegistries:\n  - host: "${high.host}"\n    allow: [plain-http]\n`
      await writeFile(policy, text)
      await done(['policy', 'set', policy, '--desk', crossing.high], crossing.clock)
      const layout = join(crossing.folder, 'layout')
      await done(['export', id, '--desk', crossing.high, '--to', `oci-layout:${layout}`], crossing.clock)
      expect(await readFile(join(layout, 'index.json'), 'utf8')).toContain(root)
      const pushed = await sallyport(
        ['export', id, '--desk', crossing.high, '--to', `registry:${high.host}/mirror`],
        crossing.clock,
      )
      expect({ code: pushed.code, failure: pushed.json.failure.code }).toEqual({
        code: 1,
        failure: 'index-refused',
      })
    })

    it('goes as its platforms, by choice: the carried one takes the tag; a map renames it, a lock file says so', async () => {
      const map = join(crossing.folder, 'map.yaml')
      const lock = join(crossing.folder, 'images-lock.json')
      const from = `${low.host}/team/`
      await writeFile(map, `sallyport: map/v1\nnames:\n  - from: "${from}"\n    to: renamed/\n`)
      const words = ['--to', `registry:${high.host}/as-images`, '--sparse', 'platforms', '--map', map]
      const exporting = ['export', id, '--desk', crossing.high, ...words]
      const pushed = await done([...exporting, '--lock', lock], crossing.clock)
      const amd64 = sampleImage().amd64.digest
      const to = `${high.host}/as-images/renamed/app`
      const reference = `${low.host}/team/app:1.2.3`
      expect(pushed['written']).toEqual([{ from: reference, reference: `${to}:1.2.3`, digest: amd64 }])
      const inspect = spawnSync('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${to}:1.2.3`])
      expect(sha256(inspect.stdout)).toBe(amd64)
      expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({
        format: 'sallyport.relocation/v1',
        consignment: id,
        target: `${high.host}/as-images`,
        images: [{ from: reference, to: `${to}:1.2.3`, pinned: `${to}@${amd64}`, digest: amd64 }],
      })
      const images = join(crossing.folder, 'images.yml')
      const relocate = join(crossing.folder, 'relocate.yaml')
      const both = ['--lock', images, '--relocate', relocate]
      await done([...exporting, ...both], crossing.clock)
      expect(parse(await readFile(relocate, 'utf8'))).toMatchObject({
        format: 'sallyport.relocation/v1',
        waybill: expect.stringMatching(/^sha256:/) as string,
        images: [{ from: reference, to: `${to}:1.2.3`, pinned: `${to}@${amd64}`, digest: amd64 }],
      })
      expect(parse(await readFile(images, 'utf8'))).toEqual({
        apiVersion: 'imgpkg.carvel.dev/v1alpha1',
        kind: 'ImagesLock',
        images: [{ image: `${to}@${amd64}`, annotations: { 'kbld.carvel.dev/id': reference } }],
      })
      // A lock file is never written over; the export itself may be done again.
      const again = await sallyport([...exporting, '--lock', lock], crossing.clock)
      expect([again.code, again.json.failure.code]).toEqual([1, 'file-exists'])
      const one = join(crossing.folder, 'new.yaml')
      const same = await sallyport([...exporting, '--lock', one, '--relocate', one], crossing.clock)
      expect([same.code, same.json.failure.facts]).toEqual([1, { path: one }])
      await done(exporting, crossing.clock)
    })

    it('tells a tag that holds something else, and moves it only when that is said, on the record', async () => {
      const other = sampleImage(500, 'other')
      await high.push('taken/team/app', other.content, { '1.2.3': other.root })
      const words = ['--to', `registry:${high.host}/taken`, '--sparse', 'platforms']
      const exporting = ['export', id, '--desk', crossing.high, ...words]
      const refused = await sallyport(exporting, crossing.clock)
      const tag = `${high.host}/taken/team/app:1.2.3`
      expect([refused.code, refused.json.failure.code]).toEqual([1, 'export-tag-taken'])
      expect(refused.json.failure.happened).toContain(`${tag} holds ${other.root.digest}`)
      const raw = (): Buffer =>
        spawnSync('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${tag}`]).stdout
      expect(sha256(raw())).toBe(other.root.digest)
      const moved = await done([...exporting, '--move-tags'], crossing.clock)
      expect(moved['moved']).toEqual([{ reference: tag, before: other.root.digest }])
      expect(sha256(raw())).toBe(sampleImage().amd64.digest)
      const out = join(crossing.folder, 'moved.html')
      const report = ['report', id, '--desk', crossing.high, '--format', 'html', '--out', out]
      await done(report, crossing.clock)
      expect(await readFile(out, 'utf8')).toContain(other.root.digest)
    })

    it.each([
      ['names: 1', 'map-form'],
      ['names:\n  - from: "a/"\n    to: b', 'map-form'],
      ['names:\n  - { from: a, to: b }\n  - { from: a, to: c }', 'map-form'],
      ['name: x', 'map-form'],
    ])('takes no map that is not one: %s', async (text, code) => {
      const map = join(crossing.folder, 'wrong-map.yaml')
      await writeFile(map, `sallyport: map/v1\n${text}\n`)
      const words = ['--to', `registry:${high.host}/x`, '--map', map]
      const refused = await sallyport(['export', id, '--desk', crossing.high, ...words], crossing.clock)
      expect([refused.code, refused.json.failure.code]).toEqual([1, code])
    })

    it('carries a whole index from registry to registry, byte for byte', async () => {
      const item = `{ image: "${low.host}/team/app@${root}", allow: [plain-http] }`
      const folder = await writeTo(
        crossing,
        await release(crossing, await writeRequest(crossing, [item])),
        'medium-whole',
      )
      const verified = await done(['verify', folder, '--desk', crossing.high], crossing.clock)
      await decideBoth(crossing, verified.id, 'accept')
      await done(
        ['export', verified.id, '--desk', crossing.high, '--to', `registry:${high.host}/whole`],
        crossing.clock,
      )
      const inspect = (reference: string): Buffer =>
        spawnSync('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${reference}`]).stdout
      const there = inspect(`${high.host}/whole/team/app@${root}`)
      expect(there.length).toBeGreaterThan(0)
      expect(there.equals(inspect(`${low.host}/team/app@${root}`))).toBe(true)
      await mkdir(join(crossing.folder, 'copied'))
      const copied = spawnSync('skopeo', [
        'copy',
        '--all',
        '--src-tls-verify=false',
        `docker://${high.host}/whole/team/app@${root}`,
        `dir:${join(crossing.folder, 'copied')}`,
      ])
      expect(copied.status).toBe(0)
    })
  },
)

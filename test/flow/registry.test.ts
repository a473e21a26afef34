import { spawnSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport, testClock, type Said } from '../support/command-line.ts'
import { decideBoth, makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import {
  hasDockerRegistry,
  hasSkopeo,
  startDockerRegistry,
  type DockerRegistry,
} from '../support/docker-registry.ts'
import { sampleImage } from '../support/images.ts'

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
    let low: DockerRegistry
    let high: DockerRegistry
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

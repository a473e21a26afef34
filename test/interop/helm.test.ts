import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chartFiles } from '../support/charts.ts'
import { done } from '../support/command-line.ts'
import { decideBoth, release, writeRequest, writeTo } from '../support/desks.ts'
import { hasDockerRegistry, startDockerRegistry, type DockerRegistry } from '../support/docker-registry.ts'
import { buildPrograms, missingPrograms, programPath } from '../support/go-programs.ts'
import { findingsOf, openReleasing, type Releasing } from '../support/releasing.ts'

const missing = missingPrograms(['helm']) ?? (hasDockerRegistry ? null : 'there is no docker-registry')
if (missing !== null) console.log(`Not run: charts with Helm itself, because ${missing}.`)

describe.skipIf(missing !== null)('charts, with Helm itself (needs Go or helm, and docker-registry)', () => {
  let at: Releasing
  let low: DockerRegistry
  let high: DockerRegistry
  const helm = (...words: string[]): string =>
    execFileSync(programPath('helm'), words, {
      cwd: at.crossing.folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: at.crossing.folder },
    })
  beforeAll(async () => {
    buildPrograms(['helm'])
    at = await openReleasing()
    low = await startDockerRegistry()
    high = await startDockerRegistry()
    const policy = join(at.crossing.folder, 'policy.yaml')
    writeFileSync(
      policy,
      `sallyport: policy/v1\nversion: 2\nexportRegistries:\n  - host: "${high.host}"\n    allow: [plain-http]\n`,
    )
    await done(['policy', 'set', policy, '--desk', at.crossing.high], at.crossing.clock)
  }, 900_000)
  afterAll(async () => {
    await low.close()
    await high.close()
    await at.crossing.dispose()
  })

  /** Accepts it on the far side, and exports it into a folder and into a registry there. */
  async function landed(item: string, name: string): Promise<string> {
    const { crossing } = at
    const { clock } = crossing
    const onHigh = (...words: string[]) => done([...words, '--desk', crossing.high], clock)
    const id = await release(crossing, await writeRequest(crossing, [item]))
    const verified = await onHigh('verify', await writeTo(crossing, id, name))
    await decideBoth(crossing, verified.id, 'accept')
    const out = join(crossing.folder, `${name}-out`)
    await onHigh('export', verified.id, '--to', `dir:${out}`)
    await onHigh('export', verified.id, '--to', `registry:${high.host}/mirror`)
    return out
  }

  it('packs a folder so that Helm shows, renders and finds in it what it says', async () => {
    await at.lay(
      Object.fromEntries(
        Object.entries(chartFiles('app', '1.2.3+build.5')).map(([path, text]) => [
          `charts/app/${path}`,
          text,
        ]),
      ),
    )
    const out = await landed('chart: charts/app', 'folder')
    const packed = join(out, 'charts', 'app-1.2.3+build.5.tgz')
    expect(helm('show', 'chart', packed)).toContain('version: 1.2.3+build.5')
    expect(helm('template', packed)).toContain('image: "registry.example/team/app:1.4"')
    helm('pull', `oci://${high.host}/mirror/app`, '--version', '1.2.3+build.5', '--plain-http')
    const pulled = readFileSync(join(at.crossing.folder, 'app-1.2.3+build.5.tgz'))
    expect(pulled.equals(readFileSync(packed))).toBe(true)
  })

  it('takes what Helm pushed, and finds the images in it; the packed chart is the one that was pushed', async () => {
    helm('create', 'made')
    helm('package', 'made')
    helm('push', 'made-0.1.0.tgz', `oci://${low.host}/charts`, '--plain-http')
    const item = `{chart: "oci://${low.host}/charts/made:0.1.0", allow: [plain-http]}`
    const [one] = await at.collected([item])
    expect(one).toMatchObject({ kind: 'chart', name: `${low.host}/charts/made`, version: '0.1.0' })
    expect(findingsOf(one).filter((told) => told.startsWith('image'))).toEqual(
      expect.arrayContaining([expect.stringContaining('nginx')]),
    )
    const out = await landed(item, 'pushed')
    const packed = readFileSync(join(out, 'charts', 'made-0.1.0.tgz'))
    expect(packed.equals(readFileSync(join(at.crossing.folder, 'made-0.1.0.tgz')))).toBe(true)
  })
})

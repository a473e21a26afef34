import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { copyFile, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { done, testClock } from '../support/command-line.ts'
import { makeCrossing, type Crossing } from '../support/desks.ts'
import { hasDockerRegistry, startDockerRegistry } from '../support/docker-registry.ts'
import { buildPrograms, missingPrograms, programPath } from '../support/go-programs.ts'
import { sampleImage, type SampleImage } from '../support/images.ts'
import { acceptedImage, allowRegistry, exportTo, landingKey } from '../support/landing.ts'
import { alone, missingAlone, type Ended } from '../support/landing/alone.ts'
import { installNode } from '../support/landing/containerd.ts'
import type { ServedRegistry } from '../support/served-registry.ts'

const needs = ['policy-tester', 'kyverno-1.19', 'skopeo', 'containerd', 'ctr'] as const
const missing =
  missingPrograms(needs) ??
  missingAlone ??
  (process.getuid?.() === 0 ? null : 'it must be root') ??
  (hasDockerRegistry ? null : 'there is no docker-registry')
if (missing !== null) console.log(`Not run: a whole landing before the engines, because ${missing}.`)

const cli = join(import.meta.dirname, '..', '..', 'main', 'cli.ts')

/* The whole way: a bundle is accepted, exported and sealed by the product, and its own kit is put before the engines. */
describe.skipIf(missing !== null)('what the product sealed, by the kit that it made, offline', () => {
  let crossing: Crossing
  let registry: ServedRegistry
  let kit: string
  let sample: SampleImage
  let stray: SampleImage
  const apps = (): string => `${registry.host}/apps`
  const landed = (): string[] => [sample.root, sample.amd64].map(({ digest }) => `${apps()}/app@${digest}`)
  beforeAll(async () => {
    buildPrograms(needs)
    crossing = await makeCrossing(testClock(new Date().toISOString()))
    registry = await startDockerRegistry()
    await allowRegistry(crossing, registry.host)
    await landingKey(crossing)
    const made = await acceptedImage(crossing)
    sample = made.sample
    await exportTo(crossing, made.id, apps())
    kit = join(crossing.folder, 'kit')
    const desk = ['--desk', crossing.high]
    await done(['landing', 'kit', made.id, '--target', apps(), '--out', kit, ...desk], crossing.clock)
    await done(['landing', 'list', '--out', join(crossing.folder, 'list.json'), ...desk], crossing.clock)
    // Somebody else who may push puts another image beside it.
    stray = sampleImage(20_000, 'stray')
    await registry.push('apps/stray', stray.content, { v1: stray.root })
  }, 1_800_000)
  afterAll(async () => {
    await registry.close()
    await crossing.dispose()
  })

  const strayName = (): string => `${apps()}/stray@${stray.amd64.digest}`
  const run = (...words: string[]): Promise<Ended> => alone(registry, words, { HOME: crossing.folder })
  const files = (engine: string, kind: string): string[] =>
    readdirSync(join(kit, engine))
      .filter((name) => new RegExp(`^${kind}(?:-[0-9]+)?\\.yaml$`).test(name))
      .map((name) => join(kit, engine, name))

  it('policy-controller', async () => {
    const policies = files('policy-controller', 'ClusterImagePolicy')
    expect(policies).toHaveLength(2)
    for (const policy of policies) {
      const judge = (image: string): Promise<Ended> =>
        run(programPath('policy-tester'), '--policy', policy, '--image', image, '--log-level', 'error')
      for (const image of landed()) expect(await judge(image)).toEqual({ code: 0, said: '' })
      const ended = await judge(strayName())
      expect(ended.said).toMatch(/no signatures found|no matching attestations/)
      expect(ended.code).toBe(1)
    }
  })

  it.each([
    { program: 'kyverno-1.19', kind: 'ClusterPolicy', says: 'no signatures found' },
    { program: 'kyverno-1.19', kind: 'ImageValidatingPolicy', says: 'It is not sealed by the landing' },
  ] as const)('$program, $kind', async ({ program, kind, says }) => {
    const judge = (image: string): Promise<Ended> => {
      const pod = join(crossing.folder, 'pod.yaml')
      const spec = { containers: [{ name: 'one', image }] }
      writeFileSync(pod, stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod' }, spec }))
      return run(programPath(program), 'apply', ...files('kyverno', kind), '--resource', pod, '--registry')
    }
    for (const image of landed()) expect(await judge(image)).toMatchObject({ code: 0 })
    const ended = await judge(strayName())
    expect(ended.said).toContain(says)
    expect(ended.code).toBe(1)
  })

  it('skopeo', async () => {
    const policy = join(crossing.folder, 'policy.json')
    const said = readFileSync(join(kit, 'crio/policy.json'), 'utf8')
    writeFileSync(policy, said.replaceAll('/etc/sallyport', join(kit, 'crio')))
    const pull = async (image: string): Promise<Ended> =>
      run(
        programPath('skopeo'),
        ...['--policy', policy, '--registries.d', join(kit, 'crio/registries.d')],
        ...['--registries-conf', join(kit, 'crio/registries.conf.d/sallyport.conf')],
        ...['--override-os', 'linux', '--override-arch', 'amd64', 'copy', '--remove-signatures'],
        ...['--src-tls-verify=false', `docker://${image}`],
        `oci:${await mkdtemp(join(crossing.folder, 'out-'))}`,
      )
    for (const image of landed()) expect(await pull(image)).toMatchObject({ code: 0 })
    const ended = await pull(strayName())
    expect(ended.said).toContain('A signature was required, but no signature exists')
    expect(ended.code).toBe(1)
  })

  it('containerd, with the gate itself', async () => {
    const programs = join(crossing.folder, 'programs')
    mkdirSync(programs)
    writeFileSync(join(programs, 'sallyport'), `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`)
    chmodSync(join(programs, 'sallyport'), 0o755)
    const own = join(kit, 'containerd')
    await copyFile(join(crossing.folder, 'list.json'), join(own, 'admit.list.json'))
    await copyFile(join(kit, 'landing.pub'), join(own, 'landing.pub'))
    const node = installNode({ registry }, own, programs)
    const [index, platform, other] = await node.pull([...landed(), strayName()])
    expect(index?.said).not.toContain('rejected')
    expect(index).toMatchObject({ taken: true })
    expect(platform).toMatchObject({ taken: true })
    expect(other?.said).toContain('verifier sallyport-admit rejected image (exit code 1)')
    expect(other).toMatchObject({ taken: false })
  })
})

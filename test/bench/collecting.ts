import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hasDockerRegistry, hasSkopeo, startDockerRegistry } from '../support/docker-registry.ts'
import { Content } from '../support/images.ts'
import { line, measure, median, must, type Measured } from './measure.ts'
import { makeStage, request, sign } from './stage.ts'

const images = 8
const layers = 4
const layerBytes = 31 * 1024 * 1024
const rounds = 3

const has = (program: string): boolean => spawnSync(program, ['version']).status === 0

function sizeOf(path: string): number {
  return Number(spawnSync('du', ['-s', '--block-size=1', path], { encoding: 'utf8' }).stdout.split('\t')[0])
}

/** What one racer took of everything. */
interface Taken {
  readonly seconds: number
  readonly user: number
  readonly peak: number
  readonly disk: number
}

const sum = (all: readonly Measured[], disk: number): Taken => ({
  seconds: all.reduce((total, one) => total + one.seconds, 0),
  user: all.reduce((total, one) => total + one.user, 0),
  peak: Math.max(...all.map((one) => one.peak)),
  disk,
})

async function run(program: string, words: readonly string[]): Promise<Measured> {
  const done = await measure(program, words)
  if (done.code !== 0) throw new Error(`${program} ${words.join(' ')}: ${done.code}`)
  return done
}

type Racer = (into: string) => Promise<Taken>

/** Each image by another tool into one layout, then one tar of it, safe on the disc. */
function byTool(program: string, pull: (image: number, layout: string) => string[]): Racer {
  return async (into) => {
    const layout = join(into, 'layout')
    const tar = join(into, 'layout.tar')
    const all: Measured[] = []
    for (let i = 0; i < images; i++) all.push(await run(program, pull(i, layout)))
    all.push(await run('tar', ['-cf', tar, '-C', layout, '.']), await run('sync', ['-f', tar]))
    return sum(all, sizeOf(into))
  }
}

function racersAt(host: string): Record<string, Racer> {
  const name = (i: number): string => `${host}/team/app${i}:1.0.0`
  return {
    ...(has('crane')
      ? { crane: byTool('crane', (i, to) => ['pull', '--insecure', '--format', 'oci', name(i), to]) }
      : {}),
    ...(hasSkopeo
      ? {
          skopeo: byTool('skopeo', (i, to) => [
            'copy',
            '--src-tls-verify=false',
            `docker://${name(i)}`,
            `oci:${to}:app${i}`,
          ]),
        }
      : {}),
    ...(has('oras')
      ? {
          oras: byTool('oras', (i, to) => [
            'copy',
            '--from-plain-http',
            '--to-oci-layout',
            name(i),
            `${to}:app${i}`,
          ]),
        }
      : {}),
  }
}

const middle = (all: readonly Taken[]): Taken => ({
  seconds: median(all.map((one) => one.seconds)),
  user: median(all.map((one) => one.user)),
  peak: median(all.map((one) => one.peak)),
  disk: median(all.map((one) => one.disk)),
})

const words = ({ seconds, user, peak, disk }: Taken, bytes: number): string =>
  `${seconds.toFixed(2)} s, user CPU ${user.toFixed(1)} s, ${peak.toFixed(0)} MB, disk ${(disk / bytes).toFixed(2)} × the content`

async function push(host: Awaited<ReturnType<typeof startDockerRegistry>>): Promise<string[]> {
  const items: string[] = []
  for (let i = 0; i < images; i++) {
    const content = new Content()
    const platform = { os: 'linux', architecture: 'amd64' }
    const image = content.image(
      platform,
      Array.from({ length: layers }, () => randomBytes(layerBytes)),
    )
    await host.push(`team/app${i}`, content, { '1.0.0': image })
    items.push(`{ image: "${host.host}/team/app${i}:1.0.0", allow: [plain-http] }`)
  }
  return items
}

/**
 * The race: eight images of 0.97 GB in all, from a loopback registry to one file that is safe on the disc. Ours is `collect`
 * and `write`, with every signature asked for; the others pull into a layout, `tar` and `sync`. The middle of three runs
 * each, in turn.
 */
export async function collectingBench(): Promise<void> {
  if (!hasDockerRegistry) {
    line('collect + write', 'not measured: docker-registry is not installed')
    return
  }
  const registry = await startDockerRegistry()
  const items = await push(registry)
  const bytes = images * layers * layerBytes
  const others = racersAt(registry.host)
  const taken = new Map<string, Taken[]>()
  const parts: { collect: Measured; write: Measured }[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [name, race] of Object.entries(others)) {
        const stage = await makeStage()
        spawnSync('sync')
        taken.set(name, [...(taken.get(name) ?? []), await race(stage.root)])
        await rm(stage.root, { recursive: true, force: true })
      }
      const stage = await makeStage()
      const asked = await request(stage, 'images', items)
      spawnSync('sync')
      const collect = await must(0, 'collect', asked, '--desk', stage.low)
      await sign(stage, collect.value['id'] ?? '')
      const medium = join(stage.root, 'medium')
      await mkdir(medium)
      const write = await must(0, 'write', collect.value['id'] ?? '', '--desk', stage.low, '--to', medium)
      parts.push({ collect, write })
      const disk = sizeOf(join(stage.low, 'store')) + sizeOf(medium)
      taken.set('sallyport', [...(taken.get('sallyport') ?? []), sum([collect, write], disk)])
      await rm(stage.root, { recursive: true, force: true })
    }
    const ours = middle(taken.get('sallyport') ?? [])
    for (const [name, all] of taken) {
      const its = middle(all)
      const ratio = name === 'sallyport' ? '' : ` (we: ${(its.seconds / ours.seconds).toFixed(2)} ×)`
      line(`race: ${name}`, `${words(its, bytes)}${ratio}`)
    }
    for (const part of ['collect', 'write'] as const) {
      const all = parts.map((one) => one[part])
      line(`of it ${part}`, words({ ...middle(all.map((one) => sum([one], 0))), disk: 0 }, bytes))
    }
    for (const name of ['crane', 'skopeo', 'oras'].filter((one) => !(one in others)))
      line(`race: ${name}`, 'not measured: it is not installed')
  } finally {
    await registry.close()
  }
}

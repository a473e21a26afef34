import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { signList } from '../../main/landing/list.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { createStationKey } from '../../main/sign/key-file.ts'
import { pemOf } from '../../main/sigstore/public-key.ts'
import { landedLine, landedOf } from '../../shared/rules/landed.ts'
import { done, testClock, type Said } from '../support/command-line.ts'
import { makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { hasDockerRegistry, startDockerRegistry } from '../support/docker-registry.ts'
import { highDesk } from '../support/high-desk.ts'
import { sampleImage } from '../support/images.ts'
import { allowRegistry, exportTo, landingKey } from '../support/landing.ts'
import { TestRegistry } from '../support/registry.ts'
import { about, putEvidence, trustAuthority } from '../support/signed-image.ts'
import { cli, line, median } from './measure.ts'

const images = 100
const listed = 10_000
const runs = 15

async function timed<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly seconds: number; readonly result: Result }> {
  const start = performance.now()
  const result = await work()
  return { seconds: (performance.now() - start) / 1000, result }
}

/** A bundle of images, each of two platforms with a signature beside it; accepted at the high desk. */
async function acceptedImages(crossing: Crossing): Promise<string> {
  const items: string[] = []
  for (let i = 1; i <= images; i += 1) {
    const { content, root } = sampleImage(4000, `app-${i}`)
    putEvidence(content, root, about(root))
    await content.writeLayout(join(crossing.folder, 'request', `app-${i}`), [{ named: root, tag: '1.0' }])
    items.push(`image: oci:./app-${i}:1.0`)
  }
  const released = await release(crossing, await writeRequest(crossing, items))
  return highDesk(() => crossing).accepted(await writeTo(crossing, released, 'medium'))
}

async function lands(crossing: Crossing, id: string, host: string, which: string): Promise<void> {
  await allowRegistry(crossing, host, which === 'real' ? 2 : 3)
  const bare = await timed(() => exportTo(crossing, id, host, ['--no-seal']))
  const shown = await done(['consignment', 'show', id, '--desk', crossing.high], crossing.clock)
  type Asked = Parameters<typeof landedOf>
  const counted = landedOf(shown['content'] as Asked[0], bare.result['written'] as Asked[1])
  line(
    `${images} images to a ${which} registry`,
    `${landedLine(counted)} ${String(bare.result['found'])} things found again, ${bare.seconds.toFixed(1)} s`,
  )
  const seal = (): Promise<Said> =>
    done(['landing', 'seal', id, '--target', host, '--desk', crossing.high], crossing.clock)
  const first = await timed(seal)
  const count = Number(first.result['count'])
  const again = await timed(seal)
  line(
    'sealed',
    `${count} manifests, ${count * 3} signatures, ${String(first.result['found'])} things found again: ${first.seconds.toFixed(1)} s, ${(count / first.seconds).toFixed(0)} manifests a second; once more ${again.seconds.toFixed(1)} s`,
  )
}

/** The gate as a whole process, by a list of many. */
async function gate(folder: string): Promise<void> {
  const digests = Array.from({ length: listed }, (_, i) => digestOf(`image ${i}`)).sort()
  const { signer } = await createStationKey()
  const now = Date.now()
  const at = (days: number): string => `${new Date(now + days * 86_400_000).toISOString().slice(0, 19)}Z`
  const list = await signList(signer, {
    ...{ format: 'sallyport.admitted/v1', site: 'a'.repeat(64), name: 'Delta-2', sequence: 1 },
    ...{ made: at(-1), expires: at(30), digests },
  })
  const [path, key] = [join(folder, 'list.json'), join(folder, 'landing.pub')]
  writeFileSync(path, list)
  writeFileSync(key, pemOf(signer.key.spki))
  const [digest = ''] = digests
  const input = JSON.stringify({ mediaType: 'application/vnd.oci.image.index.v1+json', digest, size: 1 })
  const words = ['admit', '--list', path, '--key', key, '--state', join(folder, 'state')]
  const run = (all: readonly string[]): number => {
    const start = performance.now()
    const { status, stdout } = spawnSync(process.execPath, all, { input, encoding: 'utf8' })
    if (status !== 0) throw new Error(stdout)
    return performance.now() - start
  }
  const asked = Array.from({ length: runs }, () => run([cli, ...words, '-name', 'a/app', '-digest', digest]))
  const idle = Array.from({ length: runs }, () => run(['-e', '0']))
  line(
    `admit, ${listed} digests listed`,
    `${median(asked).toFixed(0)} ms (median of ${runs}; the slowest ${Math.max(...asked).toFixed(0)} ms), ${(median(asked) / median(idle)).toFixed(1)} times an empty process; the list has ${(list.length / 1e6).toFixed(2)} MB`,
  )
}

/** What lands, how fast it is sealed, and what an engine waits for the gate. */
export async function landingBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-landing-'))
  const crossing = await makeCrossing(testClock(new Date().toISOString()))
  try {
    await gate(folder)
    await trustAuthority(crossing)
    await landingKey(crossing)
    const id = await acceptedImages(crossing)
    if (hasDockerRegistry) {
      const real = await startDockerRegistry()
      await lands(crossing, id, real.host, 'real').finally(() => real.close())
    }
    const made = await new TestRegistry().open()
    await lands(crossing, id, made.host, 'made-up').finally(() => made.close())
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await crossing.dispose()
  }
}

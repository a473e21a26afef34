import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hasDockerRegistry, hasSkopeo, startDockerRegistry } from '../support/docker-registry.ts'
import { Content } from '../support/images.ts'
import { line, measure, must } from './measure.ts'
import { makeStage, request, sign } from './stage.ts'

const images = 8
const layers = 4
const layerBytes = 35 * 1024 * 1024

function sizeOf(path: string): number {
  return Number(spawnSync('du', ['-s', '--block-size=1', path], { encoding: 'utf8' }).stdout.split('\t')[0])
}

/** Collect and write from a loopback registry against `skopeo copy` of the same images followed by `tar`. */
export async function collectingBench(): Promise<void> {
  if (!hasDockerRegistry || !hasSkopeo) {
    line('collect + write', 'not measured: docker-registry or skopeo is not installed')
    return
  }
  const registry = await startDockerRegistry()
  const stage = await makeStage()
  try {
    const items: string[] = []
    for (let i = 0; i < images; i++) {
      const content = new Content()
      const image = content.image(
        { os: 'linux', architecture: 'amd64' },
        Array.from({ length: layers }, () => randomBytes(layerBytes)),
      )
      await registry.push(`team/app${i}`, content, { '1.0.0': image })
      items.push(`{ image: "${registry.host}/team/app${i}:1.0.0", allow: [plain-http] }`)
    }
    const bytes = images * layers * layerBytes
    const layout = join(stage.root, 'layout')
    let theirs = 0
    for (let i = 0; i < images; i++) {
      const copied = await measure('skopeo', [
        'copy',
        '--src-tls-verify=false',
        `docker://${registry.host}/team/app${i}:1.0.0`,
        `oci:${layout}:app${i}`,
      ])
      if (copied.code !== 0) throw new Error('skopeo copy')
      theirs += copied.seconds
    }
    theirs += (await measure('tar', ['-cf', join(stage.root, 'layout.tar'), '-C', layout, '.'])).seconds
    const theirDisk = sizeOf(layout) + sizeOf(join(stage.root, 'layout.tar'))
    const collected = await must(0, 'collect', await request(stage, 'images', items), '--desk', stage.low)
    await sign(stage, collected.value['id'] ?? '')
    const medium = join(stage.root, 'medium')
    await mkdir(medium)
    const written = await must(0, 'write', collected.value['id'] ?? '', '--desk', stage.low, '--to', medium)
    const ours = collected.seconds + written.seconds
    const disk = sizeOf(join(stage.low, 'store')) + sizeOf(medium)
    line(
      'collect + write',
      `${(theirs / ours).toFixed(2)} × skopeo copy + tar, ours flushed to disc (${collected.seconds.toFixed(2)} + ${written.seconds.toFixed(2)} s, ${theirs.toFixed(2)} s)`,
    )
    line(
      'disk ÷ content',
      `${(disk / bytes).toFixed(2)} with the medium, ${(sizeOf(join(stage.low, 'store')) / bytes).toFixed(2)} at the desk; skopeo + tar ${(theirDisk / bytes).toFixed(2)}`,
    )
    line('peak memory, collect and write', `${collected.peak.toFixed(0)} MB, ${written.peak.toFixed(0)} MB`)
  } finally {
    await registry.close()
    await rm(stage.root, { recursive: true, force: true })
  }
}

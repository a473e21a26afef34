import { spawnSync } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, servedRegistry, type ServedRegistry } from './served-registry.ts'

/** Whether Debian's `docker-registry` is on this machine. */
export const hasDockerRegistry = spawnSync('docker-registry', ['--version']).status === 0
export const hasSkopeo = spawnSync('skopeo', ['--version']).status === 0

/** Starts a real registry (distribution 2.8) on this computer, with its storage in a folder of its own. */
export async function startDockerRegistry(): Promise<ServedRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-registry-'))
  const host = `127.0.0.1:${await freePort()}`
  const config = join(folder, 'config.yml')
  await writeFile(
    config,
    `version: 0.1\nlog:\n  level: error\n  accesslog:\n    disabled: true\nstorage:\n  filesystem:\n    rootdirectory: ${folder}/storage\n  delete:\n    enabled: true\nhttp:\n  addr: ${host}\n`,
  )
  return servedRegistry('docker-registry', ['serve', config], { host, folder })
}

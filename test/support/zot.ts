import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, pushAll, type DockerRegistry } from './docker-registry.ts'

// Where programs of Go are kept that tests run against (support/sigstore/programs.ts), else the PATH.
const cached = join(homedir(), '.cache', 'sallyport', 'go', 'zot')
const program = existsSync(cached) ? cached : 'zot'

/** Whether zot is here: `go install zotregistry.dev/zot/v2/cmd/zot@VERSION`, where that can be had. */
export const hasZot = spawnSync(program, ['--version']).status === 0

/** Starts a zot on this computer, with its storage in a folder of its own. */
export async function startZot(): Promise<DockerRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-zot-'))
  const port = await freePort()
  const host = `127.0.0.1:${port}`
  const config = {
    distSpecVersion: '1.1.1',
    storage: { rootDirectory: join(folder, 'storage') },
    http: { address: '127.0.0.1', port: String(port), compat: ['docker2s2'] },
    log: { level: 'error' },
  }
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  const child = spawn(program, ['serve', join(folder, 'config.json')], { stdio: 'ignore' })
  const base = `http://${host}`
  const ready = async (): Promise<boolean> => (await fetch(`${base}/v2/`).catch(() => null))?.status === 200
  for (let tries = 0; !(await ready()); tries += 1) {
    if (tries > 400 || child.exitCode !== null) throw new Error('zot does not start')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return {
    host,
    folder,
    push: (repository, content, tags = {}) => pushAll(base, repository, content, tags),
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, servedRegistry, type ServedRegistry } from './served-registry.ts'

// Where programs of Go are kept that tests run against (support/sigstore/programs.ts), else the PATH.
const cached = join(homedir(), '.cache', 'sallyport', 'go', 'zot')
const program = existsSync(cached) ? cached : 'zot'

/** Why zot cannot be asked; `null` where it is here. It is built by hand, where its module can be had, and put into that place. */
export const missingZot =
  spawnSync(program, ['--version']).status === 0
    ? null
    : 'there is no zot (go install zotregistry.dev/zot/v2/cmd/zot@VERSION; not every proxy of Go modules serves it)'

/** Starts a zot on this computer, with its storage in a folder of its own. */
export async function startZot(): Promise<ServedRegistry> {
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
  return servedRegistry(program, ['serve', join(folder, 'config.json')], { host, folder })
}

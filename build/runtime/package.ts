import { build } from 'electron-builder'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { findRuntime, type Runtime } from './runtime.ts'

const folders: Readonly<Record<string, string>> = {
  linux: 'dist/linux-unpacked',
  win32: 'dist/win-unpacked',
  darwin: process.arch === 'arm64' ? 'dist/mac-arm64' : 'dist/mac',
}
const programs: Readonly<Record<string, string>> = {
  linux: 'sallyport',
  win32: 'Sallyport.exe',
  darwin: 'Sallyport.app/Contents/MacOS/Sallyport',
}
const archives: Readonly<Record<string, string>> = {
  darwin: 'Sallyport.app/Contents/Resources/app.asar',
}

/** Where the packed app lies, and what starts it. */
export const packed = {
  folder: resolve(folders[process.platform] ?? 'dist/linux-unpacked'),
  program: programs[process.platform] ?? 'sallyport',
} as const

function newest(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => join(folder, entry.name))
    .map((path) => (statSync(path).isDirectory() ? newest(path) : statSync(path).mtimeMs))
    .reduce((last, time) => Math.max(last, time), 0)
}

function isCurrent(): boolean {
  const archive = join(packed.folder, archives[process.platform] ?? 'resources/app.asar')
  if (!existsSync(archive)) return false
  const settings = ['electron-builder.yml', 'package.json'].map((file) => statSync(file).mtimeMs)
  return statSync(archive).mtimeMs > Math.max(newest('out'), ...settings)
}

// The same settings as a release, but for what packing here changes. The stand-in is older than one fuse.
function writeSettings({ folder, version, standIn }: Runtime): string {
  const release = parse(readFileSync('electron-builder.yml', 'utf8')) as { electronFuses: object }
  const fuses = {
    ...release.electronFuses,
    enableNodeCliInspectArguments: true,
    ...(standIn ? { grantFileProtocolExtraPrivileges: undefined } : {}),
  }
  const settings = { ...release, electronDist: folder, electronVersion: version, electronFuses: fuses }
  const file = resolve('.cache/electron-builder.json')
  mkdirSync(resolve('.cache'), { recursive: true })
  writeFileSync(file, JSON.stringify(settings, null, 2))
  return file
}

/**
 * Packs `out/` as a folder that runs on this computer. It is the build that tests drive and that `npm start` runs: it
 * differs from a release in one fuse, which lets Node be inspected. Does nothing when the last one is current.
 *
 * @throws Error when `out/` is not built, no runtime can be found, or packing fails
 */
export async function pack(): Promise<void> {
  if (!existsSync('out/main/index.cjs')) throw new Error('Nothing is built yet. Run: npm run build')
  if (isCurrent()) return
  const runtime = await findRuntime()
  if (runtime.standIn) {
    console.log(`Packing on Electron ${runtime.version} from the package registry: for tests and demos only.`)
  }
  await build({ dir: true, publish: 'never', config: writeSettings(runtime) })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await pack()
  console.log(`Packed: ${join(packed.folder, packed.program)}`)
}

import { execFileSync } from 'node:child_process'
import { appendFile, cp, mkdir, readdir, rename, rm, stat, symlink, truncate } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { flipBit } from '../media.ts'

/** What becomes of a file of a medium between two steps. */
export interface Damage {
  readonly kind: string
  readonly what: string
  /** Whether the file is still there to be read, with other bytes. */
  readonly readable: boolean
  act(path: string): Promise<void>
}

const sizeOf = async (path: string): Promise<number> => (await stat(path)).size

// What a hand put there instead: opened unasked, a pipe would never answer.
async function instead(path: string, put: (path: string) => Promise<void> | void): Promise<void> {
  await rename(path, join(path, '..', '..', `was-${basename(path)}`))
  await put(path)
}

/** What may become of any file. */
export const damages: readonly Damage[] = [
  {
    ...{ kind: 'bit rot', what: 'in the middle', readable: true },
    act: async (path) => flipBit(path, Math.floor((await sizeOf(path)) / 2)),
  },
  {
    ...{ kind: 'cut short', what: 'by a half', readable: true },
    act: async (path) => truncate(path, Math.floor((await sizeOf(path)) / 2)),
  },
  { kind: 'lengthened', what: 'by a byte', readable: true, act: (path) => appendFile(path, '\n') },
  { kind: 'missing file', what: '', readable: false, act: (path) => rm(path) },
  {
    ...{ kind: 'replaced', what: 'by a link to itself', readable: false },
    act: (path) => instead(path, (at) => symlink(join('..', `was-${basename(at)}`), at)),
  },
  {
    ...{ kind: 'replaced', what: 'by a pipe', readable: false },
    act: (path) => instead(path, (at) => void execFileSync('mkfifo', [at])),
  },
  {
    ...{ kind: 'replaced', what: 'by a folder', readable: false },
    act: (path) => instead(path, (at) => mkdir(at)),
  },
  {
    ...{ kind: 'replaced', what: 'by a device', readable: false },
    act: (path) => instead(path, (at) => void execFileSync('mknod', [at, 'c', '1', '5'])),
  },
]

/** The small files of a bundle's medium. */
export const smallFiles = [
  ...['waybill.json', 'waybill.sigstore.jsonl', 'VERIFY.txt', 'station.pub'],
  ...['medium.json', 'medium.sigstore.json', 'SHA256SUMS', 'SHA256SUMS.sig.bin'],
] as const

/** The first part on a medium. */
export async function partOn(folder: string): Promise<string> {
  const [name = ''] = (await readdir(folder)).filter((one) => one.startsWith('bundle.tar')).sort()
  return name
}

/** Puts what a file was before there again. */
export async function mend(folder: string, from: string, name: string): Promise<void> {
  await rm(join(folder, name), { recursive: true, force: true })
  await cp(join(from, name), join(folder, name))
}

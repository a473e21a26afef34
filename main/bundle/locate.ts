import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { causeOf, Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'
import { isOutFolder } from './out-medium.ts'
import type { Piece } from './parts.ts'

/** A bundle as it was given: a medium's folder, or a tar alone. */
export type Located =
  | {
      readonly scope: 'medium'
      readonly folder: string
      /** Names beside the folder, when it lies at the root of a file system; else empty. */
      readonly beside: readonly string[]
    }
  | { readonly scope: 'tar'; readonly pieces: readonly Piece[] }

const folderName = /^sallyport-[0-9a-f]{16}$/
const firstPart = /^(.*\.tar)\.001$/

// A medium may fail at any call.
async function looking<Found>(path: string, look: () => Promise<Found>): Promise<Found> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('file-unreadable', { path, found: causeOf(error) }, error)
  }
}

async function list(folder: string): Promise<string[]> {
  const names = await looking(folder, () => readdir(folder))
  if (names.length > limits.folderEntries)
    throw new Failure('file-too-large', { path: folder, expected: limits.folderEntries })
  return names
}

// The root of a file system: another device than the folder above, or the very top.
async function isRoot(folder: string): Promise<boolean> {
  const real = await realpath(folder)
  if (dirname(real) === real) return true
  return (await stat(real)).dev !== (await stat(dirname(real))).dev
}

async function besideOf(folder: string): Promise<string[]> {
  const above = dirname(folder)
  if (!(await isRoot(above))) return []
  return (await list(above)).filter((name) => name !== basename(folder))
}

// The one folder of a kind among the names below `at`. A refusal shows the path as it was `told`.
async function onlyFolder(
  at: string,
  names: readonly string[],
  isOne: (name: string) => boolean,
  told: string,
): Promise<LocatedOut> {
  const found = names.filter(isOne).sort()
  const [only] = found
  if (only === undefined) throw new Failure('medium-nothing', { path: told })
  if (found.length > 1)
    throw new Failure('medium-ambiguous', { path: told, found: found.length, names: found.join(', ') })
  const folder = join(at, only)
  if (!(await lstat(folder)).isDirectory()) throw new Failure('medium-nothing', { path: told })
  return { folder, beside: await besideOf(folder) }
}

async function locateFolder(path: string): Promise<Located> {
  const names = await list(path)
  const own =
    names.includes('waybill.json') ||
    names.includes('waybill.sigstore.jsonl') ||
    names.includes('medium.json')
  if (own || folderName.test(basename(path))) {
    return { scope: 'medium', folder: path, beside: await besideOf(path) }
  }
  return { scope: 'medium', ...(await onlyFolder(path, names, (name) => folderName.test(name), path)) }
}

/** A medium of accepted content: its folder, and what lies beside it at the root of a file system. */
export type LocatedOut = Pick<Extract<Located, { scope: 'medium' }>, 'folder' | 'beside'>

/**
 * A medium of accepted content at a path: its folder, or the folder above it.
 *
 * @throws Failure `medium-nothing`, `medium-ambiguous`, `file-unreadable`
 */
export async function locateOut(path: string): Promise<LocatedOut> {
  return looking(path, async () => {
    const real = await realpath(path)
    if (!(await stat(real)).isDirectory()) throw new Failure('medium-nothing', { path })
    const names = await list(real)
    if (names.includes('export.json') || isOutFolder(basename(real)))
      return { folder: real, beside: await besideOf(real) }
    return onlyFolder(real, names, isOutFolder, path)
  })
}

/** Where the tar beginning with the file `path` lies: itself, or `….tar.001` and the parts that follow it. */
async function locateTar(path: string): Promise<Located> {
  const stem = firstPart.exec(path)?.[1]
  const pieces: Piece[] = []
  let offset = 0
  for (let part = 1; part <= limits.parts; part++) {
    const file = stem === undefined ? path : `${stem}.${String(part).padStart(3, '0')}`
    const info = await lstat(file).catch(() => null)
    if (info?.isFile() !== true) break
    pieces.push({ path: file, offset, size: info.size })
    offset += info.size
    if (stem === undefined) break
  }
  return { scope: 'tar', pieces }
}

/**
 * What lies at a path: a bundle's folder, the folder above it, or a bundle tar (its first part stands for all).
 *
 * @throws Failure `medium-nothing`, `medium-ambiguous`, `file-unreadable`
 */
export async function locate(path: string): Promise<Located> {
  return looking(path, async () => {
    if ((await lstat(path)).isFile()) return locateTar(path)
    const real = await realpath(path)
    if ((await stat(real)).isDirectory()) return locateFolder(real)
    throw new Failure('medium-nothing', { path })
  })
}

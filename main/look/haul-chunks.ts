import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Parts, Reading } from '../archive/bytes.ts'
import { compressionOf } from '../archive/decompress.ts'
import { ArchiveProblem } from '../archive/problem.ts'
import { beginsLikeTar } from '../archive/tar.ts'
import { openTarTree } from '../archive/tar-tree.ts'
import { readHead } from '../platform/files.ts'
import { limits } from '../platform/limits.ts'

/*
 * A haul that `hauler store save --chunk-size` cut: pieces of one stream under numbered names, without a head, a count or
 * a sum. Files of one folder often have numbers and are pieces of nothing, so their bytes decide.
 */

/** Files of one folder whose names count up. */
interface Numbered {
  /** What they are called together. */
  readonly name: string
  /** In the order of their numbers, up to the first gap. */
  readonly paths: readonly string[]
  /** The name of the first that is not there while later ones are; `null`: none. */
  readonly gap: string | null
}

/** A numbered name: what stands before the number and behind it, and how the number is written. */
interface NumberedName {
  readonly before: string
  readonly number: number
  readonly after: string
  readonly digits: number
  readonly first: number
}

/** How Hauler numbers: `kit_0.tar.zst` and on, all behind the first dot kept, and since 2.1 `kit.tar.zst.001` and on. */
function numberIn(name: string): NumberedName | null {
  const [, before = '', old, after = ''] = /^([^.]*_)(0|[1-9][0-9]{0,4})(\..*)?$/.exec(name) ?? []
  if (old !== undefined) return { before, number: Number(old), after, digits: 1, first: 0 }
  const [, whole, digits] = /^(.*\.)([0-9]{3,5})$/.exec(name) ?? []
  if (whole === undefined || digits === undefined) return null
  return { before: whole, number: Number(digits), after: '', digits: 3, first: 1 }
}

const nameAt = ({ before, after, digits }: NumberedName, number: number): string =>
  `${before}${String(number).padStart(digits, '0')}${after}`

/** The files among whose numbers this one's is; `null`: it has none, or is the only one. */
async function numberedWith(path: string): Promise<Numbered | null> {
  const own = numberIn(basename(path))
  if (own === null) return null
  const folder = dirname(path)
  const names = new Set(await readdir(folder))
  const paths: string[] = []
  let number = own.first
  for (; names.has(nameAt(own, number)) && paths.length < limits.folderEntries; number += 1)
    paths.push(join(folder, nameAt(own, number)))
  const later = [...names].some((name) => {
    const other = numberIn(name)
    return other !== null && nameAt(own, other.number) === name && other.number > number
  })
  if (paths.length + Number(later) < 2) return null
  const name = `${own.before.slice(0, -1)}${own.after}`
  return { name, paths, gap: later ? nameAt(own, number) : null }
}

/** Whether a file begins as an archive does. */
async function begins(path: string): Promise<boolean> {
  const head = await readHead(path, 512)
  try {
    return compressionOf(head) !== 'none' || beginsLikeTar(head)
  } catch (error) {
    if (error instanceof ArchiveProblem) return false
    throw error
  }
}

/** Whether a file begins an archive that does not end in it. */
async function isCut(path: string, reading: Reading): Promise<boolean> {
  if (!(await begins(path))) return false
  const quiet = { signal: reading.signal, advance: () => undefined }
  try {
    await openTarTree(basename(path), { paths: [path] }, () => false, quiet)
    return false
  } catch (error) {
    if (error instanceof ArchiveProblem) return error.reason === 'truncated'
    throw error
  }
}

const missing = (gap: string): ArchiveProblem =>
  new ArchiveProblem('part-missing', {
    subject: gap,
    expected: 'each part up to the last',
    found: 'not here',
  })

/** Whether files are one archive together. @throws ArchiveProblem `part-missing`, `truncated` */
async function areOne({ paths, gap }: Numbered, isTar: (parts: Parts) => Promise<boolean>): Promise<boolean> {
  try {
    if (!(await isTar({ paths }))) return false
  } catch (error) {
    if (gap !== null && error instanceof ArchiveProblem && error.reason === 'truncated') throw missing(gap)
    throw error
  }
  if (gap !== null) throw missing(gap)
  return true
}

/**
 * The pieces of which a file is one, in their order. A file that is whole by itself is no piece, whatever lies beside it.
 *
 * @param isTar whether some bytes are a tar once they are unpacked
 * @throws ArchiveProblem `part-missing`, `part-order`, `truncated`; Failure `file-unreadable`, `cancelled`
 */
export async function haulChunks(
  path: string,
  isTar: (parts: Parts) => Promise<boolean>,
  reading: Reading,
): Promise<{ readonly name: string; readonly paths: readonly string[] } | null> {
  const numbered = await numberedWith(path)
  const [first] = numbered?.paths ?? []
  if (numbered === null || first === undefined) return null
  // One that begins an archive and holds all of it stands for itself.
  if (path !== first && (await begins(path)) && !(await isCut(path, reading))) return null
  if (await isCut(first, reading)) return (await areOne(numbered, isTar)) ? numbered : null
  // The first begins nothing: another one may, that has changed places with it.
  if (await begins(first)) return null
  for (const other of numbered.paths.slice(1)) {
    if (!(await isCut(other, reading))) continue
    const about = { subject: basename(first), expected: 'the beginning of an archive', found: 'another part' }
    throw new ArchiveProblem('part-order', about)
  }
  return null
}

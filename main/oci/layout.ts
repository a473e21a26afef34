import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { hexOf, isDigest, type Digest } from '../../shared/digest.ts'
import { Failure } from '../platform/failure.ts'
import { readCapped } from '../platform/files.ts'
import { digestOf } from '../platform/hash.ts'
import { parseStrict } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { asObject, ManifestProblem, type Descriptor } from './descriptor.ts'
import { readList } from './manifest.ts'
import { cutReference, parseReference, type RegistryReference } from './reference.ts'

/** A folder that is an OCI image layout. */
export interface Layout {
  /** As failures name it. */
  readonly name: string
  /** `…/blobs/sha256` */
  readonly blobs: string
  readonly entries: readonly Descriptor[]
  /** A small blob, hashed. */
  read(digest: Digest, most?: number): Promise<Buffer>
  /** Every blob that is small enough to be a manifest. */
  small(): Promise<Digest[]>
}

/** The names that an entry states, as they stand there. */
export function namesOf(entry: Pick<Descriptor, 'annotations'>): string[] {
  const names = ['io.containerd.image.name', 'org.opencontainers.image.ref.name']
  return names.flatMap((annotation) => entry.annotations[annotation] ?? [])
}

/** The names an entry goes by: the tag alone (most tools), or that of a full reference (containerd, Zarf). */
export function tagsOf(entry: Pick<Descriptor, 'annotations'>): string[] {
  return namesOf(entry).map((name) => (name.includes(':') ? (cutReference(name).tag ?? name) : name))
}

/** The full references that an entry goes by, in their normal form; a tag alone is none. */
export function fullNamesOf(entry: Pick<Descriptor, 'annotations'>): RegistryReference[] {
  return namesOf(entry)
    .filter((name) => /[:/]/.test(name))
    .flatMap((name) => {
      try {
        return [parseReference(name)]
      } catch {
        // What is no reference is nobody's full name; its tag can still be asked for.
        return []
      }
    })
}

class FolderLayout implements Layout {
  readonly name: string
  readonly blobs: string
  readonly entries: readonly Descriptor[]

  constructor(name: string, blobs: string, entries: readonly Descriptor[]) {
    this.name = name
    this.blobs = blobs
    this.entries = entries
  }

  async read(digest: Digest, most: number = limits.manifestBytes): Promise<Buffer> {
    const path = join(this.blobs, hexOf(digest))
    const there = await stat(path).catch(() => null)
    if (there === null) throw new Failure('not-found', { subject: `${digest} in ${this.name}`, status: 0 })
    const bytes = await readCapped(path, most)
    const found = digestOf(bytes)
    if (found === digest) return bytes
    throw new Failure('layout-damaged', { path: this.name, expected: digest, found })
  }

  async small(): Promise<Digest[]> {
    const names = await readdir(this.blobs)
    if (names.length > limits.blobs) {
      throw new Failure('too-many', { subject: `Blobs in ${this.name}`, expected: limits.blobs })
    }
    const digests = names.map((name) => `sha256:${name}`).filter(isDigest)
    const found: Digest[] = []
    for (const digest of digests.sort()) {
      const { size } = await stat(join(this.blobs, hexOf(digest)))
      if (size <= limits.manifestBytes) found.push(digest)
    }
    return found
  }
}

/**
 * Opens a layout: reads `oci-layout` and `index.json`, nothing else.
 *
 * @param name how failures name it
 * @throws Failure `layout-damaged`, `file-unreadable`, `algorithm-refused`
 */
export async function openLayout(folder: string, name: string): Promise<Layout> {
  const damaged = (expected: string, found: string): Failure =>
    new Failure('layout-damaged', { path: name, expected, found })
  const read = (file: string, most: number): Promise<Buffer> =>
    readCapped(join(folder, file), most).catch((error: unknown) => {
      throw error instanceof Failure && error.code === 'file-unreadable'
        ? damaged(`a file ${file}`, String(error.facts.found ?? 'none'))
        : error
    })
  try {
    const version = asObject(parseStrict(await read('oci-layout', 4096)), 'oci-layout').imageLayoutVersion
    if (version !== '1.0.0') throw damaged('imageLayoutVersion 1.0.0', JSON.stringify(version))
    // An entry that cannot be used (by another digest, say) is not asked for by anybody; the others are.
    const { entries } = readList(await read('index.json', limits.manifestBytes))
    return new FolderLayout(name, join(folder, 'blobs', 'sha256'), entries)
  } catch (error) {
    if (error instanceof Failure) throw error
    if (error instanceof ManifestProblem) throw damaged(error.expected, error.found)
    throw damaged('JSON', 'something else')
  }
}

import { isFileTitle, visible } from '../../shared/names.ts'
import type { Digest } from '../../shared/digest.ts'
import type { Evidence, Item } from '../../shared/waybill.ts'
import { ManifestProblem } from '../oci/descriptor.ts'
import { namesBeside } from '../oci/file-evidence.ts'
import { titleAnnotation, type CarriedFile } from '../oci/kind.ts'
import { parseManifest } from '../oci/manifest.ts'
import { readCapped } from '../platform/files.ts'
import { digestOf } from '../platform/hash.ts'
import { limits } from '../platform/limits.ts'
import type { Exportable } from './export.ts'

/** A file that is written. */
export interface Written {
  readonly title: string
  readonly digest: Digest
  readonly size: number
}

/** What lies beside the files again, and what of it stays behind, in sentences. */
export interface Besides {
  readonly written: readonly Written[]
  readonly left: readonly string[]
}

const mostLeft = 100

class Beside {
  readonly written: Written[] = []
  readonly left: string[] = []
  /** By names without regard to case, as some systems have them. */
  private readonly taken: Map<string, Digest>
  private readonly content: Exportable
  private readonly carried: ReadonlySet<Digest>

  constructor(taken: ReadonlyMap<string, Digest>, content: Exportable) {
    this.taken = new Map(taken)
    this.content = content
    this.carried = new Set(content.blobs.map((blob) => blob.digest))
  }

  async add(evidence: Evidence, root: Digest, file: CarriedFile): Promise<void> {
    const found = await this.read(evidence, root, file)
    if (typeof found === 'string') {
      this.left.push(`Not beside ${file.title}: evidence ${evidence.digest}, ${found}.`)
    } else if (found !== null) {
      this.taken.set(found.title.toLowerCase(), found.digest)
      this.written.push(found)
    }
  }

  /** What is to be written, `null` where it lies there already, or why it cannot be. */
  private async read(evidence: Evidence, root: Digest, file: CarriedFile): Promise<Written | null | string> {
    if (evidence.subject !== root) return 'which speaks for other evidence'
    const bytes = await readCapped(this.content.path(evidence.digest), limits.manifestBytes)
    if (digestOf(bytes) !== evidence.digest) return 'which is damaged'
    let layers
    try {
      const manifest = parseManifest(bytes, evidence.mediaType)
      layers = manifest.kind === 'manifest' ? manifest.layers : []
    } catch (error) {
      if (error instanceof ManifestProblem) return 'which is in a form that is not read'
      throw error
    }
    const [layer, ...more] = layers
    if (layer === undefined || more.length > 0) return `which is ${layers.length} documents`
    return this.named(layer.annotations[titleAnnotation] ?? '', layer, file)
  }

  // Whoever sent it may have given it any name: only those are written under which the evidence of this file is looked for.
  private named(
    title: string,
    { digest, size }: Omit<Written, 'title'>,
    file: CarriedFile,
  ): Written | null | string {
    const usual = namesBeside(file.title, file.layer.digest).some(([name]) => name === title)
    if (!usual || !isFileTitle(title)) return `whose name is no usual one: “${visible(title).slice(0, 200)}”`
    if (!this.carried.has(digest)) return 'whose content is not carried'
    const there = this.taken.get(title.toLowerCase())
    if (there === undefined) return { title, digest, size }
    return there === digest ? null : `whose name another file has: “${title}”`
  }
}

/**
 * The evidence of files under the names that it had beside them. No name of an item is ever taken for it.
 *
 * @param titles the file of each item, by its root
 */
export async function besideOf(
  items: readonly Item[],
  titles: ReadonlyMap<Digest, CarriedFile>,
  content: Exportable,
): Promise<Besides> {
  const own = [...titles.values()].map(({ title, layer }) => [title.toLowerCase(), layer.digest] as const)
  const beside = new Beside(new Map(own), content)
  for (const { root, evidence } of items) {
    const file = titles.get(root.digest)
    if (file === undefined) continue
    for (const one of evidence) await beside.add(one, root.digest, file)
  }
  const { written, left } = beside
  const more = left.length - mostLeft
  if (more <= 0) return { written, left }
  return { written, left: [...left.slice(0, mostLeft), `The same for ${more} more.`] }
}

import { isFileTitle, visible } from '../../shared/names.ts'
import type { Digest } from '../../shared/digest.ts'
import type { Evidence, Item } from '../../shared/waybill.ts'
import { namesBeside } from '../oci/file-evidence.ts'
import type { CarriedFile } from '../oci/kind.ts'
import { documentIn, type Written } from './evidence-document.ts'
import type { Exportable } from './export.ts'

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
    const found = await documentIn(evidence, root, this.content)
    return typeof found === 'string' ? found : this.named(found, file)
  }

  // Whoever sent it may have given it any name: only those are written under which the evidence of this file is looked for.
  private named({ title, digest, size }: Written, file: CarriedFile): Written | null | string {
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

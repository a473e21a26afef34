import type { Digest } from '../../shared/digest.ts'
import { isFileTitle } from '../../shared/names.ts'
import type { Item } from '../../shared/waybill.ts'
import type { Closure } from '../oci/graph.ts'
import { treeKindIn } from '../oci/kind.ts'
import type { TreeKind } from '../oci/media-types.ts'
import { Failure } from '../platform/failure.ts'

/** A file that is written: its path in the export, with `/`. */
export interface PlainFile {
  readonly path: string
  readonly digest: Digest
  readonly size: number
}

/** What lies in its own form besides the layout, and what could not, in sentences. */
export interface PlainForms {
  readonly files: readonly PlainFile[]
  readonly left: readonly string[]
}

/** The folder of each kind. */
const placeOf: Readonly<Record<TreeKind, string>> = {
  manifests: 'manifests',
  folder: 'folders',
  git: 'git',
  model: 'models',
}

/** Whether an item lies in its own form alone: an image layout has nothing that a reader of it could use. */
export const isPlain = (item: Item): boolean => item.kind === 'file' || treeKindIn(item) !== null

function treeFiles(item: Item, closure: Closure, taken: Set<string>): PlainFile[] {
  const { root } = item
  const kind = treeKindIn(item)
  const tree = closure.trees.get(root.digest)
  if (kind === null || tree === undefined)
    throw new Failure('internal', { found: `no tree in ${root.digest}` })
  const place = `${placeOf[kind]}/${tree.title}`
  if (taken.has(place.toLowerCase()))
    throw new Failure('export-names', { found: tree.title, expected: 'each name once' })
  taken.add(place.toLowerCase())
  return tree.files.map(({ path, digest, size }) => ({ path: `${place}/${path}`, digest, size }))
}

// The same chart of two registries is there twice in the layout, and once under its name.
function chartFiles(item: Item, closure: Closure, taken: Set<string>, left: string[]): PlainFile[] {
  const chart = closure.charts.get(item.root.digest)
  const title = `${chart?.name ?? ''}-${chart?.version ?? ''}.tgz`
  if (chart?.content === undefined || chart.content === null || !isFileTitle(title)) {
    left.push(`Not in charts/: ${item.reference}, which does not say what it is called; it is in images/.`)
    return []
  }
  if (taken.has(title.toLowerCase())) {
    left.push(`Not in charts/: ${item.reference}, because another one is called ${title}; it is in images/.`)
    return []
  }
  taken.add(title.toLowerCase())
  const packed = { path: `charts/${title}`, ...chart.content }
  return chart.provenance === null
    ? [packed]
    : [packed, { path: `charts/${title}.prov`, ...chart.provenance }]
}

/**
 * The files of what has a form of its own: trees as they were, packed charts as Helm has them, with their signatures.
 *
 * @throws Failure `export-names` where two of one kind have one name
 */
export function plainForms(items: readonly Item[], closure: Closure): PlainForms {
  const taken = new Set<string>()
  const left: string[] = []
  const files = items.flatMap((item) => {
    if (treeKindIn(item) !== null) return treeFiles(item, closure, taken)
    return item.kind === 'chart' ? chartFiles(item, closure, taken, left) : []
  })
  return { files, left }
}

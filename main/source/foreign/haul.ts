import { isFileTitle, visible } from '../../../shared/names.ts'
import type { Tree } from '../../archive/tree.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import { titleAnnotation } from '../../oci/kind.ts'
import type { Contents, ForeignItem } from './contents.ts'
import { holdAgainstIndex } from './docker-hybrid.ts'
import { listPath } from './image-list.ts'
import { checkMark, layoutContents, layoutItems, readLayout, type ReadLayout } from './oci-layout.ts'

const ownKind = /^dev\.hauler\//
const olderKind = /^dev\.cosignproject\.cosign\//

/**
 * Whether a layout is Hauler's: by its marks. Those of its first version are cosign's, which writes one image and the
 * mark of a layout, and never puts charts or files under `hauler/`.
 */
function isHaul(tree: Tree, { entries }: ReadLayout): boolean {
  const kinds = entries.map(({ annotations }) => annotations.kind ?? '')
  if (kinds.some((kind) => ownKind.test(kind))) return true
  const older = kinds.some((kind) => olderKind.test(kind))
  const own = (entry: Descriptor): boolean =>
    entry.annotations['org.opencontainers.image.ref.name']?.startsWith('hauler/') === true
  return entries.some(own) || (older && (tree.files.has(listPath) || !tree.files.has('oci-layout')))
}

/** The names that files get when they are taken out: each must be one of a file in the folder that is asked for. */
async function checkTitles(layout: ReadLayout, items: readonly ForeignItem[]): Promise<void> {
  const kinds = new Map(items.map(({ digest, kind }) => [digest, kind]))
  for (const entry of layout.entries) {
    const kind = kinds.get(entry.digest)
    const read = kind === undefined || kind === 'image' ? null : await layout.walk.visit(entry)
    if (read?.manifest.kind !== 'manifest') continue
    for (const { annotations } of read.manifest.layers) {
      const title = annotations[titleAnnotation]
      if (title === undefined || isFileTitle(title)) continue
      const outside = /[/\\]|^\.{1,2}$/.test(title)
      const reason = outside ? 'path-outside' : 'name'
      const found = visible(title).slice(0, 200)
      layout.problems.add('container.agreement', reason, entry.digest, 'the plain name of a file', found)
    }
  }
}

const own = /^(blobs\/sha256\/[0-9a-f]{64}|index\.json|manifest\.json|oci-layout)$/

/** A haul of Hauler's store: images, charts, files and folders in one layout, mostly without the mark of one. */
export async function readHaul(tree: Tree): Promise<Contents | null> {
  const layout = await readLayout(tree, '')
  if (layout === null || !isHaul(tree, layout)) return null
  await checkMark(tree, layout)
  const items = await layoutItems(layout)
  await checkTitles(layout, items)
  const agreement = await holdAgainstIndex(tree, layout)
  const contents = layoutContents('haul', layout, items, {
    files: [...tree.files.values()].filter(({ path }) => !own.test(path)),
  })
  return { ...contents, compared: { ...contents.compared, 'container.agreement': agreement } }
}

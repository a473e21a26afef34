import type { Digest } from '../../../shared/digest.ts'
import type { Tree } from '../../archive/tree.ts'
import { asObject, ManifestProblem, parseDescriptor, shown, type Descriptor } from '../../oci/descriptor.ts'
import { tagsOf } from '../../oci/layout.ts'
import { JsonError, parseStrict, type Json } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import { SharedLayout } from '../layout-evidence.ts'
import type { ReadManifest } from '../source.ts'
import { Problems, type Contents, type ForeignItem } from './contents.ts'
import { OciWalk, referencesOf } from './oci-items.ts'
import { TreeBlobs } from './tree-blobs.ts'

/** A layout in a tree, read: what other formats that hold one go on from. */
export interface ReadLayout {
  readonly blobs: TreeBlobs
  readonly walk: OciWalk
  readonly shared: SharedLayout
  readonly entries: readonly Descriptor[]
  readonly problems: Problems
  readonly warnings: Problems
}

/**
 * Opens the layout below a folder of a tree (`''` or ending in `/`).
 *
 * @returns `null` where there is no `index.json`
 */
export async function readLayout(tree: Tree, below: string): Promise<ReadLayout | null> {
  const path = `${below}index.json`
  if (!tree.files.has(path)) return null
  const problems = new Problems()
  const warnings = new Problems()
  const blobs = new TreeBlobs(tree)
  blobs.nameFolder(`${below}blobs/sha256/`, problems)
  const entries = await entriesOf(tree, path, problems)
  const shared = new SharedLayout(blobs.asLayout(entries))
  return { blobs, walk: new OciWalk(blobs, problems, warnings), shared, entries, problems, warnings }
}

async function entriesOf(tree: Tree, path: string, problems: Problems): Promise<Descriptor[]> {
  const wrong = (expected: string, found: string): Descriptor[] => {
    problems.add('container.agreement', 'form', path, expected, found)
    return []
  }
  let manifests: Json | undefined
  const { size } = tree.files.get(path) ?? { size: 0 }
  if (size > limits.manifestBytes) return wrong(`at most ${limits.manifestBytes} bytes`, `${size} bytes`)
  try {
    const bytes = await tree.read(path, limits.manifestBytes)
    manifests = asObject(parseStrict(bytes, limits.manifestValues), path).manifests
  } catch (error) {
    if (error instanceof ManifestProblem) return wrong(error.expected, error.found)
    if (error instanceof JsonError) return wrong('an index', error.message)
    throw error
  }
  if (manifests === undefined || manifests === null) return []
  if (!Array.isArray(manifests)) return wrong('a list of manifests', shown(manifests))
  if (manifests.length > limits.descriptors) return wrong(`at most ${limits.descriptors} manifests`, 'more')
  return manifests.flatMap((one, at) => {
    try {
      return [parseDescriptor(one)]
    } catch (error) {
      if (!(error instanceof ManifestProblem)) throw error
      problems.add('container.agreement', 'form', `${path}, entry ${at + 1}`, error.expected, error.found)
      return []
    }
  })
}

const speaksForOthers = /^sha256-[0-9a-f]{64}(\.(sig|att|sbom))?$/
const evidenceKind = /\/(sigs|atts|sboms|referrers\/.*)$/

/** Whether an entry of an index is evidence of another: by its tag, by what a tool marks it with, or by its subject. */
export function isEvidence(entry: Descriptor, read: ReadManifest, { walk }: ReadLayout): boolean {
  const marked = evidenceKind.test(entry.annotations.kind ?? '')
  const tagged = tagsOf(entry).some((tag) => speaksForOthers.test(tag))
  return (marked || tagged || read.manifest.subject !== null) && !walk.holdsImage(read)
}

/** The items of a layout: what its index lists and what does not speak for something else, each digest once. */
export async function layoutItems(layout: ReadLayout): Promise<ForeignItem[]> {
  const names = new Map<Digest, { read: ReadManifest; references: string[] }>()
  for (const entry of layout.entries) {
    const read = await layout.walk.visit(entry)
    if (read === null || isEvidence(entry, read, layout)) continue
    const known = names.get(read.digest) ?? { read, references: [] }
    known.references = [...new Set([...known.references, ...referencesOf(entry)])]
    names.set(read.digest, known)
  }
  const items: ForeignItem[] = []
  for (const { read, references } of names.values()) {
    items.push(await layout.walk.item(read, references, layout.shared))
  }
  return items
}

/** What a layout comes to, whatever it is called. */
export function layoutContents(
  format: Contents['format'],
  layout: ReadLayout,
  items: readonly ForeignItem[],
  more: Partial<Contents> = {},
): Contents {
  return {
    format,
    items,
    files: [],
    named: [],
    compared: {
      'container.sums': `${layout.blobs.count} blobs with the digests in their names`,
      'container.complete': `everything that ${layout.entries.length} entries of index.json name`,
      'container.agreement': null,
    },
    problems: layout.problems.found,
    warnings: layout.warnings.found,
    signing: null,
    itemsSigned: true,
    blobs: layout.blobs,
    ...more,
  }
}

/** Where a layout is marked as one, that must be in the only version that there is. */
export async function checkMark(tree: Tree, { problems }: ReadLayout): Promise<void> {
  const file = tree.files.get('oci-layout')
  if (file === undefined) return
  const version = file.size <= 4096 ? (await tree.read('oci-layout', 4096)).toString('utf8') : ''
  if (/"imageLayoutVersion"\s*:\s*"1\.0\.0"/.test(version)) return
  problems.add('container.agreement', 'form', 'oci-layout', 'imageLayoutVersion 1.0.0', shown(version))
}

/** An OCI image layout (image-spec, image-layout.md), as a folder or a tar. */
export async function readOciLayout(tree: Tree): Promise<Contents | null> {
  const layout = tree.files.has('oci-layout') ? await readLayout(tree, '') : null
  if (layout === null) return null
  await checkMark(tree, layout)
  const items = await layoutItems(layout)
  const cosign = layout.entries.some(({ annotations }) => /cosignproject/.test(annotations.kind ?? ''))
  return layoutContents(cosign ? 'cosign-save' : 'oci-layout', layout, items)
}

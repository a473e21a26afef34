import { stat } from 'node:fs/promises'
import type { AskedManifests } from '../../../shared/request.ts'
import type { Finding } from '../../../shared/waybill.ts'
import { treeOf, type TreeEntry } from '../../oci/tree-manifest.ts'
import { limits } from '../../platform/limits.ts'
import { realInside } from '../../source/inside.ts'
import { imagesInManifests } from '../../source/manifest-images.ts'
import { isKustomizationFile } from '../../source/kustomized.ts'
import { plain } from '../../source/reading.ts'
import type { Draft } from '../draft.ts'
import { filesBelow, type FolderFile } from './folder-files.ts'
import type { NamedImage } from '../naming.ts'
import { renderKustomizations } from '../render/kustomization.ts'
import { withRendering } from '../render/rendering.ts'
import { draftTree, titleOf } from './tree-item.ts'
import type { CollectTools } from '../tools.ts'

const isYaml = (path: string): boolean => /\.(?:ya?ml|json)$/i.test(path) || isKustomizationFile(path)

/** The files of what was asked for: one, or all of a folder. */
async function filesOf(real: string, reference: string): Promise<FolderFile[]> {
  const found = await stat(real)
  if (!found.isDirectory()) return [{ path: titleOf(reference), place: real, size: found.size }]
  return filesBelow(real, reference, (path) => path === '.git')
}

interface Read {
  readonly named: Map<string, Set<string>>
  readonly findings: Finding[]
}

async function readFile(file: TreeEntry, reference: string, read: Read, tools: CollectTools): Promise<void> {
  const { path, digest, size } = file
  const subject = `${reference}: ${path}`.slice(0, 500)
  const tell = (code: string, detail: string): number =>
    read.findings.push({ code, subject, detail: plain(detail) })
  if (size > limits.foreignDocumentBytes) {
    tell('images-unread', `It has ${size} bytes and was not read for the images that it names.`)
    return
  }
  // What was taken, not what lies in the folder by now.
  const found = imagesInManifests(await tools.blobs.read(digest, limits.foreignDocumentBytes), path)
  for (const one of found.references) {
    const where = read.named.get(one) ?? new Set()
    where.add(path)
    read.named.set(one, where)
  }
  if (found.unread !== null)
    tell(
      'images-unread',
      `It is not YAML that is read (${found.unread}); images were looked for line by line.`,
    )
  for (const one of found.unclear)
    tell(
      'image-unclear',
      `“${one}” stands where an image is named, and only what puts it together knows which.`,
    )
  for (const one of found.elsewhere)
    tell('manifests-elsewhere', `It brings in ${one} from elsewhere, which is not carried and was not read.`)
}

/**
 * Takes manifests for Kubernetes, file by file, and finds the images that they name by reading them, and where the policy
 * names kustomize by putting them together. What is none of them in their folder travels too.
 *
 * @throws Failure `folder-refused`, `path-outside`, `not-found`, `file-unreadable`
 */
export async function draftManifests(
  asked: AskedManifests,
  folder: string,
  tools: CollectTools,
): Promise<Draft> {
  const { reference, images, at } = asked
  const files = await filesOf(await realInside(folder, reference, at), reference)
  const draft = await draftTree(asked, { title: titleOf(reference), version: null, files }, tools)
  const read: Read = { named: new Map(), findings: [] }
  const taken = treeOf(draft.root.manifest).files
  for (const file of taken) if (isYaml(file.path)) await readFile(file, reference, read, tools)
  const named = [...read.named].map(([name, where]): NamedImage => ({ reference: name, where: [...where] }))
  const naming = { images: named, mode: images, unread: read.findings }
  const rendering = await renderKustomizations(reference, taken, tools)
  return { ...draft, named: withRendering(naming, rendering), rendered: rendering?.rendered ?? [] }
}

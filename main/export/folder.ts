import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Digest } from '../../shared/digest.ts'
import type { Item } from '../../shared/waybill.ts'
import { closureOf, type Closure } from '../oci/graph.ts'
import { treeKindIn } from '../oci/kind.ts'
import { Failure } from '../platform/failure.ts'
import { flushFolder, readCapped } from '../platform/files.ts'
import { limits } from '../platform/limits.ts'
import type { CopyOrder } from '../store/copy-blobs.ts'
import { wholeFile } from '../store/file-range.ts'
import { besideOf } from './beside.ts'
import type { Written } from './evidence-document.ts'
import { writtenAsNamed, type Exportable, type Exported, type ExportTools } from './export.ts'
import { fillTarget } from './target.ts'
import { modelSignatures } from './model-signatures.ts'
import { isPlain, plainForms, type PlainFile, type PlainForms } from './plain-forms.ts'
import { writeSummaries } from './summaries.ts'
import { copyAll, writeLayout } from './write-layout.ts'

/** What belongs to some of the items, walked again from the disc. */
async function closureFor(items: readonly Item[], content: Exportable): Promise<Closure> {
  const carried = new Set(content.blobs.map((blob) => blob.digest))
  const closure = await closureOf({
    items,
    omitted: { has: (digest) => !carried.has(digest) },
    read: (digest) => readCapped(content.path(digest), limits.manifestBytes),
  })
  const [problem] = closure.problems
  if (problem === undefined) return closure
  const { subject, expected, found } = problem
  throw new Failure('content-damaged', { subject, expected, found })
}

function filesOf(items: readonly Item[], closure: Closure, content: Exportable, folder: string): CopyOrder[] {
  const titles = new Set<string>()
  return items.map(({ root }) => {
    const file = closure.titles.get(root.digest)
    if (file === undefined) throw new Failure('internal', { found: `no file in ${root.digest}` })
    const { title, layer } = file
    if (titles.has(title.toLowerCase())) {
      throw new Failure('export-names', { found: title, expected: 'each file name once' })
    }
    titles.add(title.toLowerCase())
    return orderOf({ title, digest: layer.digest, size: layer.size }, content, folder)
  })
}

function orderOf({ title, digest, size }: Written, content: Exportable, folder: string): CopyOrder {
  return { from: wholeFile(content.path(digest)), to: join(folder, title), digest, size }
}

/** Writes files with their folders, each of which is on the disc before the export is. */
async function writePlain(
  files: readonly PlainFile[],
  folder: string,
  content: Exportable,
  tools: ExportTools,
): Promise<void> {
  const places = new Set<string>()
  for (const { path } of files) {
    const steps = path.split('/').slice(0, -1)
    for (let at = 1; at <= steps.length; at += 1) places.add(steps.slice(0, at).join('/'))
  }
  for (const place of places) await mkdir(join(folder, place))
  const orders = files.map(({ path, digest, size }) =>
    orderOf({ title: path, digest, size }, content, folder),
  )
  if (orders.length > 0) await copyAll(orders, tools)
  for (const place of [...places].reverse()) await flushFolder(join(folder, place))
}

/** What lies in its own form, and the signatures of models beside them. */
async function formsOf(items: readonly Item[], content: Exportable): Promise<PlainForms> {
  const closure = await closureFor(items, content)
  const forms = plainForms(items, closure)
  const beside = await modelSignatures(items, closure, content)
  return { files: [...forms.files, ...beside.files], left: [...forms.left, ...beside.left] }
}

/**
 * Writes into an empty folder: `files/<title>` bit for bit, with their evidence beside them under
 * the names that it had; `manifests/`, `folders/`, `git/` and `models/` with what they are called, file by file, and
 * signatures of models beside them; `summaries/` where what was verified is signed; `charts/` with packed charts; and in `images/` one OCI layout with all that is no file
 * and no folder, charts included. What there is none of has no folder.
 *
 * @param indexFor makes `index.json` for some of the items
 * @throws Failure `content-damaged`, `disk-full`, `disk-failed`, `cancelled`
 */
export async function writeFolder(
  content: Exportable,
  folder: string,
  indexFor: (items: readonly Item[]) => Uint8Array,
  tools: ExportTools,
): Promise<Exported> {
  const files = content.items.filter((item) => item.kind === 'file')
  const others = content.items.filter((item) => !isPlain(item))
  const formed = content.items.filter((item) => item.kind === 'chart' || treeKindIn(item) !== null)
  const fileClosure = await closureFor(files, content)
  const closure = await closureFor(others, content)
  const plain = await formsOf(formed, content)
  const blobs = [...closure.blobs].map(([digest, { size }]) => ({ digest, size }))
  const beside = await besideOf(files, fileClosure.titles, content)
  const fileBytes = [...fileClosure.titles.values()].reduce((sum, { layer }) => sum + layer.size, 0)
  const besideBytes = beside.written.reduce((sum, { size }) => sum + size, 0)
  const plainBytes = plain.files.reduce((sum, { size }) => sum + size, 0)
  const bytes = blobs.reduce((sum, blob) => sum + blob.size, fileBytes + besideBytes + plainBytes)
  tools.step('copy', bytes)
  if (files.length > 0) {
    const place = join(folder, 'files')
    await mkdir(place)
    const orders = filesOf(files, fileClosure, content, place)
    await copyAll([...orders, ...beside.written.map((one) => orderOf(one, content, place))], tools)
    await flushFolder(place)
  }
  await writePlain(plain.files, folder, content, tools)
  if (others.length > 0) {
    const place = join(folder, 'images')
    await mkdir(place)
    const path = (digest: Digest): string => content.path(digest)
    await writeLayout(place, { index: indexFor(others), blobs, path }, tools)
  }
  await writeSummaries(content, folder, tools)
  await flushFolder(folder)
  const written = writtenAsNamed(content.items)
  return {
    target: folder,
    written,
    moved: [],
    warned: [],
    bytes,
    blobs: blobs.length + files.length + beside.written.length + plain.files.length,
    left: [...beside.left, ...plain.left],
  }
}

/**
 * The same into a new or empty folder that appears whole.
 *
 * @throws Failure `export-target`, `content-damaged`, `disk-full`, `disk-failed`, `cancelled`
 */
export async function exportFolder(
  content: Exportable,
  target: string,
  indexFor: (items: readonly Item[]) => Uint8Array,
  tools: ExportTools,
): Promise<Exported> {
  const done = await fillTarget(target, (folder) => writeFolder(content, folder, indexFor, tools))
  return { ...done, target }
}

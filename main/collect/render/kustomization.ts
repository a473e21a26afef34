import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import type { Finding } from '../../../shared/waybill.ts'
import type { TreeEntry } from '../../oci/tree-manifest.ts'
import { listAt, parseForeignYaml, textAt, type YamlText } from '../../platform/foreign-yaml.ts'
import { limits } from '../../platform/limits.ts'
import { YamlError } from '../../platform/yaml.ts'
import type { PinnedProgram } from '../../platform/pinned-program.ts'
import { comesFromElsewhere, isKustomizationFile } from '../../source/kustomized.ts'
import { withIncoming } from '../kinds/incoming.ts'
import type { CollectTools } from '../tools.ts'
import { readRendered, unrendered, type Rendering } from './rendering.ts'
import { runRenderer } from './run-renderer.ts'

/** A folder with a kustomization. */
interface Kustomization {
  /** Below the tree; `.` for its top. */
  readonly folder: string
  readonly documents: readonly YamlText[]
}

async function kustomizationsIn(files: readonly TreeEntry[], tools: CollectTools): Promise<Kustomization[]> {
  const found: Kustomization[] = []
  for (const { path, digest, size } of files) {
    if (!isKustomizationFile(path) || size > limits.foreignDocumentBytes) continue
    try {
      const bytes = await tools.blobs.read(digest, limits.foreignDocumentBytes)
      found.push({ folder: posix.dirname(path), documents: parseForeignYaml(bytes, limits.yamlAliases) })
    } catch (error) {
      // That it cannot be read is told where its images are looked for.
      if (!(error instanceof YamlError)) throw error
    }
  }
  return found
}

/** Those that no other one builds on, and that are no component, which is nothing by itself. */
function topmost(all: readonly Kustomization[]): Kustomization[] {
  const used = new Set<string>()
  for (const { folder, documents } of all) {
    for (const document of documents) {
      for (const field of ['resources', 'bases', 'components']) {
        for (const one of listAt(document, field))
          if (typeof one === 'string') used.add(posix.join(folder, one).replace(/\/$/, ''))
      }
    }
  }
  const isPart = ({ documents }: Kustomization): boolean =>
    documents.some((document) => textAt(document, 'kind') === 'Component')
  return all.filter((one) => !used.has(one.folder) && !isPart(one))
}

/** Lays the files out as they were taken, not as they lie in the request's folder by now. */
async function layOut(files: readonly TreeEntry[], to: string, tools: CollectTools): Promise<void> {
  for (const { path, digest, size } of files) {
    const place = join(to, ...path.split('/'))
    await mkdir(dirname(place), { recursive: true, mode: 0o700 })
    await writeFile(place, await tools.blobs.read(digest, size), { flag: 'wx', mode: 0o600 })
  }
}

interface Order {
  readonly reference: string
  readonly program: PinnedProgram
  /** Where the files are laid out, and an empty folder. */
  readonly tree: string
  readonly home: string
}

async function renderedFrom(one: Kustomization, order: Order, tools: CollectTools): Promise<Rendering> {
  const { reference, program, tree, home } = order
  const { folder, documents } = one
  const subject = folder === '.' ? reference : `${reference}: ${folder}`
  const nothing = (why: string): Rendering => ({
    images: [],
    findings: [unrendered(subject, program, why)],
    rendered: [],
  })
  const [elsewhere] = documents.flatMap(comesFromElsewhere)
  if (elsewhere !== undefined) return nothing(`it brings in ${elsewhere}, and nothing is fetched for it`)
  const command = program.name === 'kubectl' ? 'kustomize' : 'build'
  const answer = await runRenderer(program, [command, join(tree, ...folder.split('/'))], home, tools)
  if ('failed' in answer) return nothing(answer.failed)
  const read = readRendered(answer.output, `${subject}, rendered`)
  const { name, digest } = program
  const given = [folder === '.' ? 'as it is' : folder]
  return { ...read, rendered: [{ reference, program: name, digest, given, images: read.images.length }] }
}

/**
 * Has kustomize put the kustomizations of a tree together, where the policy names kustomize: each that no other one builds on.
 *
 * @param files of the tree, which are in the store
 * @returns `null` where the policy names no kustomize, or there is nothing for it
 * @throws Failure `program-missing`, `program-differs`, `disk-full`, `cancelled`
 */
export async function renderKustomizations(
  reference: string,
  files: readonly TreeEntry[],
  tools: CollectTools,
): Promise<Rendering | null> {
  const all = await kustomizationsIn(files, tools)
  if (all.length === 0) return null
  const program = await tools.renderer('kustomize')
  if (program === null) return null
  const size = files.reduce((sum, one) => sum + one.size, 0)
  const tops = topmost(all)
  const why =
    size > limits.renderedBytes
      ? `its files have ${size} bytes, more than ${limits.renderedBytes}`
      : tops.length > limits.kustomizations
        ? `it has ${tops.length} kustomizations, more than ${limits.kustomizations}`
        : null
  if (why !== null) {
    const findings: Finding[] = [unrendered(reference, program, why)]
    return { images: [], findings, rendered: [] }
  }
  return withIncoming(tools.blobs, async (incoming) => {
    const [tree, home] = [join(incoming, 'tree'), join(incoming, 'home')]
    for (const folder of [tree, home]) await mkdir(folder, { mode: 0o700 })
    await layOut(files, tree, tools)
    const done: Rendering[] = []
    for (const one of tops) done.push(await renderedFrom(one, { reference, program, tree, home }, tools))
    return {
      images: done.flatMap(({ images }) => images),
      findings: done.flatMap(({ findings }) => findings),
      rendered: done.flatMap(({ rendered }) => rendered),
    }
  })
}

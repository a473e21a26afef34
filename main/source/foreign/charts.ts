import type { Tree } from '../../archive/tree.ts'
import { listAt, parseForeignYaml, textAt, type YamlText } from '../../platform/foreign-yaml.ts'
import { limits } from '../../platform/limits.ts'
import { YamlError } from '../../platform/yaml.ts'
import type { Problems } from './contents.ts'
import type { NamedImages } from './named-images.ts'
import { imagesInLines, imagesInValues, isReference, valuesUsed } from './values-images.ts'

/** What `Chart.yaml` says. A text is empty where it says nothing. */
export interface ChartHead {
  readonly name: string
  readonly version: string
  readonly appVersion: string
  readonly annotations: YamlText
}

/** A chart in a tree: its folder, ending in `/`, and the files of it that are not in a chart below. */
interface ChartFolder {
  readonly root: string
  readonly files: readonly string[]
}

const below = /^(.*\/)charts\/(?:[^/]+\.tgz\/)?[^/]+\/$/

/** The folders of charts: those that somebody says, and those in `charts/` of another, as folders or packed. */
function chartFolders(tree: Tree, isTop: (root: string) => boolean): ChartFolder[] {
  const roots = new Map<string, string[]>()
  for (const path of tree.files.keys()) {
    if (path.endsWith('/Chart.yaml')) roots.set(path.slice(0, -'Chart.yaml'.length), [])
  }
  const isChart = (root: string, depth = 0): boolean => {
    if (isTop(root)) return true
    const parent = below.exec(root)?.[1]
    return (
      parent !== undefined && depth < limits.archiveSteps && roots.has(parent) && isChart(parent, depth + 1)
    )
  }
  for (const root of [...roots.keys()]) if (!isChart(root)) roots.delete(root)
  for (const path of tree.files.keys()) {
    let root = path
    do root = root.slice(0, root.lastIndexOf('/', root.length - 2) + 1)
    while (root !== '' && !roots.has(root))
    roots.get(root)?.push(path)
  }
  return [...roots].map(([root, files]) => ({ root, files }))
}

/** Whether the path of a value is that of an image, or of something in one. */
function leadsTo(used: string, images: ReadonlySet<string>): boolean {
  const steps = used.split('.')
  return steps.some((_, at) => images.has(steps.slice(0, at + 1).join('.')))
}

/** Goes through what charts name. What cannot be read of them is said, and refuses nothing. */
class ChartReading {
  private readonly tree: Tree
  private readonly named: NamedImages
  private readonly warnings: Problems

  constructor(tree: Tree, named: NamedImages, warnings: Problems) {
    this.tree = tree
    this.named = named
    this.warnings = warnings
  }

  private async text(path: string): Promise<string | null> {
    const bytes = await this.tree.document(path, limits.foreignDocumentBytes)
    if (bytes !== null) return bytes.toString('utf8')
    const expected = 'a document that is read for the images that it names'
    this.warnings.add('container.complete', 'not-read-in', path, expected, 'too much to hold')
    return null
  }

  async documents(path: string): Promise<YamlText[]> {
    const text = await this.text(path)
    if (text === null) return []
    try {
      return parseForeignYaml(Buffer.from(text, 'utf8'), limits.yamlAliases)
    } catch (error) {
      if (!(error instanceof YamlError)) throw error
      this.warnings.add('container.complete', 'not-read-in', path, error.expected, error.found)
      return []
    }
  }

  /** @returns the paths of the values that are images */
  async values(path: string, tagFor: (first: string) => string): Promise<string[]> {
    const images = (await this.documents(path)).flatMap((one) => imagesInValues(one, tagFor))
    for (const { reference } of images) this.named.add(reference, path)
    return images.map((one) => one.path)
  }

  /** @returns what stands for images in templates */
  async lines(path: string): Promise<readonly string[]> {
    const { references, templates } = imagesInLines((await this.text(path)) ?? '')
    for (const reference of references) this.named.add(reference, path)
    return templates
  }

  async head(root: string): Promise<ChartHead | null> {
    const [document] = await this.documents(`${root}Chart.yaml`)
    if (document === undefined) return null
    const text = (name: string): string => textAt(document, name)
    const annotations = textAt(document, 'annotations', 'artifacthub.io/images')
    return { name: text('name'), version: text('version'), appVersion: text('appVersion'), annotations }
  }

  /** The list of images that a chart's maker wrote down for Artifact Hub: YAML in a text of YAML. */
  annotated({ annotations }: ChartHead, path: string): void {
    try {
      const documents = parseForeignYaml(
        Buffer.from(typeof annotations === 'string' ? annotations : '', 'utf8'),
      )
      for (const one of documents.flatMap((document) => listAt({ list: document }, 'list'))) {
        const image = textAt(one, 'image')
        if (isReference(image)) this.named.add(image, path)
      }
    } catch (error) {
      if (!(error instanceof YamlError)) throw error
      this.warnings.add('container.complete', 'not-read-in', path, error.expected, error.found)
    }
  }

  async chart({ root, files }: ChartFolder, heads: ReadonlyMap<string, ChartHead>): Promise<void> {
    const head = heads.get(root)
    if (head !== undefined) this.annotated(head, `${root}Chart.yaml`)
    // Values for a chart below stand under its name.
    const inner = new Map(
      [...heads].flatMap(([one, found]) =>
        below.exec(one)?.[1] === root ? [[found.name, found] as const] : [],
      ),
    )
    const tagFor = (first: string): string => (inner.get(first) ?? head)?.appVersion ?? ''
    const values = `${root}values.yaml`
    const paths = new Set(this.tree.files.has(values) ? await this.values(values, tagFor) : [])
    for (const path of files.filter((one) => /^charts\/[^/]+\.tgz$/.test(one.slice(root.length)))) {
      if ([...heads.keys()].some((one) => one.startsWith(`${path}/`))) continue
      const expected = 'a packed chart that is looked into'
      this.warnings.add('container.complete', 'not-read-in', path, expected, 'one that is not')
    }
    const unresolved: string[] = []
    for (const path of files) {
      if (!/^(templates|crds)\/.*\.(ya?ml|tpl)$/.test(path.slice(root.length))) continue
      const templates = await this.lines(path)
      unresolved.push(...templates.filter((one) => !valuesUsed(one).some((used) => leadsTo(used, paths))))
    }
    if (unresolved.length === 0) return
    const expected = 'images that its values or templates name as they stand'
    const found = `${unresolved.length} that only its templates put together`
    this.warnings.add('container.complete', 'not-rendered', root.slice(0, -1), expected, found)
  }
}

/**
 * Reads the charts in a tree for the images that they name.
 *
 * @param isTop which folders with a `Chart.yaml` are charts, besides those in `charts/` of one
 * @returns what each says of itself, by its folder
 */
export async function readChartsAt(
  tree: Tree,
  isTop: (root: string) => boolean,
  named: NamedImages,
  warnings: Problems,
): Promise<ReadonlyMap<string, ChartHead>> {
  const reading = new ChartReading(tree, named, warnings)
  const folders = chartFolders(tree, isTop)
  const heads = new Map<string, ChartHead>()
  for (const { root } of folders) {
    const head = await reading.head(root)
    if (head !== null) heads.set(root, head)
  }
  for (const folder of folders) await reading.chart(folder, heads)
  return heads
}

const inComponent = /^components\/[^/]+\.tar\/[^/]+\/charts\/[^/]+\.tgz\/[^/]+\/$/
const valuesInComponent = /^components\/[^/]+\.tar\/[^/]+\/values\/[^/]+$/
const manifestInComponent = /^components\/[^/]+\.tar\/[^/]+\/manifests\/[^/]+\.ya?ml$/

/** Reads the charts, values and manifests in the components of a Zarf package for the images that they name. */
export async function readCharts(tree: Tree, named: NamedImages, warnings: Problems): Promise<void> {
  await readChartsAt(tree, (root) => inComponent.test(root), named, warnings)
  const reading = new ChartReading(tree, named, warnings)
  for (const path of tree.files.keys()) {
    if (valuesInComponent.test(path)) await reading.values(path, () => '')
    else if (manifestInComponent.test(path)) await reading.lines(path)
  }
}

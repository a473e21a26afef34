import type { Through } from '../platform/files.ts'
import { Failure } from '../platform/failure.ts'
import type { Digest } from '../../shared/digest.ts'
import type { Container, Tree, TreeFile, TreeLink, Use } from './tree.ts'

/** Files of another tree under other paths: how something is laid out that lies there as blobs. */
export class MappedTree implements Tree {
  readonly name: string
  readonly digest: Digest | null = null
  readonly files = new Map<string, TreeFile>()
  readonly folders = new Set<string>()
  readonly links = new Map<string, TreeLink>()
  readonly size: number
  private readonly tree: Tree
  private readonly places = new Map<string, string>()

  /**
   * @param name as failures name it
   * @param names the path of each file here, and its path in the tree, with whatever lies in it; what is not there is left out
   */
  constructor(name: string, tree: Tree, names: ReadonlyMap<string, string>) {
    this.name = name
    this.tree = tree
    let size = 0
    const inside = filesWithin(tree)
    for (const [path, place] of names) {
      const link = tree.links.get(place)
      if (link !== undefined) this.links.set(path, { ...link, path })
      const file = tree.files.get(place)
      if (file === undefined) continue
      size += file.size
      this.add(path, file, null)
      for (const inner of inside.get(place) ?? []) {
        const within = `${path}${(inner.within ?? '').slice(place.length)}`
        this.add(`${path}${inner.path.slice(place.length)}`, inner, within)
      }
    }
    this.size = size
  }

  get parts(): readonly string[] {
    return this.tree.parts
  }

  get container(): Container {
    return this.tree.container
  }

  private add(path: string, file: TreeFile, within: string | null): void {
    this.files.set(path, { ...file, path, within })
    this.places.set(path, file.path)
  }

  /** Where a file lies in the tree. @throws Failure `not-found` */
  placeOf(path: string): string {
    const place = this.places.get(path)
    if (place !== undefined) return place
    throw new Failure('not-found', { subject: `${path} in ${this.name}`, status: 0 })
  }

  async read(path: string, most: number): Promise<Buffer> {
    return this.tree.read(this.placeOf(path), most)
  }

  async document(path: string, most: number): Promise<Buffer | null> {
    return this.tree.document(this.placeOf(path), most)
  }

  async lend<Found>(path: string, use: (through: Through) => Promise<Found>): Promise<Found> {
    return this.tree.lend(this.placeOf(path), use)
  }

  rangeOf(path: string): ReturnType<Tree['rangeOf']> {
    return this.tree.rangeOf(this.placeOf(path))
  }

  async lendEach(paths: ReadonlySet<string>, use: Use): Promise<void> {
    const called = new Map([...paths].map((path) => [this.placeOf(path), path]))
    await this.tree.lendEach(new Set(called.keys()), (place, bytes) => use(called.get(place) ?? place, bytes))
  }

  whole(): AsyncIterable<Buffer> {
    return this.tree.whole()
  }

  // Whoever maps a tree goes into it before.
  goInto(): Promise<Tree> {
    return Promise.resolve(this)
  }
}

/** Files in archives, by the outermost archive that they lie in. */
function filesWithin(tree: Tree): ReadonlyMap<string, readonly TreeFile[]> {
  const found = new Map<string, TreeFile[]>()
  for (const file of tree.files.values()) {
    if (file.within === null) continue
    let outer = file.within
    for (let parent = tree.files.get(outer); parent?.within != null; parent = tree.files.get(outer)) {
      outer = parent.within
    }
    const known = found.get(outer)
    if (known === undefined) found.set(outer, [file])
    else known.push(file)
  }
  return found
}

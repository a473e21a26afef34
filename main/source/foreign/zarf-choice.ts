import type { Descriptor } from '../../oci/descriptor.ts'
import { Problems } from './contents.ts'
import { ImageNames } from './named-images.ts'
import { OciWalk, referencesOf } from './oci-items.ts'
import type { ReadLayout } from './oci-layout.ts'
import type { ZarfComponent } from './zarf-yaml.ts'

/**
 * What a bundle took of a package: its required components, and the optional ones that it names. Of the others the
 * package still lists everything, and nothing needs to be there. A package alone is always whole.
 */
export class Choice {
  private readonly others: readonly ZarfComponent[]
  private readonly needed: ImageNames
  private readonly optional: ImageNames

  constructor(components: readonly ZarfComponent[], chosen: ReadonlySet<string> | null) {
    const isOther = ({ name, required }: ZarfComponent): boolean =>
      chosen !== null && !required && !chosen.has(name)
    const imagesOf = (some: readonly ZarfComponent[]): ImageNames =>
      new ImageNames(some.flatMap(({ images }) => images))
    this.others = components.filter(isOther)
    this.needed = imagesOf(components.filter((one) => !isOther(one)))
    this.optional = imagesOf(this.others)
  }

  /** Whether a file that the package lists may be missing. Whether blobs may is asked of the images that need them. */
  mayMiss(path: string): boolean {
    if (this.others.length === 0) return false
    if (path.startsWith('images/blobs/sha256/') || path === 'documentation.tar') return true
    return this.others.some(({ name }) => path === `components/${name}.tar`)
  }

  /** The entries of the package's images without those that only components need which are not here. */
  async entriesOf({ entries, blobs }: ReadLayout, warnings: Problems): Promise<Descriptor[]> {
    const kept: Descriptor[] = []
    for (const entry of entries) {
      const names = referencesOf(entry)
      const isOptional = names.some((one) => this.optional.has(one) && !this.needed.has(one))
      const unsaid = new Problems()
      if (isOptional) await new OciWalk(blobs, unsaid, new Problems()).visit(entry)
      const [missing] = unsaid.found
      if (missing === undefined) kept.push(entry)
      else {
        const { expected, found } = missing
        warnings.add('container.complete', 'left-out', names[0] ?? entry.digest, expected, found)
      }
    }
    return kept
  }
}

import { parseReference, type RegistryReference } from '../../oci/reference.ts'
import { Failure } from '../../platform/failure.ts'
import { limits } from '../../platform/limits.ts'
import type { ForeignItem, NamedImage } from './contents.ts'

/** One spelling of a reference: `nginx` and `docker.io/library/nginx:latest` are one image to whoever pulls it. */
function spelled(reference: string): { readonly name: string; readonly digest: string | null } {
  const read = (text: string): RegistryReference | null => {
    try {
      return parseReference(text)
    } catch (error) {
      if (error instanceof Failure) return null
      throw error
    }
  }
  const found = read(reference) ?? read(`${reference}:latest`)
  if (found === null) return { name: reference, digest: null }
  const { host, repository, tag, digest } = found
  return { name: `${host}/${repository}${digest === null ? `:${tag ?? ''}` : `@${digest}`}`, digest }
}

/** Names in their one spelling, to ask whether one of them stands for the image that another one names. */
export class ImageNames {
  private readonly names: ReadonlySet<string>

  constructor(names: readonly string[]) {
    this.names = new Set(names.map((one) => spelled(one).name))
  }

  has(reference: string): boolean {
    return this.names.has(spelled(reference).name)
  }
}

/** Gathers images that something names, each once with all the files in which it is. */
export class NamedImages {
  private readonly found = new Map<string, Set<string>>()

  add(reference: string, where: string): void {
    const known = this.found.get(reference)
    if (known !== undefined) known.add(where)
    else if (this.found.size < limits.namedImages) this.found.set(reference, new Set([where]))
  }

  /** Takes those of a part, whose files lie below a folder. */
  take({ found }: NamedImages, folder: string): void {
    for (const [reference, where] of found) for (const one of where) this.add(reference, `${folder}${one}`)
  }

  /** All of them, with whether one of some items is the image. */
  among(items: readonly ForeignItem[]): NamedImage[] {
    const images = items.filter(({ kind }) => kind === 'image' || kind === 'artifact')
    const names = new ImageNames(images.flatMap(({ references }) => references))
    const digests = new Set<string>(images.map(({ digest }) => digest))
    return [...this.found].map(([reference, where]) => {
      const { digest } = spelled(reference)
      const carried = names.has(reference) || (digest !== null && digests.has(digest))
      return { reference, where: [...where], carried }
    })
  }
}

import { isLayout } from '../../shared/names.ts'
import type { Item } from '../../shared/waybill.ts'
import { isPath } from '../oci/normal-form.ts'
import { isRepository, isTag, parseLayoutReference } from '../oci/reference.ts'
import { Failure } from '../platform/failure.ts'
import { mappedName, type NameMap } from './name-map.ts'

/** Where an item goes in a registry. Without a tag it can be had by its digest only. */
export interface Destination {
  readonly item: Item
  readonly repository: string
  readonly tag: string | null
}

/** The name of an item as a repository, without the host that it came from. */
export function pathOf(item: Item): string {
  const { kind, reference } = item
  if (kind === 'file' || isPath(kind, reference)) {
    // A repository has fewer signs than a file name: accents fall away, what is none of them is `-`.
    const plain = item.name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
    const signs = plain.replace(/[^a-z0-9._-]+/g, '-').replace(/[._-]{2,}/g, '-')
    return signs.replace(/^[._-]+|[._-]+$/g, '')
  }
  const steps = item.name.split('/')
  // The name of a folder is no host, whatever it looks like.
  const folder = isLayout(item.reference) && parseLayoutReference(item.reference).full === null
  const rest = folder ? steps.filter((step) => step !== '.') : steps.slice(1)
  return rest.join('/').toLowerCase()
}

/**
 * The repositories and tags of items: the prefix, then what the map makes of the item's name, else that name without the
 * host it came from.
 *
 * @throws Failure `export-names` where a name cannot be one, or two items would be one tag
 */
export function destinationsOf(items: readonly Item[], prefix: string, map: NameMap = []): Destination[] {
  const taken = new Map<string, string>()
  return items.map((item) => {
    const repository = [
      ...prefix.split('/').filter((step) => step !== ''),
      mappedName(item.name, map) ?? pathOf(item),
    ].join('/')
    if (!isRepository(repository)) {
      throw new Failure('export-names', { found: repository, expected: 'a repository name in lower case' })
    }
    // Helm's versions have a plus; it pushes and pulls them with an underscore in its place.
    const tag = item.kind === 'chart' ? (item.version?.replaceAll('+', '_') ?? null) : item.version
    if (tag !== null && !isTag(tag)) throw new Failure('export-names', { found: tag, expected: 'a tag' })
    const name = `${repository}:${tag ?? item.root.digest}`
    if ((taken.get(name) ?? item.root.digest) !== item.root.digest) {
      throw new Failure('export-names', { found: name, expected: 'one content for each name' })
    }
    taken.set(name, item.root.digest)
    return { item, repository, tag }
  })
}

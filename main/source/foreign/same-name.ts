import { hexOf } from '../../../shared/digest.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import { namesOf } from '../../oci/layout.ts'
import { cutReference, parseReference, type RegistryReference } from '../../oci/reference.ts'
import { Failure } from '../../platform/failure.ts'

/*
 * Names in an index and in Docker's list, made comparable: a name of the list is one of the index where they have a
 * spelling in common.
 */

function referenceIn(name: string): RegistryReference | null {
  try {
    return parseReference(name)
  } catch (error) {
    if (error instanceof Failure) return null
    throw error
  }
}

// The list has no digests; Hauler writes one as a tag.
function tagsIn({ tag, digest }: RegistryReference): string[] {
  return [tag, digest === null ? null : `sha256-${hexOf(digest)}`].flatMap((one) => one ?? [])
}

/**
 * The spellings of a name in an index that a list may have. Where the index has only tags, or the name without its
 * registry, as older tools write it, those are enough.
 */
export function spellingsOf(entry: Descriptor): string[] {
  const names = namesOf(entry)
  const full = entry.annotations['io.containerd.image.name']
  const bare = names.filter((name) => !/[:/]/.test(name))
  return [
    ...names,
    ...(bare.length === names.length ? bare.map((tag) => `:${tag}`) : []),
    ...names.flatMap((name) => {
      const reference = /[:/]/.test(name) ? referenceIn(name) : null
      if (reference === null) return []
      const { host, repository } = reference
      // A name without a registry reads as one of Docker Hub's.
      const hosts = full === undefined && name.startsWith(repository) ? [host, ''] : [host]
      return hosts.flatMap((one) => tagsIn(reference).map((tag) => `${one}/${repository}:${tag}`))
    }),
  ]
}

/** The spellings of a name in Docker's list. */
export function spellingsOfListed(name: string): string[] {
  const reference = referenceIn(name)
  const tag = cutReference(name).tag ?? ''
  if (reference === null) return [name, `:${tag}`]
  const { host, repository } = reference
  return [name, `:${tag}`, `${host}/${repository}:${tag}`, `/${repository}:${tag}`]
}

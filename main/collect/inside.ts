import type { CarriedItem, RequestItem } from '../../shared/request.ts'
import { isReference } from '../../shared/names.ts'
import { parseLayoutReference } from '../oci/reference.ts'
import { Failure } from '../platform/failure.ts'
import { hasManifests, type OpenedForeign } from '../source/foreign/foreign-source.ts'
import type { ForeignItem } from '../source/foreign/contents.ts'

/** How something inside is asked for: by its name and digest, and by the digest alone where the name is no reference. */
function referenceTo(path: string, { name, digest }: ForeignItem): string {
  const plain = `oci:${path}@${digest}`
  const named = name === null ? plain : `oci:${path}:${name.includes('@') ? name : `${name}@${digest}`}`
  try {
    if (isReference(named) && parseLayoutReference(named).digest === digest) return named
  } catch (error) {
    if (!(error instanceof Failure)) throw error
  }
  return plain
}

/**
 * What stands for an archive that is asked for by what is in it: each of its items, under its own digest.
 *
 * @throws Failure `archive-items` where something in it has no digest of its own and would stay behind, `archive-refused`
 */
export function itemsInside(
  asked: Extract<RequestItem, { kind: 'inside' }>,
  opened: OpenedForeign,
): CarriedItem[] {
  const { contents } = opened
  const [problem] = contents.problems
  if (problem !== undefined) {
    const { reason, subject, expected, found } = problem
    throw new Failure('archive-refused', { path: asked.reference, reason, subject, expected, found })
  }
  if (!hasManifests(opened) || contents.items.length === 0) {
    throw new Failure('archive-items', { path: asked.reference, found: contents.format })
  }
  const { evidence, at } = asked
  const more = {
    platforms: null,
    plainHttp: false,
    signatures: null,
    must: null,
    images: 'list' as const,
    values: [],
    evidence,
    at,
  }
  return contents.items.map((item) => ({
    kind: item.kind === 'image' ? 'image' : 'artifact',
    reference: referenceTo(asked.reference, item),
    ...more,
  }))
}

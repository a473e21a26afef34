import { isLayout } from '../../shared/names.ts'
import type { Item } from '../../shared/waybill.ts'
import { parseLayoutReference, parseReference } from '../oci/reference.ts'
import { Failure } from '../platform/failure.ts'
import { pathOf } from './names.ts'

const wrong = (found: string, expected: string): Failure => new Failure('export-names', { found, expected })

// Engines take a name without a host for one on Docker Hub, which what comes from a folder is not. Builders say
// “localhost” of what has no registry.
function fullName(item: Item): string {
  const folder = isLayout(item.reference) && parseLayoutReference(item.reference).full === null
  return folder ? `localhost/${pathOf(item)}` : item.name
}

/**
 * The name with tag by which engines know an image; `null` without a tag: none is ever made up.
 *
 * @throws Failure `export-names` for what engines would not take
 */
export function repoTagOf(item: Item): string | null {
  if (item.version === null) return null
  const name = fullName(item)
  const tagged = `${name}:${item.version}`
  if (name.length > 255) throw wrong(tagged, 'a name of at most 255 signs')
  try {
    const { host, repository, tag } = parseReference(tagged)
    if (`${host}/${repository}:${tag ?? ''}` === tagged) return tagged
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw wrong(tagged, String(error.facts.expected ?? 'a reference with a tag'))
  }
  throw wrong(tagged, 'a reference with a tag')
}

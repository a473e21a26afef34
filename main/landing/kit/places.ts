import { isDigest } from '../../../shared/digest.ts'
import { isLayout, transport, visible } from '../../../shared/names.ts'
import { isPath } from '../../oci/normal-form.ts'
import { isRepository, isTag, parseLayoutReference, spelledHost } from '../../oci/reference.ts'
import { Failure } from '../../platform/failure.ts'
import type { KitFacts, KitItem } from './kit-facts.ts'

/** The longest `HOST/PATH` that goes into files: every engine holds it, and so does OpenShift's schema. */
const longestPlace = 400

function isHost(host: string): boolean {
  try {
    return spelledHost(host) === host
  } catch (error) {
    if (error instanceof Failure) return false
    throw error
  }
}

/** Whether a text is `HOST/PATH` and nothing else, in its one spelling: what may stand in a file of a kit. */
export function isPlace(text: string): boolean {
  const slash = text.indexOf('/')
  return (
    slash > 0 &&
    text.length <= longestPlace &&
    isHost(text.slice(0, slash)) &&
    isRepository(text.slice(slash + 1))
  )
}

/** The host of `HOST/PATH`, or of a host alone. */
export const hostOf = (place: string): string => place.split('/', 1)[0] ?? ''

/** Below what everything lands: `HOST/PREFIX`, or the host where it has no prefix. */
export function targetPlace({ target }: Pick<KitFacts, 'target'>): string {
  const place = [target.host, ...target.prefix.split('/').filter((step) => step !== '')].join('/')
  const good = target.host === place ? isHost(place) : isPlace(place)
  if (!good) {
    throw new Failure('reference-form', {
      found: visible(place),
      expected: 'HOST or HOST/PREFIX of a registry',
    })
  }
  return place
}

/** Whether a place lies below another one, or is it. */
export const isBelow = (place: string, above: string): boolean =>
  place === above || place.startsWith(`${above}/`)

/** Where in a registry an item came from, as `HOST/PATH`; `null` for what came from elsewhere. */
export function sourceOf({ kind, from, name }: KitItem): string | null {
  if (kind === 'file' || isPath(kind, from)) return null
  const plain = from.replace(transport, '')
  // The name of a folder is no host, whatever it looks like.
  if (isLayout(from) && parseLayoutReference(from).full === null) return null
  if (/^https?:/.test(plain)) return null
  return isPlace(name) ? name : null
}

/** What an engine may name, and the names of what it may not. */
export interface Sorted {
  readonly items: readonly KitItem[]
  /** References, made visible, of items whose name could say something else in a file. */
  readonly strange: readonly string[]
}

/** Sorts out what no file of a kit may name. The parser of waybills refuses it too; this is asked again, here. */
export function sorted(facts: KitFacts): Sorted {
  const place = targetPlace(facts)
  const isGood = ({ repository, tag, digest }: KitItem): boolean =>
    isPlace(repository) && isBelow(repository, place) && isDigest(digest) && (tag === null || isTag(tag))
  return {
    items: facts.landed.filter(isGood),
    strange: facts.landed.filter((item) => !isGood(item)).map(({ from }) => visible(from)),
  }
}

/** Different texts, in one order. */
export const inOrder = (texts: readonly string[]): string[] =>
  [...new Set(texts)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))

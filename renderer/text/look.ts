import type { Looked, LookedItem } from '../../shared/look.ts'
import { formatWords, holdsWords } from '../../shared/rules/looked-into.ts'
import { worstFirst } from '../../shared/rules/worst-first.ts'
import type { Check } from '../../shared/verdict.ts'
import { titleOf } from './checks.ts'
import { size } from './format.ts'

/* The answer of a look, in sentences. What a format is called comes from elsewhere: nothing here depends on it. */

const refused: Readonly<Record<string, string>> = {
  'container.form': 'it cannot be read as one whole thing',
  'container.sums': 'its content is not what its own sums say',
  'container.complete': 'something that it names as its content is not here',
  'container.agreement': 'it says two things of one matter',
}

const unknown: Readonly<Record<string, string>> = {
  'no-sums': 'it has no sums of its own',
  unsigned: 'nobody whom you named vouches for it',
  'nobody-known': 'it is signed, and no key was named to check that with',
}

const unsafe: Readonly<Record<string, string>> = {
  'another-key': 'it is signed, and not by a key that you named',
  'signed-not': 'it says that it is signed, and the signature is not there',
  'signed-off': 'it says that it is not signed, and a signature is there',
}

const plainly = ({ id, reason }: Check): string =>
  unsafe[reason] ??
  refused[id] ??
  (id.endsWith('.signature') ? 'a signature in it is not right' : titleOf(id))

/** Who signed it, or something in it, as far as that is proven: whole, to be compared. */
export function signersOf({ checks }: Pick<Looked, 'checks'>): readonly string[] {
  const signed = checks.filter(({ id, result }) => id.endsWith('.signature') && result === 'pass')
  return [...new Set(signed.map(({ found }) => found))]
}

/** Digits that tell a key from others; never to compare. */
const shortHex = (text: string): string => text.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…')

/** The heading: whether it is whole, and by whom it is signed; or the worst that was found. */
export function lookedHeading({ outcome, checks }: Pick<Looked, 'outcome' | 'checks'>): string {
  const by = signersOf({ checks })
  if (outcome === 'failed' || outcome === 'refused') {
    const [worst] = worstFirst(checks)
    return `Refused: ${worst === undefined ? 'it did not pass' : plainly(worst)}`
  }
  if (outcome === 'not-checked') {
    const why = checks.find(({ result }) => result === 'not-checked')
    const some = by.length > 0 ? 'not everything in it is vouched for' : unknown[why?.reason ?? '']
    return `Not checked: ${some ?? titleOf(why?.id ?? '')}`
  }
  const who = by.length === 0 ? 'nobody was asked who made it' : `signed by ${shortHex(by.join('; '))}`
  const whole = checks.some(({ id, result }) => id === 'container.sums' && result === 'pass')
  return whole ? `Whole by its own sums; ${who}` : `${who.slice(0, 1).toUpperCase()}${who.slice(1)}`
}

const containers: Readonly<Record<NonNullable<Looked['container']>, string>> = {
  folder: 'a folder',
  tar: 'a tar',
  'tar.gz': 'a tar with gzip',
  'tar.zst': 'a tar with zstd',
  file: 'a file',
  registry: 'in a registry',
}

/** Formats that say no more than what it is packed as. */
const plain: readonly string[] = ['tar', 'file', 'registry']

/** What it is and what it holds, in a line; empty where that is not known. */
export function lookedMeans(looked: Looked): string {
  const { format, container, items, files, filesLeftOut } = looked
  if (format === null || container === null) return ''
  const kinds = [...new Set(items.map(({ kind }) => kind))]
  const holds = holdsWords(
    kinds.map((kind) => ({ kind, count: items.filter((item) => item.kind === kind).length })),
    files.length + filesLeftOut,
  )
  const called = formatWords(format).replace(/^An? /, (article) => article.toLowerCase())
  const what = [...(plain.includes(format) ? [] : [called]), containers[container]]
  return `${what.join(', ')}, ${size(looked.size)}${holds === '' ? '' : `, with ${holds}`}.`
}

/** A digest that tells a row from others; never to compare. */
export const shortDigest = (digest: string): string => `${digest.slice('sha256:'.length).slice(0, 12)}…`

/** What speaks for an item, in a few words. */
export function speaksFor({ evidence }: Pick<LookedItem, 'evidence'>): string {
  const proven = evidence.filter(({ result }) => result === 'proven').length
  return evidence.length === 0 ? 'none' : `${proven} of ${evidence.length} proven`
}

/** Why nothing came of what was dropped. */
export function droppedWords(count: number): string {
  return count > 1
    ? 'Drop one file or folder at a time.'
    : 'That is no file or folder of this computer. Choose it instead.'
}

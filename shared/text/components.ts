import type { Change, ChangeKind, Doubt, DoubtCode, ItemComponents } from '../components.ts'

/** What happened to a package, in a word. */
export const changeWords: Readonly<Record<ChangeKind, string>> = {
  bytes: 'same version, other bytes',
  added: 'added',
  changed: 'other version',
  removed: 'removed',
  licences: 'other licence',
  unsaid: 'nobody can say',
}

const documents = (count: number): string =>
  count === 1 ? '1 bill of materials' : `${count} bills of materials`
const times = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

const words: Readonly<Record<DoubtCode, (count: number) => string>> = {
  'no-document': () => 'no bill of materials',
  'nobody-known': (count) => `${documents(count)} that nobody known signed: not compared`,
  bad: (count) => `${documents(count)} that somebody known contradicts: not compared`,
  'too-large': (count) => `${documents(count)} too large to compare`,
  unreadable: (count) => `${documents(count)} that cannot be read`,
  gone: (count) => `${times(count, 'piece', 'pieces')} of evidence no longer here`,
  'not-found': () => 'too many earlier bundles to look through',
  'about-another': (count) => `${documents(count)} that name another thing inside`,
  'repeated-ids': (count) => `${times(count, 'id stands', 'ids stand')} twice`,
  'entries-unread': (count) => `${times(count, 'entry', 'entries')} that cannot be read`,
  'without-purl': (count) => `${times(count, 'component', 'components')} without a package URL`,
  'other-documents': () =>
    'not the same kinds of documents: what one lists and another does not may be their tools',
  'too-many': (count) => `${documents(count)} more than are compared in one go`,
}

const sides = { before: 'Before: ', now: 'Now: ', both: '' } as const

/** Why a comparison does not say everything. */
export const doubtWords = ({ side, code, count }: Doubt): string => `${sides[side]}${words[code](count)}`

const kinds: readonly (readonly [ChangeKind, string])[] = [
  ['bytes', 'with other bytes under the same version'],
  ['added', 'added'],
  ['changed', 'changed'],
  ['removed', 'removed'],
  ['licences', 'with another licence'],
  ['unsaid', 'nobody can say'],
]

/** How much changed: `2 added, 1 removed`. */
export function countWords({ counts }: Pick<ItemComponents, 'counts'>): string {
  return kinds.flatMap(([kind, said]) => (counts[kind] > 0 ? [`${counts[kind]} ${said}`] : [])).join(', ')
}

/** What a comparison comes to. Only where everything was compared it says that nothing changed. */
export function answerWords(
  item: Pick<ItemComponents, 'answer' | 'counts' | 'doubts' | 'documents'>,
): string {
  const isCompared = (['before', 'now'] as const).every((side) =>
    item.documents.some((one) => one.side === side && one.compared),
  )
  const more = item.doubts.length === 0 ? '' : '; not all could be compared'
  switch (item.answer) {
    case 'new':
      return 'New: nothing earlier to compare with'
    case 'identical': {
      const said = countWords(item)
      return `The very same item, byte for byte${said === '' ? '' : `; its documents differ: ${said}`}`
    }
    case 'same':
      return 'The same packages, versions and licences'
    case 'differs':
      return `${countWords(item)}${more}`
    case 'not-known':
      return isCompared
        ? 'No difference in what could be compared; not all could be'
        : 'Not known what changed inside'
  }
}

const listOf = (found: readonly string[]): string => (found.length === 0 ? 'not said' : found.join(', '))

/** One package: what it was and is. */
export function changeLine({ kind, purl, before, now }: Change): string {
  const what = `${changeWords[kind]}: ${purl}`
  if (kind === 'added') return `${what} ${listOf(now)}`
  if (kind === 'removed') return `${what} ${listOf(before)}`
  return `${what}: ${listOf(before)} → ${listOf(now)}`
}

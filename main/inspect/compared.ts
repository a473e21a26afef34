import {
  changeKinds,
  type Against,
  type Doubt,
  type DoubtCode,
  type ItemComponents,
} from '../../shared/components.ts'
import type { Digest } from '../../shared/digest.ts'
import type { Assessed } from '../evidence/assess.ts'
import type { Bill } from '../evidence/sbom/component.ts'
import { sbomKind } from '../evidence/sbom/read.ts'
import { summaryOf } from '../evidence/summary.ts'
import { shown } from '../sigstore/refusal.ts'
import { differenceOf, type Difference } from './difference.ts'
import { listedIn, type Listed } from './packages.ts'

/** What speaks for an item on one side of a comparison. */
export interface Side {
  readonly assessed: readonly Assessed[]
  /** Evidence that was carried and is no longer here, or is not what it was. */
  readonly gone: readonly string[]
  /** Bills of materials that were not read, because there are more than are compared in one go. */
  readonly unread: number
}

type Name = 'before' | 'now'

interface Read {
  readonly doubts: readonly Doubt[]
  readonly documents: ItemComponents['documents']
  readonly bills: readonly Bill[]
  readonly listed: Listed
}

const some = 10

const isBill = ({ predicateType }: Assessed): boolean =>
  predicateType !== null && sbomKind(predicateType) !== null

// Only what somebody known signed is compared: anybody can write a list that differs in nothing.
function whyNot({ view, bill }: Assessed): DoubtCode | null {
  if (view.result === 'bad') return 'bad'
  if (view.result === 'unknown') return 'nobody-known'
  if (bill !== null) return null
  return view.unreadable?.code === 'statement.too-large' ? 'too-large' : 'unreadable'
}

// What nobody could read may be a bill of materials as well.
const isOpaque = ({ view, predicateType }: Assessed): boolean =>
  view.result === 'unknown' && view.kind === 'attestation' && predicateType === null

function doubtsOf(side: Name, { gone, unread }: Side, found: readonly Assessed[], listed: Listed): Doubt[] {
  const say = (code: DoubtCode, about: readonly string[], count = about.length): Doubt[] =>
    count === 0 ? [] : [{ side, code, count, about: about.slice(0, some).map((one) => shown(one)) }]
  const where = (code: DoubtCode): Doubt[] =>
    say(
      code,
      found.filter((one) => whyNot(one) === code).map(({ view }) => view.layer),
    )
  const compared = found.filter((one) => whyNot(one) === null)
  const sum = (of: 'unread' | 'repeatedIds'): number =>
    compared.reduce((total, { bill }) => total + (bill?.[of] ?? 0), 0)
  return [
    ...say('no-document', [], found.length + gone.length + unread === 0 ? 1 : 0),
    ...(['bad', 'nobody-known', 'too-large', 'unreadable'] as const).flatMap(where),
    ...say('gone', gone),
    ...say('too-many', [], unread),
    ...say(
      'about-another',
      compared.filter(({ view }) => view.sbom?.describes === 'another').map(({ view }) => view.layer),
    ),
    ...say('repeated-ids', [], sum('repeatedIds')),
    ...say('entries-unread', [], sum('unread')),
    ...say('without-purl', listed.withoutPurl),
  ]
}

function readSide(side: Name, given: Side): Read {
  const found = given.assessed.filter((one) => isBill(one) || isOpaque(one))
  const bills = found.flatMap((one) => (whyNot(one) === null && one.bill !== null ? [one.bill] : []))
  const listed = listedIn(bills)
  const documents = found.map(({ view, bill }) => ({
    ...{ side, blob: view.layer, format: view.sbom?.format ?? null, by: summaryOf(view).signer },
    ...{ components: bill?.components.length ?? 0, compared: bill !== null },
  }))
  return { bills, listed, documents, doubts: doubtsOf(side, given, found, listed) }
}

/** Which kinds of documents speak for how many things: by another tool, other packages are found in the same bytes. */
const kindsOf = ({ documents }: Read): string =>
  documents
    .flatMap(({ compared, format }) => (compared ? [format ?? ''] : []))
    .sort()
    .join()

const noChange = (): Difference => ({
  counts: { bytes: 0, added: 0, changed: 0, removed: 0, licences: 0, unsaid: 0 },
  changes: [],
  left: 0,
})

function answerOf({ counts }: Difference, doubts: readonly Doubt[]): ItemComponents['answer'] {
  if (changeKinds.some((kind) => kind !== 'unsaid' && counts[kind] > 0)) return 'differs'
  return counts.unsaid === 0 && doubts.length === 0 ? 'same' : 'not-known'
}

/** An item, and what is known of where it goes. */
export interface Subject extends Pick<ItemComponents, 'name' | 'kind' | 'destinations'> {
  readonly root: Digest
}

/**
 * What changed inside an item since the last one of its name, by the bills of materials of both.
 *
 * @param before `null` where there is none; `searched`: whether all of what was earlier was looked through
 */
export function compared(
  subject: Subject,
  before: { readonly against: Against; readonly side: Side } | null,
  now: Side,
  searched: boolean,
): ItemComponents {
  const is = readSide('now', now)
  if (before === null) {
    const doubts: Doubt[] = searched ? [] : [{ side: 'before', code: 'not-found', count: 1, about: [] }]
    const answer = searched ? 'new' : 'not-known'
    const { documents } = is
    return {
      ...subject,
      against: null,
      answer,
      ...noChange(),
      changes: [],
      doubts: [...is.doubts, ...doubts],
      documents,
    }
  }
  const was = readSide('before', before.side)
  const other: Doubt[] =
    kindsOf(was) === kindsOf(is) ? [] : [{ side: 'both', code: 'other-documents', count: 1, about: [] }]
  const isComparable = was.bills.length > 0 && is.bills.length > 0
  const difference = isComparable ? differenceOf(was.listed, is.listed) : noChange()
  const doubts = [...is.doubts, ...was.doubts, ...(isComparable ? other : [])]
  const answer = isComparable ? answerOf(difference, doubts) : 'not-known'
  return {
    ...subject,
    against: before.against,
    answer: before.against.root === subject.root ? 'identical' : answer,
    counts: difference.counts,
    changes: [...difference.changes],
    left: difference.left,
    doubts,
    documents: [...is.documents, ...was.documents],
  }
}

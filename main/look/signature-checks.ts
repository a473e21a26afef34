import type { Digest } from '../../shared/digest.ts'
import type { EvidenceSummary } from '../../shared/evidence.ts'
import type { LookedItem } from '../../shared/look.ts'
import { check } from '../../shared/rules/check.ts'
import type { Check, NotAsked } from '../../shared/verdict.ts'
import type { Tree } from '../archive/tree.ts'
import type { BlobReader } from '../evidence/piece.ts'
import type { Contents, ForeignItem, ForeignProblem, Signing } from '../source/foreign/contents.ts'
import { containerSigned, itemSigned, type Signed } from './judge-signatures.ts'
import type { LookTrust } from './look-trust.ts'

/** By what signatures are judged: where files and the bytes of the whole lie, and by whose signature. */
export interface Judging {
  readonly tree: Tree
  readonly whole: BlobReader
  readonly trust: LookTrust
}

/** What the signatures of something by files of its own come to. */
export interface Vouched {
  readonly checks: readonly Check[]
  readonly proven: boolean
  readonly summaries: readonly EvidenceSummary[]
}

/** Of what has no place for a signature. */
export const unsigned: Vouched = { checks: [], proven: false, summaries: [] }

type Asked = 'container.signature' | 'item.signature'

/** What signatures come to: proven by somebody, by nobody that was named, or nothing to ask. */
export function signatureCheck(id: Asked, subject: string, signed: Signed, named: boolean): Check | null {
  const expected = named ? 'a signature by a key or root that was named' : 'a signature by somebody known'
  if (signed.by.length > 0 && signed.bad.length === 0) {
    return check(id, 'pass', { subject, expected, found: signed.by.join('; ') })
  }
  const found = [...signed.bad, ...signed.unknown].join('; ')
  if (signed.bad.length > 0) return check(id, 'fail', { subject, expected, found, reason: 'bad' })
  if (signed.summaries.length > 0) {
    const reason = named ? 'another-key' : 'nobody-known'
    return check(id, named ? 'fail' : 'not-checked', { subject, expected, found, reason })
  }
  return named
    ? check(id, 'not-checked', { subject, expected, found: 'no signature', reason: 'unsigned' })
    : null
}

/** Judges the signatures of something by files of its own, and what it says of being signed. */
export async function vouched(
  id: Asked,
  subject: string,
  { contradicts, signatures }: Signing,
  { tree, whole, trust }: Judging,
): Promise<Vouched> {
  const checks: Check[] = []
  if (contradicts !== null) checks.push(check(id, 'fail', { subject, ...contradicts }))
  const signed = await containerSigned(signatures, tree, whole, trust)
  const made = signatureCheck(id, subject, signed, trust.named)
  if (made !== null) checks.push(made)
  const proven = checks.length > 0 && checks.every((one) => one.result === 'pass')
  return { checks, proven, summaries: signed.summaries }
}

interface Own {
  readonly vouched: ReadonlyMap<ForeignItem, Vouched>
  /** Items that are signed to their last byte. */
  readonly covered: ReadonlySet<Digest>
  /** What is wrong with those that nobody signed. */
  readonly problems: readonly ForeignProblem[]
}

/** Signatures of items that have files of their own for them. */
async function ownSignatures(items: readonly ForeignItem[], judging: Judging): Promise<Own> {
  const found = new Map<ForeignItem, Vouched>()
  const covered = new Set<Digest>()
  const problems: ForeignProblem[] = []
  for (const item of items) {
    const { signing } = item
    if (signing === undefined || signing === 'whole') continue
    const made = await vouched('item.signature', item.name ?? item.digest, signing, judging)
    found.set(item, made)
    if (made.proven && signing.reaches === null) covered.add(item.digest)
    if (!made.proven) problems.push(...(signing.unlessProven ?? []))
  }
  return { vouched: found, covered, problems }
}

interface Items {
  readonly items: LookedItem[]
  readonly checks: Check[]
  readonly notAsked: NotAsked[]
  readonly problems: readonly ForeignProblem[]
}

/** Asks of each item who signed it, unless that is known of the whole, or of what it is a part of. */
export async function itemChecks(contents: Contents, whole: Vouched, judging: Judging): Promise<Items> {
  const { blobs, itemsSigned, signing } = contents
  const all = whole.proven && signing?.reaches === null
  const own = await ownSignatures(contents.items, judging)
  const checks: Check[] = []
  const items: LookedItem[] = []
  for (const item of contents.items) {
    const byFiles = item.signing === 'whole' ? whole : own.vouched.get(item)
    const signed = await signedBy(item, blobs, judging.trust)
    items.push(viewOf(item, [...(byFiles?.summaries ?? []), ...signed.summaries]))
    if (item.signing !== 'whole') {
      // That nobody signed a part of what somebody signed is no question.
      checks.push(...(byFiles?.checks ?? []).filter(({ result }) => !all || result !== 'not-checked'))
    }
    const covered = all || byFiles !== undefined || (item.partOf ?? []).some((one) => own.covered.has(one))
    if (!itemsSigned || (covered && signed.summaries.length === 0)) continue
    const made = signatureCheck('item.signature', item.name ?? item.digest, signed, judging.trust.named)
    if (made !== null) checks.push(made)
  }
  const reason = all ? 'covered' : itemsSigned && items.length > 0 ? 'nobody-named' : 'no-items'
  const notAsked: NotAsked[] = checks.length === 0 ? [{ id: 'item.signature', reason }] : []
  return { items, checks, notAsked, problems: own.problems }
}

function signedBy(item: ForeignItem, blobs: Contents['blobs'], trust: LookTrust): Promise<Signed> {
  if (blobs !== null) return itemSigned(item, blobs, trust)
  return Promise.resolve({ summaries: [], by: [], bad: [], unknown: [] })
}

function viewOf(item: ForeignItem, evidence: LookedItem['evidence']): LookedItem {
  const { kind, name, version, digest, mediaType, size, references, platforms } = item
  const texts = { references: [...references], platforms: [...platforms] }
  return { kind, name, version, digest, mediaType, size, ...texts, evidence }
}

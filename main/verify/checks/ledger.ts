import type { Digest } from '../../../shared/digest.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import { deskIdOf } from '../../bundle/waybill.ts'
import { readCheckpoint } from '../../ledger/checkpoint.ts'
import { isConsistent, type Head } from '../../ledger/merkle.ts'
import { readSpki } from '../../sigstore/public-key.ts'
import type { CheckList } from '../check.ts'
import type { HeadProof, SeenHead } from '../types.ts'

function proves(earlier: Head, later: Head, proofs: readonly HeadProof[]): 'yes' | 'no' | 'none' {
  if (earlier.size === later.size) return earlier.root.equals(later.root) ? 'yes' : 'no'
  const proof = proofs.find((one) => one.size === earlier.size)
  if (proof === undefined) return 'none'
  const hashes = proof.hashes.map((hash) => Buffer.from(hash, 'base64'))
  const same = proof.root === earlier.root.toString('base64')
  return same && isConsistent(earlier, later, hashes) ? 'yes' : 'no'
}

type Answer = 'yes' | 'no' | 'none'

/** A head and the proofs that its waybill brought. */
interface Anchor {
  readonly head: Head
  readonly proofs: readonly HeadProof[]
}

/**
 * Holds older heads against `newest`, from the newest of them down. A waybill brings proofs for some of the heads before
 * it; those still earlier are joined through the oldest waybill that was proven on the way, because the beginning of a
 * beginning is a beginning. So a long history costs few waybills to read.
 */
async function olderAnswers(newest: Anchor, older: readonly SeenHead[]): Promise<Answer[]> {
  const answers: Answer[] = []
  let anchor = newest
  let proven: SeenHead | null = null
  for (const one of older) {
    let answer = proves(one.head, anchor.head, anchor.proofs)
    if (answer === 'none' && proven !== null) {
      anchor = { head: proven.head, proofs: await proven.proofs() }
      proven = null
      answer = proves(one.head, anchor.head, anchor.proofs)
    }
    if (answer === 'yes') proven = one
    answers.push(answer)
  }
  return answers
}

const subject = 'the sender’s ledger'

/** Passes that are listed one by one; the heads beyond are told in one line. */
const told = 64

interface Judged {
  readonly one: SeenHead
  readonly answer: Answer
  /** Only a newer head needs a proof, from the newest head known; what else has none is told. */
  readonly needed: boolean
}

function judge(judged: readonly Judged[], size: number, list: CheckList): void {
  let passed = 0
  let untold = 0
  for (const { one, answer, needed } of judged) {
    const expected = `a proof that joins the heads of ${one.head.size} and ${size} events`
    if (answer === 'yes') {
      passed += 1
      if (passed <= told) list.pass('ledger.consistency', subject, expected)
    } else if (answer === 'no') {
      list.fail('ledger.consistency', subject, expected, 'a proof that does not hold')
    } else if (needed) {
      const about = { subject, expected, found: 'no such proof', reason: 'no-proof' } as const
      list.add('ledger.consistency', 'not-checked', about)
    } else untold += 1
  }
  if (passed > told) {
    const expected = `proofs that join ${passed - told} earlier heads, through the bundles between`
    list.pass('ledger.consistency', subject, expected)
  }
  if (untold > 0) {
    const expected = `proofs that join ${size} events with every head seen here`
    const found = `no proof for ${untold} of ${judged.length} heads; none is needed for these`
    list.add('ledger.consistency', 'warn', { subject, expected, found, reason: 'not-needed' })
  }
}

/**
 * The sender’s ledger head of this waybill against those that earlier waybills showed here. An inconsistent proof is
 * `fail`. Only a newer head needs a proof, from the newest head known, and without it is `not-checked`; an older one is
 * held against the proofs of later waybills, else told. Where no waybill of this sender was seen, nothing is asked.
 *
 * @param ended what ended the chain of heads that this desk knew: a raise of an epoch, which is said loudly
 */
export async function checkLedger(
  waybill: Waybill,
  digest: Digest,
  seen: readonly SeenHead[],
  list: CheckList,
  ended: string | null = null,
): Promise<void> {
  const sender = deskIdOf(waybill.sender)
  const others = seen.filter((one) => one.waybill !== digest)
  const station = readSpki(Buffer.from(waybill.sender.station, 'base64'))
  const head = readCheckpoint(waybill.ledger.checkpoint, sender, station)
  if (head === null) {
    const expected = 'a head signed by the sender’s station'
    list.fail('ledger.consistency', subject, expected, 'something else', 'head')
    return
  }
  if (others.length === 0 && ended !== null) {
    const expected = 'a ledger that continues what earlier bundles showed'
    const found = `the chain of heads ended here with ${ended}; it begins anew at ${head.size} events`
    list.add('ledger.consistency', 'warn', { subject, expected, found, reason: 'epoch-raised' })
    return
  }
  if (others.length === 0) {
    list.skip(['ledger.consistency'], 'none-seen')
    return
  }
  const older = others.filter((one) => one.head.size <= head.size).sort((a, b) => b.head.size - a.head.size)
  const newer = others.filter((one) => one.head.size > head.size)
  const newest = Math.max(...others.map((one) => one.head.size))
  const answers = await olderAnswers({ head, proofs: waybill.ledger.proofs }, older)
  const judged = older.map((one, i): Judged => {
    return { one, answer: answers[i] ?? 'none', needed: one.head.size === newest }
  })
  for (const one of newer) {
    judged.push({ one, answer: proves(head, one.head, await one.proofs()), needed: false })
  }
  judge(judged, head.size, list)
}

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

function judge(answers: readonly Answer[], heads: readonly SeenHead[], size: number, list: CheckList): void {
  let passed = 0
  for (const [i, { head }] of heads.entries()) {
    const expected = `a proof that joins the heads of ${head.size} and ${size} events`
    const answer = answers[i] ?? 'none'
    if (answer === 'yes') {
      passed += 1
      if (passed <= told) list.pass('ledger.consistency', subject, expected)
    } else if (answer === 'no') {
      list.fail('ledger.consistency', subject, expected, 'a proof that does not hold')
    } else {
      const about = { subject, expected, found: 'no such proof', reason: 'no-proof' } as const
      list.add('ledger.consistency', 'not-checked', about)
    }
  }
  if (passed > told) {
    const expected = `proofs that join ${passed - told} earlier heads, through the bundles between`
    list.pass('ledger.consistency', subject, expected)
  }
}

/**
 * The sender’s ledger head of this waybill against those that earlier waybills showed here. An inconsistent proof is
 * `fail`, a missing one `not-checked`; where no waybill of this sender was seen, nothing is asked.
 */
export async function checkLedger(
  waybill: Waybill,
  digest: Digest,
  seen: readonly SeenHead[],
  list: CheckList,
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
  if (others.length === 0) {
    list.skip(['ledger.consistency'], 'none-seen')
    return
  }
  const older = others.filter((one) => one.head.size <= head.size).sort((a, b) => b.head.size - a.head.size)
  const newer = others.filter((one) => one.head.size > head.size)
  const answers = await olderAnswers({ head, proofs: waybill.ledger.proofs }, older)
  for (const one of newer) answers.push(proves(head, one.head, await one.proofs()))
  judge(answers, [...older, ...newer], head.size, list)
}

import type { Digest } from '../../../shared/digest.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import { deskIdOf } from '../../bundle/waybill.ts'
import { readCheckpoint } from '../../ledger/checkpoint.ts'
import { isConsistent, type Head } from '../../ledger/merkle.ts'
import { readSpki } from '../../sigstore/public-key.ts'
import type { CheckList } from '../check.ts'
import type { SeenHead } from '../types.ts'

interface Proof {
  readonly size: number
  readonly root: string
  readonly hashes: readonly string[]
}

function proves(earlier: Head, later: Head, proofs: readonly Proof[]): 'yes' | 'no' | 'none' {
  if (earlier.size === later.size) return earlier.root.equals(later.root) ? 'yes' : 'no'
  const proof = proofs.find((one) => one.size === earlier.size)
  if (proof === undefined) return 'none'
  const hashes = proof.hashes.map((hash) => Buffer.from(hash, 'base64'))
  const same = proof.root === earlier.root.toString('base64')
  return same && isConsistent(earlier, later, hashes) ? 'yes' : 'no'
}

/**
 * The sender's ledger head of this waybill against those that earlier waybills showed here. An inconsistent proof is
 * `fail`, a missing one `not-checked`; where no waybill of this sender was seen, nothing is asked.
 */
export function checkLedger(
  waybill: Waybill,
  digest: Digest,
  seen: readonly SeenHead[],
  list: CheckList,
): void {
  const sender = deskIdOf(waybill.sender)
  const others = seen.filter((one) => one.waybill !== digest)
  const head = readCheckpoint(
    waybill.ledger.checkpoint,
    sender,
    readSpki(Buffer.from(waybill.sender.station, 'base64')),
  )
  const subject = 'the sender’s ledger'
  if (head === null) {
    list.fail(
      'ledger.consistency',
      subject,
      'a head signed by the sender’s station',
      'something else',
      'head',
    )
    return
  }
  if (others.length === 0) {
    list.skip(['ledger.consistency'], 'none-seen')
    return
  }
  for (const one of others) {
    const older = one.head.size <= head.size
    const result = older ? proves(one.head, head, waybill.ledger.proofs) : proves(head, one.head, one.proofs)
    const expected = `a proof that joins the heads of ${one.head.size} and ${head.size} events`
    if (result === 'yes') list.pass('ledger.consistency', subject, expected)
    else if (result === 'no') list.fail('ledger.consistency', subject, expected, 'a proof that does not hold')
    else
      list.add('ledger.consistency', 'not-checked', {
        subject,
        expected,
        found: 'no such proof',
        reason: 'no-proof',
      })
  }
}

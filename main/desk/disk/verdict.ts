import type { Digest } from '../../../shared/digest.ts'
import { outcomeOf, zVerdict, type Outcome, type Verdict } from '../../../shared/verdict.ts'
import { Failure } from '../../platform/failure.ts'
import { digestOf } from '../../platform/hash.ts'
import { parseCanonical } from '../../platform/json.ts'

/**
 * A verdict from a file of the desk, held against what the ledger recorded of it: its digest and its outcome.
 *
 * @throws Failure `desk-damaged`
 */
export function verdictAsRecorded(bytes: Buffer, digest: Digest, recorded: Outcome): Verdict {
  const found = digestOf(bytes)
  if (found !== digest) throw new Failure('desk-damaged', { expected: `verdict ${digest}`, found })
  const verdict = zVerdict.parse(parseCanonical(bytes))
  // What a file states of itself is a claim as well: it must be what its checks amount to, and what was recorded.
  const outcome = outcomeOf(verdict.checks)
  if (outcome === verdict.outcome && outcome === recorded) return verdict
  throw new Failure('desk-damaged', {
    expected: `verdict ${digest}: ${outcome}`,
    found: `${verdict.outcome}, recorded as ${recorded}`,
  })
}

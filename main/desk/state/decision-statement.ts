import { z } from 'zod'
import type { Digest } from '../../../shared/digest.ts'
import { zBase64, zDigest, zHex64, zName, zRole, zSize, zText, zTime } from '../../../shared/schema.ts'
import { decisionOutcomes } from '../../../shared/views.ts'
import { waybillSubject } from '../../bundle/signature-lines.ts'
import { canonical } from '../../platform/json.ts'
import { signStatement, type Signer } from '../../sign/signer.ts'
import { EnvelopeError, envelopeVerifies, parseEnvelope } from '../../sigstore/envelope.ts'
import { readSpki } from '../../sigstore/public-key.ts'
import { parseStatement } from '../../sigstore/statement.ts'
import type { Person } from './entries.ts'

export const decisionPredicate = 'urn:sallyport:decision:v1'

const zPredicate = z.strictObject({
  outcome: z.enum(decisionOutcomes),
  person: zName,
  roles: z.array(zRole),
  desk: zHex64,
  reason: zText.nullable(),
  causes: z.array(zDigest),
  verdict: zDigest,
  policy: zDigest,
  ledger: z.strictObject({ size: zSize, root: zBase64 }),
  time: zTime,
})

/** What somebody signs who decides: everything the event says, and the ground it was said on. */
export type DecisionClaim = z.output<typeof zPredicate>

const subjectsOf = (waybill: Digest, verdict: Digest) => [
  waybillSubject(waybill),
  { name: 'verdict.json', digest: verdict },
]

/** One person's half of a decision, as the canonical line that the ledger keeps. */
export async function signDecision(signer: Signer, waybill: Digest, claim: DecisionClaim): Promise<string> {
  const line = await signStatement(signer, subjectsOf(waybill, claim.verdict), decisionPredicate, claim)
  return line.toString('utf8')
}

/**
 * Why a line is not this person's statement of this half of a decision; `null` when it is.
 *
 * @param claim what the event says; the head that the statement names is held against `rootAt`
 */
export function problemOfDecision(
  line: string | undefined,
  waybill: Digest,
  claim: Omit<DecisionClaim, 'ledger'>,
  person: Person,
  rootAt: (size: number) => Buffer | null,
): string | null {
  if (line === undefined) return 'no statement'
  try {
    const envelope = parseEnvelope(Buffer.from(line, 'utf8'))
    if (!envelopeVerifies(envelope, readSpki(Buffer.from(person.key, 'base64')))) {
      return `a signature that the key of ${person.id} did not make`
    }
    const { subjects, predicate } = parseStatement(envelope.payload, decisionPredicate, zPredicate)
    if (!canonical(subjects).equals(canonical(subjectsOf(waybill, claim.verdict)))) {
      return 'a statement about another waybill or verdict'
    }
    const { ledger, ...said } = predicate
    if (!canonical(said).equals(canonical(claim)))
      return 'a statement that says something else than its event'
    return rootAt(ledger.size)?.toString('base64') === ledger.root ? null : 'a statement over another ledger'
  } catch (error) {
    return error instanceof EnvelopeError ? error.message : 'a statement that cannot be read'
  }
}

import { z } from 'zod'
import type { Digest } from '../../../shared/digest.ts'
import { zBase64, zDigest, zHex64, zName, zRole, zSize, zText, zTime } from '../../../shared/schema.ts'
import { decisionOutcomes } from '../../../shared/views.ts'
import { waybillSubject } from '../../bundle/signature-lines.ts'
import { canonical } from '../../platform/json.ts'
import { signStatement, type Signer } from '../../sign/signer.ts'
import { EnvelopeError, envelopeVerifies, parseEnvelope } from '../../sigstore/envelope.ts'
import { parseStatement } from '../../sigstore/statement.ts'
import type { Person } from './entries.ts'
import { keyOf } from './key-of.ts'

/** What every act over a verdict says of who, on which ground, when. */
const zGround = {
  person: zName,
  roles: z.array(zRole),
  desk: zHex64,
  verdict: zDigest,
  policy: zDigest,
  ledger: z.strictObject({ size: zSize, root: zBase64 }),
  time: zTime,
}

const predicates = {
  'urn:sallyport:decision:v1': z.strictObject({
    ...zGround,
    outcome: z.enum(decisionOutcomes),
    reason: zText.nullable(),
    causes: z.array(zDigest),
  }),
  'urn:sallyport:override:v1': z.strictObject({
    ...zGround,
    check: z.string(),
    subject: z.string().nullable(),
    until: zTime,
    reason: zText,
  }),
} as const

type PredicateType = keyof typeof predicates
/** What somebody signs: everything the event says, and the ground it was said on. */
export type Claim<Type extends PredicateType> = z.output<(typeof predicates)[Type]>

const subjectsOf = (waybill: Digest, verdict: Digest) => [
  waybillSubject(waybill),
  { name: 'verdict.json', digest: verdict },
]

/** One person's act over a verdict, as the canonical line that the ledger keeps. */
export async function signOverVerdict<Type extends PredicateType>(
  signer: Signer,
  waybill: Digest,
  type: Type,
  claim: Claim<Type>,
): Promise<string> {
  const line = await signStatement(signer, subjectsOf(waybill, claim.verdict), type, claim)
  return line.toString('utf8')
}

/**
 * Why a line is not this person's statement of this act over a verdict; `null` when it is.
 *
 * @param claim what the event says; the head that the statement names is held against `rootAt`
 */
export function problemOverVerdict<Type extends PredicateType>(
  line: string | undefined,
  waybill: Digest,
  type: Type,
  claim: Omit<Claim<Type>, 'ledger'> & { readonly verdict: Digest },
  person: Person,
  rootAt: (size: number) => Buffer | null,
): string | null {
  if (line === undefined) return 'no statement'
  try {
    const envelope = parseEnvelope(Buffer.from(line, 'utf8'))
    if (!envelopeVerifies(envelope, keyOf(person))) {
      return `a signature that the key of ${person.id} did not make`
    }
    const { subjects, predicate } = parseStatement(envelope.payload, type, predicates[type])
    if (!canonical(subjects).equals(canonical(subjectsOf(waybill, claim.verdict)))) {
      return 'a statement about another waybill or verdict'
    }
    const { ledger, ...said } = predicate as { readonly ledger: Claim<Type>['ledger'] }
    if (!canonical(said).equals(canonical(claim)))
      return 'a statement that says something else than its event'
    return rootAt(ledger.size)?.toString('base64') === ledger.root ? null : 'a statement over another ledger'
  } catch (error) {
    return error instanceof EnvelopeError ? error.message : 'a statement that cannot be read'
  }
}

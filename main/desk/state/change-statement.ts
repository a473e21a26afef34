import { z } from 'zod'
import { zDigest, zHex64, zName, zTime } from '../../../shared/schema.ts'
import { canonical } from '../../platform/json.ts'
import { signStatement, type Signer } from '../../sign/signer.ts'
import { EnvelopeError, envelopeVerifies, parseEnvelope } from '../../sigstore/envelope.ts'
import { parseStatement } from '../../sigstore/statement.ts'
import { changeDigest, zChange, type ChangeDocument } from './change.ts'
import type { Person } from './entries.ts'
import { keyOf } from './key-of.ts'

export const changePredicate = 'urn:sallyport:desk-change:v1'
const subjectName = 'desk-change.json'

const zPredicate = z.strictObject({
  act: z.enum(['sign', 'withdraw']),
  desk: zHex64,
  number: z.number().int().min(1),
  version: z.number().int().min(1),
  before: zDigest,
  change: zChange,
  person: zName,
  time: zTime,
})
type Act = z.infer<typeof zPredicate>['act']

interface Claim {
  readonly act: Act
  readonly document: ChangeDocument
  readonly person: string
  readonly time: string
}

const predicateOf = ({ act, document, person, time }: Claim): object => ({ ...document, act, person, time })

/** An officer's statement about a change, as the canonical line that the ledger keeps. */
export async function signChange(signer: Signer, claim: Claim): Promise<string> {
  const subjects = [{ name: subjectName, digest: changeDigest(claim.document) }]
  return (await signStatement(signer, subjects, changePredicate, predicateOf(claim))).toString('utf8')
}

function checkStatement(line: string, claim: Claim, officer: Person): void {
  const envelope = parseEnvelope(Buffer.from(line, 'utf8'))
  if (!envelopeVerifies(envelope, keyOf(officer))) {
    throw new EnvelopeError(`a signature that the key of ${officer.id} did not make`)
  }
  const { subjects, predicate } = parseStatement(envelope.payload, changePredicate, zPredicate)
  const [subject] = subjects
  const same = subjects.length === 1 && subject?.name === subjectName
  if (!same || subject.digest !== changeDigest(claim.document)) {
    throw new EnvelopeError('a statement about another change')
  }
  if (!canonical(predicate).equals(canonical(predicateOf(claim)))) {
    throw new EnvelopeError('a statement that says something else than its event')
  }
}

/**
 * Why a line is not this officer's statement about this change; `null` when it is.
 */
export function problemOfStatement(line: string | undefined, claim: Claim, officer: Person): string | null {
  if (line === undefined) return 'no statement'
  try {
    checkStatement(line, claim, officer)
    return null
  } catch (error) {
    return error instanceof EnvelopeError ? error.message : 'a statement that cannot be read'
  }
}

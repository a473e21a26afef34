import { z } from 'zod'
import { zDigest, zHex64, zName, zTime } from '../../../shared/schema.ts'
import { canonical } from '../../platform/json.ts'
import { signStatement, type Signer } from '../../sign/signer.ts'
import { changeDigest, zChange, type ChangeDocument } from './change.ts'
import type { Person } from './entries.ts'
import { problemOfStatement, saysElse } from './statement.ts'

export const changePredicate = 'urn:sallyport:desk-change:v1'

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

const subjectsOf = ({ document }: Claim) => [{ name: 'desk-change.json', digest: changeDigest(document) }]
const predicateOf = ({ act, document, person, time }: Claim): object => ({ ...document, act, person, time })

/** An officer's statement about a change, as the canonical line that the ledger keeps. */
export async function signChange(signer: Signer, claim: Claim): Promise<string> {
  const line = await signStatement(signer, subjectsOf(claim), changePredicate, predicateOf(claim))
  return line.toString('utf8')
}

/** Why a line is not this officer's statement about this change; `null` when it is. */
export function problemOfChange(line: string | undefined, claim: Claim, officer: Person): string | null {
  const expected = {
    type: changePredicate,
    shape: zPredicate,
    subjects: subjectsOf(claim),
    about: 'another change',
    differs: (said: object) => (canonical(said).equals(canonical(predicateOf(claim))) ? null : saysElse),
  }
  return problemOfStatement(line, expected, officer)
}

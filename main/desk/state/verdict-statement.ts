import { z } from 'zod'
import type { Digest } from '../../../shared/digest.ts'
import { zBase64, zDigest, zHex64, zName, zRole, zSize, zKeptText, zTime } from '../../../shared/schema.ts'
import { decisionOutcomes } from '../../../shared/views.ts'
import { waybillSubject } from '../../bundle/signature-lines.ts'
import { canonical } from '../../platform/json.ts'
import { signStatement, type Signer } from '../../sign/signer.ts'
import type { Person } from './entries.ts'
import { problemOfStatement, saysElse } from './statement.ts'

/** What every act over a verdict says of who, on which ground, when. */
const zGround = z.strictObject({
  person: zName,
  roles: z.array(zRole),
  desk: zHex64,
  verdict: zDigest,
  policy: zDigest,
  ledger: z.strictObject({ size: zSize, root: zBase64 }),
  time: zTime,
})

const predicates = {
  'urn:sallyport:decision:v1': z.strictObject({
    ...zGround.shape,
    outcome: z.enum(decisionOutcomes),
    reason: zKeptText.nullable(),
    causes: z.array(zDigest),
  }),
  'urn:sallyport:override:v1': z.strictObject({
    ...zGround.shape,
    check: z.string(),
    subject: z.string().nullable(),
    until: zTime,
    reason: zKeptText,
  }),
  /** Over what was sealed for a target: each name with its digest, as one digest. */
  'urn:sallyport:landing:v1': z.strictObject({
    ...zGround.shape,
    target: z.string(),
    seals: zDigest,
    count: zSize,
  }),
} as const

export type PredicateType = keyof typeof predicates
/** What somebody signs: everything the event says, and the ground it was said on. */
export type Claim<Type extends PredicateType> = z.output<(typeof predicates)[Type]>

/** The same for every act: all but the head, which only the statement names. */
export type Ground = Omit<z.output<typeof zGround>, 'ledger'>
/** What an act says besides its ground. */
export type OwnClaim<Type extends PredicateType> = Omit<Claim<Type>, keyof z.output<typeof zGround>>

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
 * @param own what the event says, on this ground; the head that the statement names is held against `rootAt`
 */
export function problemOverVerdict<Type extends PredicateType>(
  line: string | undefined,
  waybill: Digest,
  type: Type,
  own: OwnClaim<Type>,
  ground: Ground,
  person: Person,
  rootAt: (size: number) => Buffer | null,
): string | null {
  const expected = {
    type,
    shape: predicates[type],
    subjects: subjectsOf(waybill, ground.verdict),
    about: 'another waybill or verdict',
    differs: (predicate: unknown) => {
      const { ledger, ...said } = predicate as Claim<PredicateType>
      if (!canonical(said).equals(canonical({ ...own, ...ground }))) return saysElse
      return rootAt(ledger.size)?.toString('base64') === ledger.root
        ? null
        : 'a statement over another ledger'
    },
  }
  return problemOfStatement(line, expected, person)
}

import { z } from 'zod'
import { zBase64, zDigest, zHex64, zName, zRole, zSize, zTime } from '../../../shared/schema.ts'
import { digestOf } from '../../platform/hash.ts'
import { canonical } from '../../platform/json.ts'
import { signStatement, type Signer } from '../../sign/signer.ts'
import type { Subject } from '../../sigstore/statement.ts'
import type { Person } from './entries.ts'
import { zMediaAct, type MediaAct } from './media-facts.ts'
import { problemOfStatement, saysElse } from './statement.ts'

const type = 'urn:sallyport:media:v1'

const zSecond = z.strictObject({
  number: z.number().int().min(1),
  first: z.strictObject({ person: zName, fingerprint: zHex64 }),
})
export type SecondHalf = z.infer<typeof zSecond>

/** What somebody signs of an act on the register: the act, who, on which ground, when. */
const zMediaClaim = z.strictObject({
  act: zMediaAct,
  /** Of a second half: the event of the first, and whose that is. */
  second: zSecond.nullable(),
  person: zName,
  roles: z.array(zRole),
  desk: zHex64,
  policy: zDigest,
  ledger: z.strictObject({ size: zSize, root: zBase64 }),
  time: zTime,
})
export type MediaClaim = z.output<typeof zMediaClaim>

const subjectsOf = (act: MediaAct): Subject[] => [
  { name: 'media-act.json', digest: digestOf(canonical(act)) },
]

/** One person's act on the register, as the canonical line that the ledger keeps. */
export async function signMediaAct(signer: Signer, claim: MediaClaim): Promise<string> {
  return (await signStatement(signer, subjectsOf(claim.act), type, claim)).toString('utf8')
}

/**
 * Why a line is not this person's statement of this act; `null` when it is.
 *
 * @param ground what the event says; the head that the statement names is held against `rootAt`
 */
export function problemOfMediaAct(
  line: string | undefined,
  ground: Omit<MediaClaim, 'ledger'>,
  person: Person,
  rootAt: (size: number) => Buffer | null,
): string | null {
  const expected = {
    type,
    shape: zMediaClaim,
    subjects: subjectsOf(ground.act),
    about: 'another act on the register',
    differs: ({ ledger, ...said }: MediaClaim) => {
      if (!canonical(said).equals(canonical(ground))) return saysElse
      return rootAt(ledger.size)?.toString('base64') === ledger.root
        ? null
        : 'a statement over another ledger'
    },
  }
  return problemOfStatement(line, expected, person)
}

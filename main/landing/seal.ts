import type { Digest } from '../../shared/digest.ts'
import { canonical } from '../platform/json.ts'
import { digestOf } from '../platform/hash.ts'
import type { Signer } from '../sign/signer.ts'
import { signedBytes } from '../sigstore/envelope.ts'
import { isStandardForm } from '../sigstore/ecdsa.ts'
import { verifies, type PublicKey } from '../sigstore/public-key.ts'
import { statementBytes } from '../sigstore/statement.ts'

/** Predicate of what cosign 3 signs about an image (`pkg/cosign`, “sign/v1”). */
export const sealPredicate = 'https://sigstore.dev/cosign/sign/v1'

/** A manifest under the name that it has at the target. */
export interface LandedName {
  /** `HOST/PATH`, without tag or digest. */
  readonly repository: string
  readonly digest: Digest
}

/** What a seal is made of: bytes, and what of them is signed. */
export interface ToSeal {
  readonly payload: Buffer
  /** What the signature is over: the payload itself, or its pre-authentication encoding (DSSE). */
  readonly signed: Buffer
}

const asStatement = (payload: Buffer): ToSeal => ({ payload, signed: signedBytes(payload) })

/** The seal of today: a statement that this manifest is admitted under this name. */
export function sealStatement({ repository, digest }: LandedName): ToSeal {
  return asStatement(statementBytes([{ name: repository, digest }], sealPredicate, {}))
}

/**
 * The same in the older form that containers/image reads (“simple signing”; containers-signature(5)): the name is that at
 * the target, or no engine there would take it.
 *
 * @param at when it was accepted; not the minute of the sealing, so that the same acceptance gives the same bytes
 */
export function simpleSeal({ repository, digest }: LandedName, at: string): ToSeal {
  const payload = canonical({
    critical: {
      identity: { 'docker-reference': repository },
      image: { 'docker-manifest-digest': digest },
      type: 'cosign container image signature',
    },
    optional: { creator: 'Sallyport', timestamp: Math.floor(Date.parse(at) / 1000) },
  })
  return { payload, signed: payload }
}

/** A statement of any other type about a landed manifest. */
export function landedStatement(
  { repository, digest }: LandedName,
  predicateType: string,
  predicate: unknown,
): ToSeal {
  return asStatement(statementBytes([{ name: repository, digest }], predicateType, predicate))
}

/** Signatures by one key, each under the digest of what is signed. Kept, and verified before each use. */
export type Signatures = Map<Digest, Buffer>

/** Whether a signature is this key's, over exactly these bytes, in its one standard form. */
export function sealVerifies(key: PublicKey, { signed }: ToSeal, signature: Buffer): boolean {
  return isStandardForm(key.algorithm, signature) && verifies(key, signed, signature)
}

/** The kept signature where it verifies, else `null`: what lies in a folder is never believed. */
export function keptSignature(key: PublicKey, seal: ToSeal, kept: Signatures): Buffer | null {
  const signature = kept.get(digestOf(seal.signed))
  return signature !== undefined && sealVerifies(key, seal, signature) ? signature : null
}

/** Signs what is not signed yet, so that sealing again gives the same seals and nothing is added twice. */
export async function sealWith(signer: Signer, seal: ToSeal, kept: Signatures): Promise<Buffer> {
  const known = keptSignature(signer.key, seal, kept)
  if (known !== null) return known
  const signature = await signer.sign(seal.signed)
  kept.set(digestOf(seal.signed), signature)
  return signature
}

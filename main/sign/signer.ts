import { sign, createPublicKey, type KeyObject } from 'node:crypto'
import { lowS } from '../sigstore/ecdsa.ts'
import { envelopeBytes, signedBytes } from '../sigstore/envelope.ts'
import { algorithmOf, digestFor, readSpki, type PublicKey } from '../sigstore/public-key.ts'
import { statementBytes, type Subject } from '../sigstore/statement.ts'

/** Something that signs: a key file today, a token tomorrow. */
export interface Signer {
  readonly key: PublicKey
  /** The signature over `data`, in the one standard form of the key's algorithm. */
  sign(data: Uint8Array): Buffer
}

/**
 * A signer over a private key in memory.
 *
 * @throws KeyError when the key is none of ours
 */
export function signerOf(privateKey: KeyObject): Signer {
  const algorithm = algorithmOf(privateKey)
  const key = readSpki(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }))
  return {
    key,
    sign: (data) => lowS(algorithm, sign(digestFor(algorithm), data, privateKey)),
  }
}

/** Signs a statement and gives the canonical bytes of its envelope (a Sigstore bundle v0.3), without a line end. */
export function signStatement(
  signer: Signer,
  subjects: readonly Subject[],
  predicateType: string,
  predicate: unknown,
): Buffer {
  const payload = statementBytes(subjects, predicateType, predicate)
  const signature = signer.sign(signedBytes(payload))
  return envelopeBytes({ fingerprint: signer.key.fingerprint, payload, signature })
}

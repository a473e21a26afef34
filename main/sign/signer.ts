import { createHash, createPublicKey, createSign, sign, type KeyObject } from 'node:crypto'
import { Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'
import { lowS } from '../sigstore/ecdsa.ts'
import { envelopeBytes, signedBytes } from '../sigstore/envelope.ts'
import { algorithmOf, digestFor, readSpki, type Algorithm, type PublicKey } from '../sigstore/public-key.ts'
import type { HashName } from '../sigstore/verifier-key.ts'
import { statementBytes, type Subject } from '../sigstore/statement.ts'
import { signDigest } from '../sigstore/ed25519ph.ts'

/** A signature over a file, and the digest of the file that goes with it. */
export interface BlobSignature {
  readonly signature: Buffer
  readonly algorithm: HashName
  readonly digest: Buffer
}

/** A file that is being signed while it is read. */
export interface BlobSigning {
  /** Takes the next piece; the caller may use its memory again. */
  update(piece: Uint8Array): void
  /** Ends it; called once. */
  end(): Promise<BlobSignature>
}

/**
 * Something that signs. Asynchronous, because a token or an agent answers when it answers; a key in memory is only the
 * fastest of them.
 */
export interface Signer {
  readonly key: PublicKey
  /** The signature over `data`, in the one standard form of the key's algorithm. */
  sign(data: Uint8Array): Promise<Buffer>
  /**
   * Begins to sign a file of any size. `logged`: for a log, which takes Ed25519 only as Ed25519ph; else it is the plain
   * form, which needs the whole file in memory.
   */
  begin(logged: boolean): BlobSigning
}

function hashed(key: KeyObject, algorithm: Algorithm, digest: HashName): BlobSigning {
  const signing = createSign(digest)
  const hash = createHash(digest)
  return {
    update: (piece) => {
      signing.update(piece)
      hash.update(piece)
    },
    end: async () => ({
      signature: lowS(algorithm, signing.sign(key)),
      algorithm: digest,
      digest: hash.digest(),
    }),
  }
}

function prehashed(key: KeyObject): BlobSigning {
  const hash = createHash('sha512')
  return {
    update: (piece) => void hash.update(piece),
    end: async () => {
      const digest = hash.digest()
      const secret = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url')
      const signature = signDigest(secret, digest)
      secret.fill(0)
      return { signature, algorithm: 'sha512', digest }
    },
  }
}

function whole(key: KeyObject): BlobSigning {
  const pieces: Uint8Array[] = []
  const hash = createHash('sha256')
  let length = 0
  return {
    update: (piece) => {
      length += piece.length
      if (length > limits.plainEd25519Bytes) {
        throw new Failure('sign-too-large', { expected: limits.plainEd25519Bytes })
      }
      pieces.push(Buffer.from(piece))
      hash.update(piece)
    },
    end: async () => ({
      signature: sign(null, Buffer.concat(pieces), key),
      algorithm: 'sha256',
      digest: hash.digest(),
    }),
  }
}

function isHash(digest: string | null): digest is HashName {
  return digest === 'sha256' || digest === 'sha384' || digest === 'sha512'
}

/**
 * A signer over a private key in memory.
 *
 * @throws KeyError when the key is none of ours
 */
export function signerOf(privateKey: KeyObject): Signer {
  const algorithm = algorithmOf(privateKey)
  const key = readSpki(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }))
  const digest = digestFor(algorithm)
  return {
    key,
    sign: async (data) => lowS(algorithm, sign(digest, data, privateKey)),
    begin: (logged) => {
      if (isHash(digest)) return hashed(privateKey, algorithm, digest)
      return logged ? prehashed(privateKey) : whole(privateKey)
    },
  }
}

/** Signs a statement and gives the canonical bytes of its envelope (a Sigstore bundle v0.3), without a line end. */
export async function signStatement(
  signer: Signer,
  subjects: readonly Subject[],
  predicateType: string,
  predicate: unknown,
): Promise<Buffer> {
  const payload = statementBytes(subjects, predicateType, predicate)
  const signature = await signer.sign(signedBytes(payload))
  return envelopeBytes({ fingerprint: signer.key.fingerprint, payload, signature })
}

import { streamedCheck, type StreamedCheck } from '../ed25519-stream.ts'
import { needsMore, Refusal } from '../refusal.ts'
import type { Statement } from '../subject.ts'
import type { HashName, VerifierKey } from '../verifier-key.ts'

/** What a digest is of: what is signed (its pre-authentication encoding), the payload, or the document as it was published. */
export type DigestOf = 'message' | 'payload' | 'raw-envelope'

/** A payload that went by and is not in memory: everything that a verification asks of it. */
export class LargePayload {
  readonly length: number
  private readonly digests: ReadonlyMap<string, Buffer>
  private readonly signers: ReadonlySet<string>
  private readonly read: Statement | Refusal

  constructor(found: {
    readonly length: number
    readonly digests: ReadonlyMap<string, Buffer>
    /** Fingerprints of the Ed25519 keys whose plain signature fits. */
    readonly signers: ReadonlySet<string>
    readonly statement: Statement | Refusal
  }) {
    this.length = found.length
    this.digests = found.digests
    this.signers = found.signers
    this.read = found.statement
  }

  /** @throws Refusal `artifact.not-whole` where nobody was known to need it */
  digest(of: DigestOf, name: HashName): Buffer {
    const found = this.digests.get(`${of} ${name}`)
    if (found === undefined) throw needsMore(`its ${name}`)
    return found
  }

  /** Whether this Ed25519 key signed it as it is. */
  isSignedBy(key: VerifierKey): boolean {
    return this.signers.has(key.fingerprint)
  }

  /** @throws Refusal `statement.*` */
  statement(): Statement {
    if (this.read instanceof Refusal) throw this.read
    return this.read
  }
}

/** One check of a plain Ed25519 signature for each key that may have made it. */
export function plainChecks(keys: readonly VerifierKey[], signature: Buffer): Map<string, StreamedCheck> {
  const ours = keys.filter((key) => key.kind === 'ed25519')
  return new Map(
    ours.flatMap((key) => {
      const check = streamedCheck(key.spki.subarray(-32), signature)
      return check === null ? [] : [[key.fingerprint, check] as const]
    }),
  )
}

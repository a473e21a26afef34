import { digestOf } from '../platform/hash.ts'
import { canonical } from '../platform/json.ts'
import type { SigningRole } from '../../shared/schema.ts'
import type { Digest } from '../../shared/digest.ts'

/** Somebody of the other side whose signature counts here, within limits. `null` means any. */
export interface TrustedSigner {
  readonly name: string
  /** SHA-256 of the SPKI DER, hex. */
  readonly fingerprint: string
  /** SPKI DER in base64. */
  readonly key: string
  readonly roles: readonly SigningRole[]
  readonly senders: readonly string[] | null
  readonly channels: readonly string[] | null
}

/** `trust/signers.json`: what a desk trusts, as a canonical file; its digest stands in waybills and reports. */
export function trustFile(signers: readonly TrustedSigner[]): Buffer {
  return canonical({ format: 'sallyport.trust/v1', signers })
}

export function trustDigest(signers: readonly TrustedSigner[]): Digest {
  return digestOf(trustFile(signers))
}

import { causeOf, Failure } from '../platform/failure.ts'
import { readKeyFile } from '../sigstore/key-forms.ts'
import { Refusal } from '../sigstore/refusal.ts'
import { UnknownKey, type VerifierKey } from '../sigstore/verifier-key.ts'

/* Keys and roots in files that somebody names: what cannot be read is said to them. */

/** The public key in a file, in whichever everyday form. @throws Failure `key-unreadable` */
export function givenKey(bytes: Buffer): VerifierKey {
  try {
    return readKeyFile(bytes)
  } catch (error) {
    const expected =
      'one public key (PEM, DER, certificate, OpenSSH): ECDSA P-256, P-384 or P-521, RSA 2048, 3072 or 4096, or Ed25519'
    const found = error instanceof UnknownKey ? error.message : causeOf(error)
    throw new Failure('key-unreadable', { expected, found }, error)
  }
}

/** What is told where a trusted root could not be read: Failure `root-form`; anything else as it is. */
export function rootFailure(error: unknown): unknown {
  if (!(error instanceof Refusal)) return error
  return new Failure('root-form', { found: `${error.reason.found} (${error.reason.code})` }, error)
}

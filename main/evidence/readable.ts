import type { Bundle } from '../sigstore/bundle-file.ts'
import type { Ask } from '../sigstore/verify-bundle.ts'

/** Something signed, in the one shape that the core verifies. */
export interface Readable {
  readonly bundle: Bundle
  /** The text that cosign's old signatures sign; `null` where the subject itself, or a statement, is signed. */
  readonly simple: Buffer | null
  /** The envelope as it was published, which old log entries hold a hash of. */
  readonly rawEnvelope: NonNullable<Ask['rawEnvelope']> | null
  /** A signature and nothing beside it: what does not fit is not called false. */
  readonly bare?: true
  /** The whole as JSON of a bundle, for the second verifier; `null` where it is too large for it. */
  json(): unknown
}

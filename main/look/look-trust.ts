import type { PublicKey } from 'openpgp'
import type { EvidenceTrust } from '../evidence/judge.ts'

/** The keys in a keyring of somebody, whose signatures count. */
export interface Keyring {
  readonly keys: readonly PublicKey[]
}

/** By whom signatures are judged, and when. */
export interface LookTrust {
  readonly evidence: EvidenceTrust
  readonly keyrings: readonly Keyring[]
  /** Somebody named keys or roots: whoever else signed does not count. */
  readonly named: boolean
  readonly now: Date
}

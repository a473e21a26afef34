import type { RootDemand } from '../evidence/judge.ts'
import { givenKey, rootFailure } from '../trust/given.ts'
import { readTrustedRoots } from '../sigstore/root-forms.ts'
import type { TrustedRoot } from '../sigstore/trusted-root.ts'
import type { VerifierKey } from '../sigstore/verifier-key.ts'
import { isKeyring, readKeyring } from './keyrings.ts'
import type { Keyring, LookTrust } from './look-trust.ts'

/** By whom to judge, as files hold it: what a thread can be given. */
export interface PlainTrust {
  /** Trusted roots, each a document. */
  readonly roots: readonly Uint8Array[]
  /** Public keys and keyrings of OpenPGP, in whichever everyday form. */
  readonly keys: readonly Uint8Array[]
  readonly demands: readonly RootDemand[]
  /** Somebody named keys or roots: whoever else signed does not count. */
  readonly named: boolean
  /** RFC 3339. */
  readonly now: string
}

function rootsIn(bytes: Uint8Array): TrustedRoot[] {
  try {
    return readTrustedRoots(Buffer.from(bytes))
  } catch (error) {
    throw rootFailure(error)
  }
}

/**
 * The same, read.
 *
 * @throws Failure `key-unreadable`, `root-form`
 */
export async function looseTrust({ roots, keys, demands, named, now }: PlainTrust): Promise<LookTrust> {
  const keyrings: Keyring[] = []
  const others: VerifierKey[] = []
  for (const one of keys) {
    const bytes = Buffer.from(one)
    if (isKeyring(bytes)) keyrings.push(await readKeyring(bytes))
    else others.push(givenKey(bytes))
  }
  const evidence = { roots: roots.flatMap(rootsIn), keys: others, demands }
  return { evidence, keyrings, named, now: new Date(now) }
}

import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import { crypto as theirs } from '@sigstore/core'

/*
 * `@sigstore/core` checks promises, checkpoints and envelopes without naming a digest. OpenSSL then takes one of its own
 * (SHA-256, whatever the curve), BoringSSL refuses, and the library reads that as a false signature. So the digest is
 * named here, once for every runtime, and what is not ours to name is told from what is false.
 */

const ofCurve: Readonly<Record<string, string>> = {
  prime256v1: 'sha256',
  secp384r1: 'sha384',
  secp521r1: 'sha512',
}

let leaf: { readonly spki: Buffer; readonly hash: string } | null = null
let unable: string | null = null

/** The digest that a signature by this key is over where nothing else is said; `undefined` for a key that is none of ours. */
function digestFor(key: KeyObject): string | null | undefined {
  if (key.asymmetricKeyType === 'ed25519') return null
  const spki = key.export({ type: 'spki', format: 'der' })
  if (leaf !== null && spki.equals(leaf.spki)) return leaf.hash
  if (key.asymmetricKeyType === 'rsa') return 'sha256'
  return ofCurve[key.asymmetricKeyDetails?.namedCurve ?? '']
}

type Key = Parameters<typeof theirs.verify>[1]

function verifyNamed(data: Buffer, key: Key, signature: Buffer, algorithm?: string): boolean {
  try {
    const object = typeof key === 'object' && 'asymmetricKeyType' in key ? key : createPublicKey(key)
    const digest = algorithm ?? digestFor(object)
    if (digest !== undefined) return verify(digest, data, object, signature)
    unable = `a key of the kind ${object.asymmetricKeyType ?? 'unknown'}`
  } catch (error) {
    unable = error instanceof Error ? error.message : 'this runtime'
  }
  return false
}

Object.assign(theirs, { verify: verifyNamed })

/**
 * Runs the library's verification with the digests named.
 *
 * @param signer the key that signed, SPKI DER, and the hash that our core found it to sign with
 * @throws whatever the library throws
 */
export function withDigests(signer: { readonly spki: Buffer; readonly hash: string }, act: () => void): void {
  leaf = signer
  unable = null
  try {
    act()
  } finally {
    leaf = null
  }
}

/** What this runtime could not ask in the last run, so that its refusal says nothing; `null` when it could ask all. */
export function couldNotAsk(): string | null {
  return unable
}

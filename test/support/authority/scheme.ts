import { constants, createHash, sign } from 'node:crypto'
import { signDigest } from '../../../main/sigstore/ed25519ph.ts'
import { makeKey, type TestKey, type TestKeyKind } from '../pki/key.ts'

/** A way to sign, the ones that must be refused among them. */
export interface SignPlan {
  readonly form: 'ecdsa' | 'rsa-pkcs1' | 'rsa-pss' | 'pure' | 'ed25519ph'
  readonly hash: 'sha1' | 'sha256' | 'sha384' | 'sha512'
}

/** The digest of a message, by name. */
export const digest = (hash: string, message: Uint8Array): Buffer => createHash(hash).update(message).digest()

/** Signs a message in the given way, whether or not that is allowed. */
export function signIn(key: TestKey, { form, hash }: SignPlan, message: Buffer): Buffer {
  if (form === 'pure') return sign(null, message, key.privateKey)
  if (form === 'ed25519ph') {
    const { d = '' } = key.privateKey.export({ format: 'jwk' })
    return signDigest(Buffer.from(d, 'base64url'), digest('sha512', message))
  }
  if (form !== 'rsa-pss') return sign(hash, message, key.privateKey)
  const padding = constants.RSA_PKCS1_PSS_PADDING
  return sign(hash, message, { key: key.privateKey, padding, saltLength: digest(hash, message).length })
}

/** How a key of a kind signs files where nothing else is asked. */
export function usualWay(kind: TestKeyKind): SignPlan {
  if (kind === 'ed25519') return { form: 'ed25519ph', hash: 'sha512' }
  if (kind.startsWith('rsa')) return { form: 'rsa-pkcs1', hash: 'sha256' }
  return { form: 'ecdsa', hash: kind === 'p384' ? 'sha384' : kind === 'p521' ? 'sha512' : 'sha256' }
}

/** `PublicKeyDetails` for a kind of key and a way to sign. */
export function detailsFor(kind: TestKeyKind, { form, hash }: SignPlan): string {
  if (form === 'pure') return 'PKIX_ED25519'
  if (form === 'ed25519ph') return 'PKIX_ED25519_PH'
  if (form === 'ecdsa') return `PKIX_ECDSA_${kind.toUpperCase()}_SHA_${hash.slice(3)}`
  return `PKIX_RSA_${form === 'rsa-pss' ? 'PSS' : 'PKCS1V15'}_${kind.slice(3)}_SHA${hash.slice(3)}`
}

const keys = new Map<string, TestKey>()

/** One key of each kind and name for a whole test file: large RSA keys take seconds to make. */
export function sharedKey(kind: TestKeyKind, name = 'signer'): TestKey {
  const known = keys.get(`${kind} ${name}`) ?? makeKey(kind)
  keys.set(`${kind} ${name}`, known)
  return known
}

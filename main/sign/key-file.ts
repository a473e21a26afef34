import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { causeOf, Failure } from '../platform/failure.ts'
import { KeyError, pemOf } from '../sigstore/public-key.ts'
import { protect } from './pbes2.ts'
import { signerOf, type Signer } from './signer.ts'

export const keyAlgorithms = ['p256', 'p384', 'rsa3072', 'ed25519'] as const
export type KeyAlgorithm = (typeof keyAlgorithms)[number]

function generate(algorithm: KeyAlgorithm): KeyObject {
  switch (algorithm) {
    case 'p256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    case 'p384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey
    case 'rsa3072':
      return generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey
    case 'ed25519':
      return generateKeyPairSync('ed25519').privateKey
  }
}

/** A new key: the PEM of its encrypted private half (PKCS#8, PBES2) and of its public half (SPKI). */
export function createKey(
  algorithm: KeyAlgorithm,
  passphrase: string,
): { readonly secret: string; readonly open: string; readonly signer: Signer } {
  const privateKey = generate(algorithm)
  const signer = signerOf(privateKey)
  const der = privateKey.export({ type: 'pkcs8', format: 'der' })
  const secret = protect(der, passphrase)
  der.fill(0)
  return { secret, open: pemOf(signer.key.spki), signer }
}

/**
 * Opens the PEM of an encrypted private key.
 *
 * @throws Failure `key-unreadable` when it is no encrypted PKCS#8 key of ours, `key-locked` for a wrong passphrase
 */
export function openKey(pem: string, passphrase: string): Signer {
  const expected = 'an encrypted PKCS#8 private key (PEM)'
  if (!/^\s*-----BEGIN ENCRYPTED PRIVATE KEY-----/.test(pem)) {
    throw new Failure('key-unreadable', { expected, found: 'a file of another kind' })
  }
  let key: KeyObject
  try {
    key = createPrivateKey({ key: pem, format: 'pem', passphrase })
  } catch (error) {
    throw new Failure('key-locked', {}, error)
  }
  try {
    return signerOf(key)
  } catch (error) {
    throw new Failure('key-unreadable', {
      expected: 'ECDSA P-256, P-384 or P-521, RSA 3072 or 4096, or Ed25519',
      found: error instanceof KeyError ? error.message : causeOf(error),
    })
  }
}

/** The station's key: unencrypted PKCS#8, for the installation only. */
export function createStationKey(): { readonly secret: string; readonly signer: Signer } {
  const privateKey = generate('p256')
  const secret = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { secret, signer: signerOf(privateKey) }
}

/**
 * @throws Failure `key-unreadable`
 */
export function openStationKey(pem: string): Signer {
  try {
    return signerOf(createPrivateKey(pem))
  } catch (error) {
    throw new Failure('key-unreadable', { expected: 'the station key', found: causeOf(error) }, error)
  }
}

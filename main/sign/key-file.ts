import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { causeOf, Failure } from '../platform/failure.ts'
import { nameOfSecretFile } from '../sigstore/key-names.ts'
import { KeyError, pemOf } from '../sigstore/public-key.ts'
import { isCosignKey, openCosignKey, writeCosignKey } from './cosign-key.ts'
import { protect, unprotect } from './pbes2.ts'
import { signerOf, type Signer } from './signer.ts'

export const keyAlgorithms = ['p256', 'p384', 'p521', 'rsa3072', 'rsa4096', 'ed25519'] as const
export type KeyAlgorithm = (typeof keyAlgorithms)[number]

/** How a private key is kept: encrypted PKCS#8, or as cosign writes it. */
export const keyForms = ['pkcs8', 'cosign'] as const
export type KeyForm = (typeof keyForms)[number]

const generatePair = promisify(generateKeyPair)

// Beside the main thread: an RSA key takes seconds.
async function generate(algorithm: KeyAlgorithm): Promise<KeyObject> {
  switch (algorithm) {
    case 'p256':
      return (await generatePair('ec', { namedCurve: 'P-256' })).privateKey
    case 'p384':
      return (await generatePair('ec', { namedCurve: 'P-384' })).privateKey
    case 'p521':
      return (await generatePair('ec', { namedCurve: 'P-521' })).privateKey
    case 'rsa3072':
      return (await generatePair('rsa', { modulusLength: 3072 })).privateKey
    case 'rsa4096':
      return (await generatePair('rsa', { modulusLength: 4096 })).privateKey
    case 'ed25519':
      return (await generatePair('ed25519')).privateKey
  }
}

/** A new key: the PEM of its encrypted private half and of its public half (SPKI). */
export async function createKey(
  algorithm: KeyAlgorithm,
  passphrase: string,
  form: KeyForm = 'pkcs8',
): Promise<{ readonly secret: string; readonly open: string; readonly signer: Signer }> {
  const privateKey = await generate(algorithm)
  const signer = signerOf(privateKey)
  const der = privateKey.export({ type: 'pkcs8', format: 'der' })
  const secret = await (form === 'cosign' ? writeCosignKey(der, passphrase) : protect(der, passphrase))
  der.fill(0)
  return { secret, open: pemOf(signer.key.spki), signer }
}

/** A key for one signing, in memory alone. */
export async function ephemeralSigner(): Promise<Signer> {
  return signerOf(await generate('p256'))
}

const keyFiles = 'an encrypted private key (PEM): PKCS#8, or cosign.key'

// The passphrase of cosign's form is checked by its seal, that of PKCS#8 by what comes out.
async function decrypted(pem: string, passphrase: string): Promise<Buffer | null> {
  try {
    return await (isCosignKey(pem) ? openCosignKey(pem, passphrase) : unprotect(pem, passphrase))
  } catch (error) {
    throw new Failure('key-unreadable', { expected: keyFiles, found: causeOf(error) }, error)
  }
}

async function privateKeyOf(pem: string, passphrase: string): Promise<KeyObject> {
  const der = await decrypted(pem, passphrase)
  if (der === null) throw new Failure('key-locked')
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  } catch (error) {
    if (!isCosignKey(pem)) throw new Failure('key-locked', {}, error)
    const found = 'a key of cosign that does not hold PKCS#8'
    throw new Failure('key-unreadable', { expected: keyFiles, found }, error)
  } finally {
    der.fill(0)
  }
}

/**
 * Opens the PEM of an encrypted private key: PKCS#8, or cosign's own form.
 *
 * @throws Failure `key-unreadable` when it is none, `key-locked` for a wrong passphrase
 */
export async function openKey(pem: string, passphrase: string): Promise<Signer> {
  if (!/^\s*-----BEGIN ENCRYPTED PRIVATE KEY-----/.test(pem) && !isCosignKey(pem)) {
    throw new Failure('key-unreadable', { expected: keyFiles, found: nameOfSecretFile(pem) })
  }
  const key = await privateKeyOf(pem, passphrase)
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
export async function createStationKey(): Promise<{ readonly secret: string; readonly signer: Signer }> {
  const privateKey = await generate('p256')
  const secret = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { secret, signer: signerOf(privateKey) }
}

function stationKeyOf(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch (error) {
    throw new Failure('key-unreadable', { expected: 'the station key', found: causeOf(error) }, error)
  }
}

/**
 * @throws Failure `key-unreadable`
 */
export const openStationKey = (pem: string): Signer => signerOf(stationKeyOf(pem))

/**
 * The station's private key itself, PKCS#8 DER, to derive others from.
 *
 * @throws Failure `key-unreadable`
 */
export const stationSecret = (pem: string): Buffer =>
  stationKeyOf(pem).export({ type: 'pkcs8', format: 'der' })

import { randomBytes, scrypt, type ScryptOptions } from 'node:crypto'
import { promisify } from 'node:util'
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js'
import { z } from 'zod'
import { zBase64 } from '../../shared/schema.ts'
import { parseStrict } from '../platform/json.ts'

/* cosign's private key file: PEM around JSON around a secretbox (XSalsa20, Poly1305) under scrypt. */

const label = 'ENCRYPTED SIGSTORE PRIVATE KEY'
const pemForm =
  /^\s*-----BEGIN ENCRYPTED (SIGSTORE|COSIGN) PRIVATE KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END ENCRYPTED \1 PRIVATE KEY-----\s*$/

// What cosign has ever written. A file decides how much memory scrypt takes, so nothing else is run.
const costs = [2 ** 15, 2 ** 16, 2 ** 17] as const
const cost = 2 ** 16
const blockSize = 8
const memory = 256 * 1024 * 1024

const bytesOf = (length: number) =>
  zBase64.transform((text) => Buffer.from(text, 'base64')).refine((bytes) => bytes.length === length)

const zCosignKey = z.strictObject({
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    params: z.strictObject({
      N: z.union(costs.map((one) => z.literal(one))),
      r: z.literal(blockSize),
      p: z.literal(1),
    }),
    salt: bytesOf(32),
  }),
  cipher: z.strictObject({ name: z.literal('nacl/secretbox'), nonce: bytesOf(24) }),
  ciphertext: zBase64.max(64 * 1024),
})

const deriveKey = promisify<Buffer, Buffer, number, ScryptOptions, Buffer>(scrypt)

/** Why a file is not a key of cosign: in words, for the fact `found`. */
export class CosignKeyError extends Error {}

// Beside the main thread: it takes a tenth of a second, and a window must not freeze while somebody signs.
function derive(passphrase: string, salt: Buffer, n: number): Promise<Buffer> {
  return deriveKey(Buffer.from(passphrase, 'utf8'), salt, 32, { N: n, r: blockSize, p: 1, maxmem: memory })
}

/** Whether a file says that it is a key of cosign. */
export function isCosignKey(pem: string): boolean {
  return /^\s*-----BEGIN ENCRYPTED (SIGSTORE|COSIGN) PRIVATE KEY-----/.test(pem)
}

/**
 * Opens a key of cosign: its PKCS#8 DER, or `null` when the passphrase is another.
 *
 * @throws CosignKeyError when it is not in cosign's form, before anything costly is computed
 */
export async function openCosignKey(pem: string, passphrase: string): Promise<Buffer | null> {
  const body = pemForm.exec(pem)?.[2]
  if (body === undefined) throw new CosignKeyError('a key of cosign that is not one PEM block')
  let parsed: z.infer<typeof zCosignKey>
  try {
    parsed = zCosignKey.parse(parseStrict(Buffer.from(body, 'base64')))
  } catch (error) {
    const where = error instanceof z.ZodError ? (error.issues[0]?.path.join('.') ?? '') : 'JSON'
    throw new CosignKeyError(`a key of cosign that is not in its form (${where})`)
  }
  const { kdf, cipher, ciphertext } = parsed
  const key = await derive(passphrase, kdf.salt, kdf.params.N)
  try {
    return Buffer.from(xsalsa20poly1305(key, cipher.nonce).decrypt(Buffer.from(ciphertext, 'base64')))
  } catch {
    return null
  } finally {
    key.fill(0)
  }
}

/** Encrypts a PKCS#8 private key (DER) under a passphrase as cosign does, as PEM. */
export async function writeCosignKey(der: Buffer, passphrase: string): Promise<string> {
  const salt = randomBytes(32)
  const nonce = randomBytes(24)
  const key = await derive(passphrase, salt, cost)
  const ciphertext = Buffer.from(xsalsa20poly1305(key, nonce).encrypt(der))
  key.fill(0)
  const file = {
    kdf: { name: 'scrypt', params: { N: cost, r: blockSize, p: 1 }, salt: salt.toString('base64') },
    cipher: { name: 'nacl/secretbox', nonce: nonce.toString('base64') },
    ciphertext: ciphertext.toString('base64'),
  }
  const lines =
    Buffer.from(JSON.stringify(file))
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

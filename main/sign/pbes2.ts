import {
  createCipheriv,
  createDecipheriv,
  pbkdf2,
  randomBytes,
  scrypt,
  type ScryptOptions,
} from 'node:crypto'
import { promisify } from 'node:util'
import {
  DerError,
  expectTag,
  natural as readNatural,
  oid as readOid,
  readDer,
  sequence as readSequence,
  tags,
  type Der,
} from '../sigstore/x509/der.ts'
import { natural, nothing, octets, oid, sequence } from '../sigstore/x509/der-write.ts'

/* PKCS#8 EncryptedPrivateKeyInfo with PBES2 (RFC 8018): PBKDF2 with HMAC-SHA-256, AES-256-CBC. Node's own export uses
 * 2,048 rounds, which a thief's graphics card laughs at; so the envelope is made here. It is opened here as well: the
 * system's library does that on the thread that asks, for as long as the file says, and a window must not freeze. */

const rounds = 600_000
/** What a file may cost before anything is known of it: a hundred times OpenSSL's default is 204,800. */
const mostRounds = 20_000_000
const scryptMemory = 256 * 1024 * 1024

const pbes2 = oid('2a864886f70d01050d')
const pbkdf2Id = oid('2a864886f70d01050c')
const hmacSha256 = oid('2a864886f70d0209')
const aes256cbc = oid('60864801650304012a')

/** Why a file is not an encrypted PKCS#8 key that can be opened: in words, for the fact `found`. */
export class Pbes2Error extends Error {}

const derivePbkdf2 = promisify(pbkdf2)
const deriveScrypt = promisify<Buffer, Buffer, number, ScryptOptions, Buffer>(scrypt)

/** Encrypts a PKCS#8 private key (DER) under a passphrase, as PEM. */
export async function protect(der: Buffer, passphrase: string): Promise<string> {
  const salt = randomBytes(16)
  const iv = randomBytes(16)
  const key = await derivePbkdf2(Buffer.from(passphrase, 'utf8'), salt, rounds, 32, 'sha256')
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  const encrypted = Buffer.concat([cipher.update(der), cipher.final()])
  key.fill(0)
  const count = natural(Buffer.from([(rounds >> 16) & 0xff, (rounds >> 8) & 0xff, rounds & 0xff]))
  const derivation = sequence(pbkdf2Id, sequence(octets(salt), count, sequence(hmacSha256, nothing)))
  const scheme = sequence(pbes2, sequence(derivation, sequence(aes256cbc, octets(iv))))
  const body = sequence(scheme, octets(encrypted)).toString('base64')
  const lines = body.match(/.{1,64}/g) ?? []
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${lines.join('\n')}\n-----END ENCRYPTED PRIVATE KEY-----\n`
}

const pemForm =
  /^\s*-----BEGIN ENCRYPTED PRIVATE KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END ENCRYPTED PRIVATE KEY-----\s*$/

/** Pseudo-random functions of PBKDF2 by object identifier (RFC 8018, B.1). */
const functions: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
}

/** Ciphers of PBES2 with the bytes of their keys (RFC 8018, B.2; NIST's AES). */
const ciphers: Readonly<Record<string, { readonly name: string; readonly bytes: number }>> = {
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', bytes: 24 },
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', bytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', bytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', bytes: 32 },
}

function bounded(der: Der | undefined, most: number, what: string): number {
  const value = readNatural(der)
  if (value < 1n || value > BigInt(most)) throw new Pbes2Error(`${what} of ${value}, more than is taken`)
  return Number(value)
}

type Derive = (passphrase: Buffer, length: number) => Promise<Buffer>

// PBKDF2-params: salt, iterationCount, keyLength OPTIONAL, prf DEFAULT hmacWithSHA1 (RFC 8018, A.2).
function byPbkdf2(parameters: Der | undefined): Derive {
  const [saltDer, count, ...rest] = readSequence(parameters)
  const salt = expectTag(saltDer, tags.octetString).content
  const iterations = bounded(count, mostRounds, 'a number of rounds')
  const [prf] = rest.filter((one) => one.tag === tags.sequence)
  const id = prf === undefined ? '1.2.840.113549.2.7' : readOid(readSequence(prf)[0])
  const hash = functions[id]
  if (hash === undefined) throw new Pbes2Error(`a key derivation with the function ${id}`)
  return (passphrase, length) => derivePbkdf2(passphrase, salt, iterations, length, hash)
}

// scrypt-params: salt, N, r, p, keyLength OPTIONAL (RFC 7914, 7.1).
function byScrypt(parameters: Der | undefined): Derive {
  const [saltDer, n, r, p] = readSequence(parameters)
  const salt = expectTag(saltDer, tags.octetString).content
  const options = {
    N: bounded(n, 2 ** 20, 'a cost of scrypt'),
    r: bounded(r, 32, 'a block size of scrypt'),
    p: bounded(p, 16, 'a width of scrypt'),
    maxmem: scryptMemory,
  }
  if (128 * options.N * options.r > scryptMemory / 2)
    throw new Pbes2Error('a cost of scrypt that is too high')
  return (passphrase, length) => deriveScrypt(passphrase, salt, length, options)
}

function derivationOf(der: Der | undefined): Derive {
  const [id, parameters] = readSequence(der)
  const name = readOid(id)
  if (name === '1.2.840.113549.1.5.12') return byPbkdf2(parameters)
  if (name === '1.3.6.1.4.1.11591.4.11') return byScrypt(parameters)
  throw new Pbes2Error(`an encryption with the key derivation ${name}`)
}

interface Envelope {
  readonly derive: Derive
  readonly cipher: { readonly name: string; readonly bytes: number }
  readonly iv: Buffer
  readonly encrypted: Buffer
}

function readEnvelope(der: Buffer): Envelope {
  const [scheme, encrypted] = readSequence(readDer(der))
  const [id, parameters] = readSequence(scheme)
  const name = readOid(id)
  if (name !== '1.2.840.113549.1.5.13') throw new Pbes2Error(`an encryption with the scheme ${name}`)
  const [derivation, encryption] = readSequence(parameters)
  const [cipherId, iv] = readSequence(encryption)
  const cipher = ciphers[readOid(cipherId)]
  if (cipher === undefined) throw new Pbes2Error(`an encryption with the cipher ${readOid(cipherId)}`)
  return {
    derive: derivationOf(derivation),
    cipher,
    iv: expectTag(iv, tags.octetString).content,
    encrypted: expectTag(encrypted, tags.octetString).content,
  }
}

/**
 * Opens an encrypted PKCS#8 key (PEM): its DER, or `null` when the passphrase is another. Nearly always: a wrong
 * passphrase may by chance give bytes that are no key.
 *
 * @throws Pbes2Error when it is in no form that is taken, before anything costly is computed
 */
export async function unprotect(pem: string, passphrase: string): Promise<Buffer | null> {
  const body = pemForm.exec(pem)?.[1]
  if (body === undefined) throw new Pbes2Error('an encrypted key that is not one PEM block')
  let envelope: Envelope
  try {
    envelope = readEnvelope(Buffer.from(body, 'base64'))
  } catch (error) {
    if (error instanceof DerError)
      throw new Pbes2Error(`an encrypted key that is not in its form (${error.message})`)
    throw error
  }
  const { derive, cipher, iv, encrypted } = envelope
  const key = await derive(Buffer.from(passphrase, 'utf8'), cipher.bytes)
  try {
    const decipher = createDecipheriv(cipher.name, key, iv)
    return Buffer.concat([decipher.update(encrypted), decipher.final()])
  } catch {
    return null
  } finally {
    key.fill(0)
  }
}

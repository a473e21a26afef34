import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto'
import { natural, nothing, octets, oid, sequence } from '../sigstore/x509/der-write.ts'

/* PKCS#8 EncryptedPrivateKeyInfo with PBES2 (RFC 8018): PBKDF2 with HMAC-SHA-256, AES-256-CBC. Node's own export uses
 * 2,048 rounds, which a thief's graphics card laughs at; so the envelope is made here and opened by the system's
 * library like any other. */

const rounds = 600_000

const pbes2 = oid('2a864886f70d01050d')
const pbkdf2 = oid('2a864886f70d01050c')
const hmacSha256 = oid('2a864886f70d0209')
const aes256cbc = oid('60864801650304012a')

/** Encrypts a PKCS#8 private key (DER) under a passphrase, as PEM. */
export function protect(der: Buffer, passphrase: string): string {
  const salt = randomBytes(16)
  const iv = randomBytes(16)
  const key = pbkdf2Sync(Buffer.from(passphrase, 'utf8'), salt, rounds, 32, 'sha256')
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  const encrypted = Buffer.concat([cipher.update(der), cipher.final()])
  key.fill(0)
  const count = natural(Buffer.from([(rounds >> 16) & 0xff, (rounds >> 8) & 0xff, rounds & 0xff]))
  const derivation = sequence(pbkdf2, sequence(octets(salt), count, sequence(hmacSha256, nothing)))
  const scheme = sequence(pbes2, sequence(derivation, sequence(aes256cbc, octets(iv))))
  const body = sequence(scheme, octets(encrypted)).toString('base64')
  const lines = body.match(/.{1,64}/g) ?? []
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${lines.join('\n')}\n-----END ENCRYPTED PRIVATE KEY-----\n`
}

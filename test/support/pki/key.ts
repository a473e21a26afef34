import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { bits, nothing, oid, sequence } from './der.ts'

/** Kinds of key that tests make, those that must be refused among them. */
export type TestKeyKind =
  'p256' | 'p384' | 'p521' | 'secp256k1' | 'rsa1024' | 'rsa2048' | 'rsa3072' | 'rsa4096' | 'ed25519'

export interface TestKey {
  readonly kind: TestKeyKind
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer
}

const curves: Partial<Record<TestKeyKind, string>> = {
  p256: 'P-256',
  p384: 'P-384',
  p521: 'P-521',
  secp256k1: 'secp256k1',
}

/** A new key. */
export function makeKey(kind: TestKeyKind = 'p256'): TestKey {
  const curve = curves[kind]
  const { privateKey, publicKey } =
    curve !== undefined
      ? generateKeyPairSync('ec', { namedCurve: curve })
      : kind === 'ed25519'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('rsa', { modulusLength: Number(kind.slice(3)) })
  return { kind, privateKey, publicKey, spki: publicKey.export({ type: 'spki', format: 'der' }) }
}

/** How a test signs: an AlgorithmIdentifier and the digest that goes with it (`null`: none of its own). */
export interface TestAlgorithm {
  readonly identifier: Buffer
  readonly digest: string | null
}

const named = (dotted: string, digest: string | null, ...parameters: readonly Buffer[]): TestAlgorithm => ({
  identifier: sequence(oid(dotted), ...parameters),
  digest,
})

/** Signature algorithms by name, weak ones among them. */
export const testAlgorithms = {
  ecdsaSha1: named('1.2.840.10045.4.1', 'sha1'),
  ecdsaSha256: named('1.2.840.10045.4.3.2', 'sha256'),
  ecdsaSha384: named('1.2.840.10045.4.3.3', 'sha384'),
  ecdsaSha512: named('1.2.840.10045.4.3.4', 'sha512'),
  rsaSha1: named('1.2.840.113549.1.1.5', 'sha1', nothing),
  rsaSha256: named('1.2.840.113549.1.1.11', 'sha256', nothing),
  rsaSha384: named('1.2.840.113549.1.1.12', 'sha384', nothing),
  rsaSha512: named('1.2.840.113549.1.1.13', 'sha512', nothing),
  ed25519: named('1.3.101.112', null),
} as const satisfies Record<string, TestAlgorithm>

/** The usual algorithm of a kind of key. */
export function algorithmFor(kind: TestKeyKind): TestAlgorithm {
  if (kind === 'p384') return testAlgorithms.ecdsaSha384
  if (kind === 'p521') return testAlgorithms.ecdsaSha512
  if (kind === 'ed25519') return testAlgorithms.ed25519
  return kind.startsWith('rsa') ? testAlgorithms.rsaSha256 : testAlgorithms.ecdsaSha256
}

/** A signature over `data` with an explicit algorithm. */
export function signWith(key: TestKey, data: Uint8Array, algorithm = algorithmFor(key.kind)): Buffer {
  return sign(algorithm.digest, data, key.privateKey)
}

/** The key bits alone, as SHA-1 and SHA-256 key identifiers are made from. */
export function keyIdentifier(spki: Uint8Array): Buffer {
  return createHash('sha1').update(spki).digest()
}

/** `sequence { body, algorithm, signature }`: what certificates, requests and lists have in common. */
export function signed(
  body: Buffer,
  key: TestKey,
  algorithm = algorithmFor(key.kind),
  change: (signature: Buffer) => Buffer = (signature) => signature,
): Buffer {
  return sequence(body, algorithm.identifier, bits(change(signWith(key, body, algorithm))))
}

/** PEM of DER. */
export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

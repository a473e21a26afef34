import { createHash } from 'node:crypto'
import type { HashName } from '../verifier-key.ts'
import {
  context,
  DerError,
  expectTag,
  inside,
  natural,
  oid,
  readDer,
  sequence,
  tags,
  type Der,
} from '../x509/der.ts'
import { algorithmOid } from '../x509/certificate.ts'

/* The part of CMS (RFC 5652) that a timestamp token is made of: SignedData with one signer and signed attributes. */

const oids = {
  signedData: '1.2.840.113549.1.7.2',
  timestamp: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const

const hashes: Readonly<Record<string, HashName>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

/** A digest algorithm that we take. @throws DerError for another one */
export function hashOf(der: Der | undefined): HashName {
  const name = algorithmOid(der)
  const hash = Object.hasOwn(hashes, name) ? hashes[name] : undefined
  if (hash === undefined) throw new DerError(`the digest algorithm ${name}`)
  return hash
}

export interface SignedToken {
  /** DER of what is stamped (TSTInfo). */
  readonly content: Buffer
  /** Certificates that the token brings, DER. */
  readonly certificates: readonly Buffer[]
  readonly signer: {
    /** DER of the issuer's name, and the serial number: which certificate is meant. */
    readonly issuer: Buffer
    readonly serial: bigint
    readonly hash: HashName
    readonly signatureOid: string
    /** What is signed: the attributes as a SET. */
    readonly signed: Buffer
    readonly signature: Buffer
    /** The hash of the certificate that the signer means (ESS, RFC 5035; RFC 2634 with SHA-1). */
    readonly certificate: { readonly hash: HashName | 'sha1'; readonly value: Buffer }
  }
}

function attributesOf(der: Der): Map<string, Der> {
  const found = new Map<string, Der>()
  for (const one of inside(der)) {
    const [type, values] = sequence(one)
    const name = oid(type)
    const [value, ...rest] = inside(expectTag(values, tags.set))
    if (value === undefined || rest.length > 0 || found.has(name))
      throw new DerError('an attribute of another form')
    found.set(name, value)
  }
  return found
}

function meantCertificate(attributes: ReadonlyMap<string, Der>): SignedToken['signer']['certificate'] {
  const second = attributes.get(oids.signingCertificateV2)
  const attribute = second ?? attributes.get(oids.signingCertificate)
  if (attribute === undefined) throw new DerError('no attribute that names the signing certificate')
  const [list] = sequence(attribute)
  const [first] = sequence(list)
  const parts = sequence(first)
  const [head, next] = parts
  if (second === undefined) return { hash: 'sha1', value: expectTag(head, tags.octetString).content }
  // RFC 5035: the algorithm is left out when it is SHA-256.
  return head?.tag === tags.sequence
    ? { hash: hashOf(head), value: expectTag(next, tags.octetString).content }
    : { hash: 'sha256', value: expectTag(head, tags.octetString).content }
}

function signerOf(der: Der, content: Buffer): SignedToken['signer'] {
  const [version, id, digest, attributes, algorithm, signature] = sequence(der)
  if (natural(version) !== 1n) throw new DerError('a signer that is not named by issuer and serial number')
  const [issuer, serial] = sequence(id)
  const hash = hashOf(digest)
  const signed = expectTag(attributes, context(0))
  const found = attributesOf(signed)
  if (oid(found.get(oids.contentType)) !== oids.timestamp)
    throw new DerError('signed attributes for other content')
  const stated = expectTag(found.get(oids.messageDigest), tags.octetString).content
  if (!createHash(hash).update(content).digest().equals(stated))
    throw new DerError('a digest of other content')
  return {
    issuer: expectTag(issuer, tags.sequence).raw,
    serial: natural(serial),
    hash,
    // Some authorities name the algorithm with, some without its digest.
    signatureOid: algorithmOid(algorithm),
    signed: Buffer.concat([Buffer.from([tags.set]), signed.raw.subarray(1)]),
    signature: expectTag(signature, tags.octetString).content,
    certificate: meantCertificate(found),
  }
}

/** Reads the SignedData of a timestamp token. @throws DerError */
export function readToken(der: Buffer): SignedToken {
  const [type, wrapped] = sequence(readDer(der))
  if (oid(type) !== oids.signedData) throw new DerError('not signed data')
  const [data] = inside(expectTag(wrapped, context(0)))
  const [, , encapsulated, ...rest] = sequence(data)
  const [contentType, octets] = sequence(encapsulated)
  if (oid(contentType) !== oids.timestamp) throw new DerError('not a timestamp')
  const [text] = inside(expectTag(octets, context(0)))
  const content = expectTag(text, tags.octetString).content
  const certificates = rest.find((one) => one.tag === context(0))
  const signers = inside(expectTag(rest.at(-1), tags.set))
  const [signer] = signers
  if (signer === undefined || signers.length !== 1)
    throw new DerError(`${signers.length} signers instead of one`)
  return {
    content,
    certificates: (certificates === undefined ? [] : inside(certificates)).map((one) => one.raw),
    signer: signerOf(signer, content),
  }
}

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
  time,
  type Der,
} from '../x509/der.ts'
import { algorithmOid } from '../x509/certificate.ts'

/* The part of CMS (RFC 5652) that a timestamp token is made of: SignedData with one signer and signed attributes. */

const oids = {
  signedData: '1.2.840.113549.1.7.2',
  timestamp: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
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
    /** The certificates that the signer means (ESS, RFC 5035; RFC 2634 with SHA-1 besides): all one and the same. */
    readonly means: readonly MeantCertificate[]
  }
}

/** How a signer names its certificate: by its hash and, where it says so, by issuer and serial number. */
export interface MeantCertificate {
  readonly hash: HashName | 'sha1'
  readonly value: Buffer
  readonly issuer: { readonly name: Der; readonly serial: bigint } | null
}

function attributesOf(der: Der): Map<string, Der> {
  const found = new Map<string, Der>()
  for (const one of inside(der)) {
    const [type, values, ...more] = sequence(one)
    const name = oid(type)
    const [value, ...rest] = inside(expectTag(values, tags.set))
    if (value === undefined || rest.length + more.length > 0 || found.has(name))
      throw new DerError('an attribute of another form')
    found.set(name, value)
  }
  return found
}

// GeneralNames with one name of the issuer, and the serial number (RFC 5035, 4).
function issuerOf(der: Der | undefined): MeantCertificate['issuer'] {
  if (der === undefined) return null
  const [names, serial, ...rest] = sequence(der)
  const [name, ...others] = sequence(names)
  const [issuer, ...more] = inside(expectTag(name, context(4)))
  if (issuer === undefined || rest.length + others.length + more.length > 0)
    throw new DerError('an issuer of another form')
  return { name: issuer, serial: natural(serial) }
}

// The first is the signer's; those behind it are of its authorities (RFC 5035, 5.4).
function meantBy(attribute: Der, own: 'sha1' | 'sha256'): MeantCertificate {
  const [list, policies, ...rest] = sequence(attribute)
  if (rest.length > 0) throw new DerError('an attribute of the certificate of another form')
  if (policies !== undefined) sequence(policies)
  const parts = sequence(sequence(list)[0])
  // RFC 5035, 4: the algorithm is left out when it is SHA-256; RFC 2634 knows only SHA-1.
  const stated = own === 'sha256' && parts[0]?.tag === tags.sequence ? parts.shift() : undefined
  const [value, issuer, ...more] = parts
  if (more.length > 0) throw new DerError('a certificate that is named in another form')
  return {
    hash: stated === undefined ? own : hashOf(stated),
    value: expectTag(value, tags.octetString).content,
    issuer: issuerOf(issuer),
  }
}

// Many authorities name it twice, by SHA-1 for old readers too; by SHA-1 alone it could be another (RFC 5816).
function meantCertificates(attributes: ReadonlyMap<string, Der>): MeantCertificate[] {
  const [first, second] = [oids.signingCertificate, oids.signingCertificateV2].map((type) =>
    attributes.get(type),
  )
  if (second === undefined) {
    const found = first === undefined ? 'no attribute that names' : 'only SHA-1 for'
    throw new DerError(`${found} the signing certificate`)
  }
  const old = first === undefined ? [] : [meantBy(first, 'sha1')]
  return [meantBy(second, 'sha256'), ...old]
}

function signerOf(der: Der, content: Buffer): SignedToken['signer'] {
  const [version, id, digest, attributes, algorithm, signature, ...rest] = sequence(der)
  if (natural(version) !== 1n) throw new DerError('a signer that is not named by issuer and serial number')
  // What nobody signed could be anything, so that one token had endless forms.
  if (rest.length > 0) throw new DerError('a signer with attributes that nobody signed')
  const [issuer, serial, ...more] = sequence(id)
  if (more.length > 0) throw new DerError('a signer that is named in another form')
  const hash = hashOf(digest)
  const signed = expectTag(attributes, context(0))
  const found = attributesOf(signed)
  if (oid(found.get(oids.contentType)) !== oids.timestamp)
    throw new DerError('signed attributes for other content')
  const stated = expectTag(found.get(oids.messageDigest), tags.octetString).content
  if (!createHash(hash).update(content).digest().equals(stated))
    throw new DerError('a digest of other content')
  // The time that counts is that of the token (RFC 3161, 2.4.2): a signer's own clock says nothing, but says it in order.
  const clock = found.get(oids.signingTime)
  if (clock !== undefined) time(clock)
  return {
    issuer: expectTag(issuer, tags.sequence).raw,
    serial: natural(serial),
    hash,
    // Some authorities name the algorithm with, some without its digest.
    signatureOid: algorithmOid(algorithm),
    signed: Buffer.concat([Buffer.from([tags.set]), signed.raw.subarray(1)]),
    signature: expectTag(signature, tags.octetString).content,
    means: meantCertificates(found),
  }
}

/** The only element inside `[0]`. @throws DerError */
function wrappedIn(der: Der | undefined): Der {
  const [only, ...rest] = inside(expectTag(der, context(0)))
  if (only === undefined || rest.length > 0) throw new DerError('not one element where one stands')
  return only
}

/**
 * Reads the SignedData of a timestamp token in order and to its end (RFC 5652, 5.1): version 3, the signer's digest,
 * the content, certificates where there are some, one signer. Revocation lists are no part of it.
 *
 * @throws DerError
 */
export function readToken(der: Buffer): SignedToken {
  const [type, wrapped, ...stray] = sequence(readDer(der))
  if (oid(type) !== oids.signedData || stray.length > 0) throw new DerError('not signed data')
  const [version, digests, encapsulated, ...rest] = sequence(wrappedIn(wrapped))
  // RFC 5652, 5.1: 3, as the content is of another type than data.
  if (natural(version) !== 3n) throw new DerError('signed data of another version')
  const [contentType, octets, ...more] = sequence(encapsulated)
  if (oid(contentType) !== oids.timestamp || more.length > 0) throw new DerError('not a timestamp')
  const content = expectTag(wrappedIn(octets), tags.octetString).content
  const certificates = rest[0]?.tag === context(0) ? rest.shift() : undefined
  const [last, ...behind] = rest
  const signers = inside(expectTag(last, tags.set))
  const [signer] = signers
  if (signer === undefined || signers.length !== 1)
    throw new DerError(`${signers.length} signers instead of one`)
  const read = signerOf(signer, content)
  const [digest, ...others] = inside(expectTag(digests, tags.set))
  if (behind.length > 0 || others.length > 0 || hashOf(digest) !== read.hash)
    throw new DerError('another digest than the signer’s, or parts behind the signer')
  const brought = certificates === undefined ? [] : inside(certificates)
  return {
    content,
    certificates: brought.map((one) => expectTag(one, tags.sequence).raw),
    signer: read,
  }
}

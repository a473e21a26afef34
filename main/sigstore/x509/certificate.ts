import { limits } from '../../platform/limits.ts'
import { sha256Hex } from '../../platform/hash.ts'
import { Refusal } from '../refusal.ts'
import { verifiesMessage, type Scheme } from '../signature.ts'
import { readVerifierKey, UnknownKey, type HashName, type VerifierKey } from '../verifier-key.ts'
import {
  boolean,
  certificateTime,
  context,
  DerError,
  expectTag,
  inside,
  natural,
  oid,
  readDer,
  sequence,
  tags,
  wholeBits,
  type Der,
} from './der.ts'

export interface Extension {
  readonly oid: string
  readonly critical: boolean
  /** The bytes inside the OCTET STRING. */
  readonly value: Buffer
  /** The whole element, as the certificate holds it. */
  readonly raw: Buffer
}

/** An X.509 certificate, version 3 (RFC 5280). Only its form is checked here; what it may do is `chain.ts`. */
export interface Certificate {
  readonly der: Buffer
  /** SHA-256 of the DER, hex. */
  readonly fingerprint: string
  readonly tbs: Buffer
  readonly tbsParts: readonly Der[]
  readonly serial: bigint
  /** The DER of the names: compared as bytes. */
  readonly issuer: Buffer
  readonly subject: Buffer
  /** Milliseconds; both ends count. */
  readonly notBefore: number
  readonly notAfter: number
  readonly key: VerifierKey
  readonly extensions: ReadonlyMap<string, Extension>
  readonly signatureOid: string
  readonly signature: Buffer
}

const ecdsa = (hash: HashName): Scheme => ({ form: 'ecdsa', hash })
const rsa = (hash: HashName): Scheme => ({ form: 'rsa-pkcs1', hash })

/** What certificates, tokens and signed attributes may be signed with. SHA-1, MD5 and RSA-PSS are not in it. */
export const signatureSchemes: Readonly<Record<string, Scheme>> = {
  '1.2.840.10045.4.3.2': ecdsa('sha256'),
  '1.2.840.10045.4.3.3': ecdsa('sha384'),
  '1.2.840.10045.4.3.4': ecdsa('sha512'),
  '1.2.840.113549.1.1.11': rsa('sha256'),
  '1.2.840.113549.1.1.12': rsa('sha384'),
  '1.2.840.113549.1.1.13': rsa('sha512'),
  '1.3.101.112': { form: 'pure', hash: 'sha512' },
}

// ECDSA (RFC 5758, 3.2) and Ed25519 (RFC 8410, 3) have none at all; for RSA NULL is demanded and absence taken
// (RFC 4055, 5), for digests it is the other way round (RFC 5754, 2).
const withoutParameters = /^1\.2\.840\.10045\.|^1\.3\.101\./

/** The OID of an AlgorithmIdentifier whose parameters say nothing: absent, or NULL where that may be. @throws DerError */
export function algorithmOid(der: Der | undefined): string {
  const [first, parameters, ...rest] = sequence(der)
  if (rest.length > 0) throw new DerError('an algorithm with more than its parameters')
  const name = oid(first)
  if (parameters === undefined) return name
  if (parameters.tag !== tags.nothing || parameters.content.length > 0 || withoutParameters.test(name))
    throw new DerError('an algorithm with parameters')
  return name
}

// What is not taken may have any parameters (RSA-PSS does): nobody reads them, and nothing is verified with it.
function signatureOidOf(der: Der | undefined): string {
  const name = oid(sequence(der)[0])
  return Object.hasOwn(signatureSchemes, name) ? algorithmOid(der) : name
}

// RFC 5280, 4.1.2.2: positive, of at most 20 octets.
function serialOf(der: Der | undefined): bigint {
  const serial = natural(der)
  if (serial === 0n || serial >= 1n << 160n) throw new DerError('a serial number of another size')
  return serial
}

function readExtensions(der: Der | undefined): Map<string, Extension> {
  const found = new Map<string, Extension>()
  if (der === undefined) return found
  const [list, ...rest] = inside(der)
  if (rest.length > 0) throw new DerError('more than one list of extensions')
  for (const one of sequence(list)) {
    const parts = sequence(one)
    const name = oid(parts[0])
    const critical = parts.length === 3 && boolean(expectTag(parts[1], tags.boolean))
    if (parts.length < 2 || parts.length > 3) throw new DerError('an extension of another form')
    if (parts.length === 3 && !critical) throw new DerError('a default that is written out')
    const { content } = expectTag(parts.at(-1), tags.octetString)
    if (found.has(name)) throw new DerError(`extension ${name} twice`)
    found.set(name, { oid: name, critical, value: content, raw: one.raw })
  }
  return found
}

function parse(der: Buffer): Certificate {
  const [tbs, outer, signature, ...rest] = sequence(readDer(der))
  if (tbs === undefined || rest.length > 0) throw new DerError('not a certificate')
  const parts = sequence(tbs)
  const [version, ...stray] = parts[0]?.tag === context(0) ? inside(parts[0]) : []
  if (version === undefined || stray.length > 0 || natural(version) !== 2n)
    throw new DerError('not a certificate of version 3')
  const [, serial, inner, issuer, validity, subject, spki, ...optional] = parts
  const [notBefore, notAfter, ...more] = sequence(validity)
  if (more.length > 0) throw new DerError('a validity of another form')
  // Each at most once, in this order (RFC 5280, 4.1): what comes a second time would never be looked at.
  const order = [context(1, false), context(2, false), context(3)].map(Number)
  const places = optional.map((one) => order.indexOf(one.tag))
  if (places.some((place, i) => place <= (places[i - 1] ?? -1))) {
    throw new DerError('parts of another kind, number or order')
  }
  if (!expectTag(outer, tags.sequence).raw.equals(expectTag(inner, tags.sequence).raw)) {
    throw new DerError('two different signature algorithms')
  }
  return {
    der,
    fingerprint: sha256Hex(der),
    tbs: tbs.raw,
    tbsParts: parts,
    serial: serialOf(serial),
    issuer: expectTag(issuer, tags.sequence).raw,
    subject: expectTag(subject, tags.sequence).raw,
    notBefore: certificateTime(notBefore),
    notAfter: certificateTime(notAfter),
    key: readVerifierKey(expectTag(spki, tags.sequence).raw),
    extensions: readExtensions(optional.find((one) => one.tag === context(3))),
    signatureOid: signatureOidOf(outer),
    signature: wholeBits(signature),
  }
}

/**
 * Reads a certificate strictly.
 *
 * @throws Refusal `certificate.form`, `certificate.algorithm`
 */
export function readCertificate(der: Buffer): Certificate {
  if (der.length > limits.certificateBytes) {
    throw new Refusal(
      'certificate.form',
      `a certificate of at most ${limits.certificateBytes} bytes`,
      `${der.length} bytes`,
    )
  }
  try {
    return parse(der)
  } catch (error) {
    if (error instanceof UnknownKey) {
      throw new Refusal('certificate.algorithm', 'a key of the algorithm table', error.message)
    }
    if (error instanceof DerError)
      throw new Refusal('certificate.form', 'one X.509 certificate in DER', error.message)
    throw error
  }
}

/** Whether `issuer` signed `certificate`: names, algorithm and signature. */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  const scheme = Object.hasOwn(signatureSchemes, certificate.signatureOid)
    ? signatureSchemes[certificate.signatureOid]
    : undefined
  if (scheme === undefined || !certificate.issuer.equals(issuer.subject)) return false
  const fits = { ecdsa: /^p/, 'rsa-pkcs1': /^rsa/, pure: /^ed/, 'rsa-pss': /^$/, ed25519ph: /^$/ }[
    scheme.form
  ]
  return (
    fits.test(issuer.key.kind) && verifiesMessage(issuer.key, scheme, certificate.tbs, certificate.signature)
  )
}

/** Whether a certificate names itself as its issuer. */
export function isSelfIssued(certificate: Certificate): boolean {
  return certificate.issuer.equals(certificate.subject)
}

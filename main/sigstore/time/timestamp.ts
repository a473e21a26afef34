import { createHash } from 'node:crypto'
import { limits } from '../../platform/limits.ts'
import { Refusal } from '../refusal.ts'
import { verifiesMessage, type Scheme } from '../signature.ts'
import type { HashName } from '../verifier-key.ts'
import { readCertificate, signatureSchemes, type Certificate } from '../x509/certificate.ts'
import { isValidAt, pathsTo, readingExtensions, type Authority } from '../x509/chain.ts'
import { DerError, expectTag, natural, oid, readDer, sequence, tags, time } from '../x509/der.ts'
import { oids, purposesOf, usageAllows } from '../x509/extensions.ts'
import { hashOf, readToken, type SignedToken } from './cms.ts'

/** What a timestamp token states (RFC 3161, 2.4.2). */
export interface Stated {
  readonly hash: HashName
  readonly imprint: Buffer
  /** Milliseconds. */
  readonly time: number
  /** As the request had it; `null` when there was none. */
  readonly nonce: bigint | null
}

interface Token extends SignedToken {
  readonly stated: Stated
}

function statedOf(content: Buffer): Stated {
  const [version, policy, imprint, , at, ...optional] = sequence(readDer(content))
  if (natural(version) !== 1n) throw new DerError('a timestamp of another version')
  oid(policy)
  const [algorithm, hashed] = sequence(imprint)
  const nonce = optional.find((one) => one.tag === tags.integer)
  return {
    hash: hashOf(algorithm),
    imprint: expectTag(hashed, tags.octetString).content,
    time: time(expectTag(at, tags.generalizedTime)),
    nonce: nonce === undefined ? null : natural(nonce),
  }
}

/**
 * Reads a TimeStampResp: granted, with a token of one signer. Nothing is verified.
 *
 * @throws Refusal `time.form`
 */
export function readTimestamp(response: Buffer): Token {
  try {
    if (response.length > limits.timestampBytes) throw new DerError(`${response.length} bytes`)
    const [status, token, ...rest] = sequence(readDer(response))
    const code = natural(sequence(status)[0])
    if (code > 1n) throw new DerError(`the answer that the authority refused (status ${code})`)
    if (token === undefined || rest.length > 0) throw new DerError('no token')
    const signed = readToken(token.raw)
    return { ...signed, stated: statedOf(signed.content) }
  } catch (error) {
    if (error instanceof DerError)
      throw new Refusal('time.form', 'a granted RFC 3161 timestamp in DER', error.message)
    throw error
  }
}

/** A timestamp by a known authority. */
export interface ProvenTime {
  readonly authority: Authority
  /** Milliseconds. */
  readonly time: number
}

const matches = (certificate: Certificate, token: Token): boolean =>
  certificate.serial === token.signer.serial && certificate.issuer.equals(token.signer.issuer)

// RFC 3161, 2.3: the purpose must be timestamping, alone and critical.
function checkPurpose(certificate: Certificate): void {
  const purposes = readingExtensions(() => purposesOf(certificate))
  if (purposes?.critical !== true || purposes.oids.length !== 1 || purposes.oids[0] !== oids.timeStamping) {
    const found = purposes === null ? 'no extended key usage' : purposes.oids.join(', ')
    throw new Refusal('time.purpose', 'a certificate for timestamping only, marked critical', found)
  }
  if (readingExtensions(() => usageAllows(certificate, 0)) === false) {
    throw new Refusal('time.purpose', 'a certificate whose key may sign', 'one that may not')
  }
}

// Some authorities name only the kind of key (rsaEncryption, id-ecPublicKey); the digest is then the signer's own.
function schemeOf(token: Token, certificate: Certificate): Scheme | null {
  const { signatureOid, hash } = token.signer
  if (signatureOid === '1.2.840.113549.1.1.1') return { form: 'rsa-pkcs1', hash }
  if (signatureOid === '1.2.840.10045.2.1') return { form: 'ecdsa', hash }
  const scheme = Object.hasOwn(signatureSchemes, signatureOid) ? signatureSchemes[signatureOid] : undefined
  const isRsa = certificate.key.kind.startsWith('rsa')
  return scheme === undefined || (scheme.form === 'rsa-pkcs1') !== isRsa ? null : scheme
}

function checkSignature(token: Token, certificate: Certificate): void {
  const { hash, value } = token.signer.certificate
  if (!createHash(hash).update(certificate.der).digest().equals(value)) {
    throw new Refusal(
      'time.bad',
      'a token that names the certificate of its signer',
      'one that names another',
    )
  }
  const scheme = schemeOf(token, certificate)
  if (
    scheme === null ||
    !verifiesMessage(certificate.key, scheme, token.signer.signed, token.signer.signature)
  ) {
    throw new Refusal('time.bad', 'a signature by the timestamp authority', 'one that its key did not make')
  }
}

// Answers often bring a whole chain along, with keys of kinds that are not taken: no matter unless one of them signed.
function embeddedIn(token: Token): { certificates: Certificate[]; refusal: Refusal | null } {
  let refusal: Refusal | null = null
  const certificates = token.certificates.flatMap((der) => {
    try {
      return [readCertificate(der)]
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason.code !== 'certificate.algorithm') throw error
      refusal = error
      return []
    }
  })
  return { certificates, refusal }
}

function checkAgainst(token: Token, authority: Authority): ProvenTime | null {
  const { certificates, refusal } = embeddedIn(token)
  const signer = [...authority.certificates, ...certificates].find((one) => matches(one, token))
  if (signer === undefined) {
    if (refusal !== null) throw refusal
    return null
  }
  const paths = pathsTo(signer, [authority], oids.timeStamping)
  if (paths.length === 0) return null
  checkPurpose(signer)
  checkSignature(token, signer)
  if (!paths.some((path) => isValidAt(path, token.stated.time))) {
    const found = new Date(token.stated.time).toISOString()
    throw new Refusal(
      'time.window',
      `a time at which ${authority.uri} and its certificates were valid`,
      found,
    )
  }
  return { authority, time: token.stated.time }
}

/**
 * Checks a timestamp over a signature against the authorities that are known; `null` when none of them made it.
 *
 * @throws Refusal `time.*`
 */
export function checkTimestamp(
  response: Buffer,
  signature: Buffer,
  authorities: readonly Authority[],
): ProvenTime | null {
  const token = readTimestamp(response)
  const { hash, imprint } = token.stated
  if (!createHash(hash).update(signature).digest().equals(imprint)) {
    throw new Refusal(
      'time.other-signature',
      'a timestamp over the signature of the bundle',
      'one over other bytes',
    )
  }
  let first: Refusal | null = null
  for (const authority of authorities) {
    try {
      const proven = checkAgainst(token, authority)
      if (proven !== null) return proven
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      first ??= error
    }
  }
  if (first !== null) throw first
  return null
}

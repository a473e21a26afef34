import { createHash } from 'node:crypto'
import { limits } from '../../platform/limits.ts'
import { Refusal } from '../refusal.ts'
import { verifiesMessage, type Scheme } from '../signature.ts'
import type { KeyKind } from '../verifier-key.ts'
import { readCertificate, signatureSchemes, type Certificate } from '../x509/certificate.ts'
import {
  isValidAt,
  newEffort,
  pathsTo,
  readingExtensions,
  type Authority,
  type Effort,
  type Path,
} from '../x509/chain.ts'
import { context, DerError, natural, readDer, sequence, tags, type Der } from '../x509/der.ts'
import { generalNames, oids, purposesOf, usageAllows } from '../x509/extensions.ts'
import { sameName } from '../x509/name.ts'
import { readToken, type MeantCertificate, type SignedToken } from './cms.ts'
import { readTstInfo, type Stated } from './tst-info.ts'

interface Token extends SignedToken {
  readonly stated: Stated
}

// PKIStatusInfo (RFC 3161, 2.4.2): granted, perhaps with words; what failed stands only where nothing was granted.
function checkStatus(status: Der | undefined): void {
  const [code, ...rest] = sequence(status)
  if (natural(code) > 1n)
    throw new DerError(`the answer that the authority refused (status ${natural(code)})`)
  const words = rest[0]?.tag === tags.sequence ? sequence(rest.shift()) : null
  if (words !== null && (words.length === 0 || words.some(({ tag }) => tag !== tags.utf8)))
    throw new DerError('words of another form')
  if (rest.length > 0) throw new DerError('a failure of what was granted')
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
    checkStatus(status)
    if (token === undefined || rest.length > 0) throw new DerError('no token')
    const signed = readToken(token.raw)
    return { ...signed, stated: readTstInfo(signed.content) }
  } catch (error) {
    if (error instanceof DerError)
      throw new Refusal('time.form', 'a granted RFC 3161 timestamp in DER', error.message)
    throw error
  }
}

/** A timestamp by a known authority. */
export interface ProvenTime {
  readonly authority: Authority
  /** Keys of whoever signed it and of all above. */
  readonly keys: readonly KeyKind[]
  /** Whether the timestamp brought its signer's certificate along: the trusted root has only those above. */
  readonly brought: boolean
  /** Milliseconds. */
  readonly time: number
  /** The latest moment that the authority’s accuracy leaves open, in milliseconds. */
  readonly latest: number
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

function isMeant({ hash, value, issuer }: MeantCertificate, certificate: Certificate): boolean {
  return (
    createHash(hash).update(certificate.der).digest().equals(value) &&
    (issuer === null ||
      (issuer.serial === certificate.serial && sameName(issuer.name, readDer(certificate.issuer))))
  )
}

// RFC 3161, 2.4.2: what the authority calls itself is one of the names in its certificate.
function checkName({ stated }: Token, certificate: Certificate): void {
  const { authority } = stated
  if (authority === null) return
  const isOwn = readingExtensions(
    () =>
      generalNames(certificate).some(({ raw }) => raw.equals(authority.raw)) ||
      (authority.tag === context(4) && sameName(readDer(authority.content), readDer(certificate.subject))),
  )
  if (!isOwn) {
    throw new Refusal('time.bad', 'a token that names the authority of its signer', 'one that names another')
  }
}

/** How far off a time may be to count at all, in milliseconds: authorities promise a second (ETSI EN 319 421, 7.7.2). */
const worstAccuracy = 60_000

// The latest moment counts against each end: a stolen key is used afterwards. At the beginning the time itself counts:
// authorities of Sigstore promise a second, and stamp in the second in which the signer's certificate begins.
function checkMoment(
  { stated }: Token,
  paths: readonly Path[],
  authority: Authority,
): Omit<ProvenTime, 'brought' | 'keys'> {
  const { time, accuracy } = stated
  if (accuracy > worstAccuracy) {
    throw new Refusal(
      'time.accuracy',
      `a time that is at most ${worstAccuracy / 1000} seconds off`,
      `${accuracy / 1000} seconds`,
    )
  }
  const latest = Math.ceil(time + accuracy)
  if (!paths.some((path) => isValidAt(path, time) && isValidAt(path, latest))) {
    const found = new Date(time).toISOString()
    throw new Refusal(
      'time.window',
      `a time at which ${authority.uri} and its certificates were valid`,
      found,
    )
  }
  return { authority, time, latest }
}

function checkSignature(token: Token, certificate: Certificate): void {
  if (!token.signer.means.every((one) => isMeant(one, certificate))) {
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

type Embedded = ReturnType<typeof embeddedIn>

// Several authorities of a trusted root may list one signer: what it signed is checked once.
const checked = new WeakMap<Token, Map<string, Refusal | null>>()

function checkSigner(token: Token, signer: Certificate): void {
  const known = checked.get(token) ?? new Map<string, Refusal | null>()
  checked.set(token, known)
  const { fingerprint } = signer
  if (!known.has(fingerprint)) known.set(fingerprint, refusalOf(token, signer))
  const refusal = known.get(fingerprint) ?? null
  if (refusal !== null) throw refusal
}

function refusalOf(token: Token, signer: Certificate): Refusal | null {
  try {
    checkPurpose(signer)
    checkSignature(token, signer)
    checkName(token, signer)
    return null
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

function checkAgainst(
  token: Token,
  embedded: Embedded,
  authority: Authority,
  effort: Effort,
): ProvenTime | null {
  const { certificates, refusal } = embedded
  const signer = [...authority.certificates, ...certificates].find((one) => matches(one, token))
  if (signer === undefined) {
    if (refusal !== null) throw refusal
    return null
  }
  const paths = pathsTo(signer, [authority], oids.timeStamping, effort)
  if (paths.length === 0) return null
  checkSigner(token, signer)
  const keys = [signer, ...authority.certificates].map(({ key }) => key.kind)
  const moment = checkMoment(token, paths, authority)
  return { ...moment, keys, brought: !authority.certificates.includes(signer) }
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
  effort: Effort = newEffort(),
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
  const embedded = embeddedIn(token)
  let first: Refusal | null = null
  for (const authority of authorities) {
    try {
      const proven = checkAgainst(token, embedded, authority, effort)
      if (proven !== null) return proven
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      first ??= error
    }
  }
  if (first !== null) throw first
  return null
}

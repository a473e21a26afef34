import { createPublicKey } from 'node:crypto'
import { JsonError, parseStrict } from '../platform/json.ts'
import { fromBase64, textAroundPem, textOf, unwrapped } from '../platform/text-forms.ts'
import { nameOfDer, nameOfKeyFile } from './key-names.ts'
import { readSshKey } from './ssh-wire.ts'
import { readVerifierKey, UnknownKey, type VerifierKey } from './verifier-key.ts'
import { element, nothing, oid, sequence } from './x509/der-write.ts'
import { DerError, inside, readDer, tags, type Der } from './x509/der.ts'

/*
 * Public keys in the forms in which people hold them. Only the wrapping is lenient: each comes down to the one standard
 * form of `readVerifierKey`, by which it is known, and what that refuses is refused in every wrapping.
 */

const rsaEncryption = oid('2a864886f70d010101')

function ofPkcs1(parts: readonly Der[], der: Buffer): Buffer {
  if (parts.length !== 2) throw new UnknownKey('not a public key')
  const bits = element(tags.bitString, Buffer.concat([Buffer.alloc(1), der]))
  return sequence(sequence(rsaEncryption, nothing), bits)
}

// RFC 5280, 4.1: after a version, which may be missing, serial, algorithm, issuer, validity, subject, key.
function ofCertificate(parts: readonly Der[]): Buffer {
  const [body] = parts
  const fields = body === undefined ? [] : inside(body)
  const key = fields[fields[0]?.tag === 0xa0 ? 6 : 5]
  // A request for a certificate has three parts as well, and its key elsewhere.
  if (fields.length < 6 || key?.tag !== tags.sequence) throw new UnknownKey('not a public key')
  return key.raw
}

function ofDer(der: Buffer): VerifierKey {
  const named = (error: UnknownKey): UnknownKey => new UnknownKey(nameOfDer(der) ?? error.message)
  try {
    const parts = inside(readDer(der))
    const kinds = parts.map(({ tag }) => tag)
    if (kinds.every((tag) => tag === tags.integer)) return readVerifierKey(ofPkcs1(parts, der))
    if (kinds.length === 3 && kinds[2] === tags.bitString) return readVerifierKey(ofCertificate(parts))
    return readVerifierKey(der)
  } catch (error) {
    if (error instanceof UnknownKey)
      throw /^not a public key|standard form/.test(error.message) ? named(error) : error
    if (error instanceof DerError) throw named(new UnknownKey(`not a public key: ${error.message}`))
    throw error
  }
}

const block = /-----BEGIN ([A-Z0-9 #]{1,60})-----([^-]*)-----END \1-----/g
const keyLabels = new Set(['PUBLIC KEY', 'RSA PUBLIC KEY', 'CERTIFICATE', 'X509 CERTIFICATE'])

// RFC 7468, 2 and 5.2: text around a block says nothing, nor do the parameters that OpenSSL writes before a key.
function ofPem(text: string): VerifierKey | null {
  const count = text.split('-----BEGIN ').length - 1
  if (count === 0) return null
  const blocks = [...text.matchAll(block)]
  const keys = blocks.filter(([, label]) => label !== 'EC PARAMETERS')
  const [, label = '', body = ''] = keys[0] ?? []
  if (blocks.length !== count || keys.length !== 1 || !keyLabels.has(label)) return null
  const der = fromBase64(body.split(/\s+/).join('\n'))
  return der === null ? null : ofDer(der)
}

const sshLine = /(?:^|\s)((?:ssh-|ecdsa-sha2-|sk-)\S+) (AAAA[A-Za-z0-9+/]+={0,2})(?:\s|$)/

function ofSshLine(text: string): VerifierKey | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'))
  const [, type = '', base64 = ''] = sshLine.exec(lines[0] ?? '') ?? []
  const blob = fromBase64(base64)
  if (lines.length !== 1 || blob === null) return null
  const inside = blob.subarray(4, 4 + type.length).toString('latin1')
  if (inside !== type) throw new UnknownKey('an OpenSSH key that names two types')
  return readSshKey(blob)
}

const publicParts = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const

function ofJwk(text: string): VerifierKey | null {
  if (!text.trimStart().startsWith('{')) return null
  try {
    const jwk = parseStrict(Buffer.from(text.trim(), 'utf8'), 100) as Readonly<Record<string, unknown>>
    if (jwk['kty'] === undefined) return null
    if (jwk['d'] !== undefined || jwk['k'] !== undefined) throw new UnknownKey('a private JSON web key')
    const key = Object.fromEntries(
      publicParts.flatMap((one) => (jwk[one] === undefined ? [] : [[one, jwk[one]]])),
    )
    const object = createPublicKey({ key: key as Record<string, string>, format: 'jwk' })
    return readVerifierKey(object.export({ type: 'spki', format: 'der' }))
  } catch (error) {
    if (error instanceof UnknownKey) throw error
    if (error instanceof JsonError) return null
    throw new UnknownKey('a JSON web key that cannot be used')
  }
}

// `openssl` and editors of settings put PEM, or its DER, into base64 once more.
function ofBase64(text: string): VerifierKey | null {
  const bytes = fromBase64(text)
  if (bytes === null || bytes.length < 32 || unwrapped(text).length < 40) return null
  const inner = textOf(bytes)
  return inner === null ? ofDer(bytes) : ofPem(inner)
}

/**
 * The public key in a file of somebody: PEM (with text around it, EC PARAMETERS, blanks, line ends or encoding of
 * Windows), a certificate, PKCS#1, OpenSSH, a JSON web key, DER, or base64 of these.
 *
 * @throws UnknownKey which names what the file is, and the command that converts it where there is one
 */
export function readKeyFile(bytes: Buffer): VerifierKey {
  const text = textAroundPem(bytes)
  if (text === null) {
    if (bytes[0] === tags.sequence) return ofDer(bytes)
    throw new UnknownKey(nameOfKeyFile(bytes) ?? 'not a public key in a form that is read')
  }
  const key = text.includes('PRIVATE KEY')
    ? null
    : (ofPem(text) ?? ofSshLine(text) ?? ofJwk(text) ?? ofBase64(text))
  if (key !== null) return key
  throw new UnknownKey(nameOfKeyFile(bytes) ?? 'not a public key in a form that is read')
}

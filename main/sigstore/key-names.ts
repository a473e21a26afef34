import { fromBase64, textAroundPem } from '../platform/text-forms.ts'
import { DerError, inside, oid, readDer, tags, type Der } from './x509/der.ts'

/*
 * What a file is that was given as a public key, in words, with the command that makes the form which is taken. Nothing
 * here reads a key: a wrong name costs a wrong hint.
 */

const by = (what: string, command: string): string => `${what}; “${command}” writes the key alone`
const privateKey = by(
  'a private key, which nobody else should have',
  'openssl pkey -in FILE -pubout -out KEY.pub',
)
const pgp = 'an OpenPGP key; what it signed is checked with “gpg --verify”'

const labels: Readonly<Record<string, string>> = {
  CERTIFICATE: by('a certificate', 'openssl x509 -in FILE -pubkey -noout'),
  'X509 CERTIFICATE': by('a certificate', 'openssl x509 -in FILE -pubkey -noout'),
  'TRUSTED CERTIFICATE': by('a certificate with trust of OpenSSL’s', 'openssl x509 -in FILE -pubkey -noout'),
  'CERTIFICATE REQUEST': by('a request for a certificate', 'openssl req -in FILE -pubkey -noout'),
  'NEW CERTIFICATE REQUEST': by('a request for a certificate', 'openssl req -in FILE -pubkey -noout'),
  'RSA PUBLIC KEY': by('an RSA key by PKCS#1', 'openssl rsa -RSAPublicKey_in -in FILE -pubout'),
  'EC PARAMETERS': 'the parameters of a curve, without a key',
  'PGP PUBLIC KEY BLOCK': pgp,
  PKCS7: by('certificates in PKCS#7', 'openssl pkcs7 -in FILE -print_certs | openssl x509 -pubkey -noout'),
  'PGP SIGNATURE': 'an OpenPGP signature, no key',
  'SSH SIGNATURE': 'an SSH signature, no key',
}

function ofLabels(found: readonly string[]): string | null {
  if (found.some((one) => one.includes('PRIVATE KEY'))) return privateKey
  const keys = found.filter((one) => one !== 'EC PARAMETERS')
  const [first] = keys.length === 0 ? found : keys
  if (first === undefined) return null
  if (keys.length > 1 && keys.every((one) => one === 'CERTIFICATE')) {
    return (
      by(`${keys.length} certificates where one key is meant`, 'openssl x509 -in FILE -pubkey -noout') +
      ', of the first'
    )
  }
  if (keys.length > 1)
    return `${keys.length} PEM blocks (${[...new Set(keys)].slice(0, 3).join(', ')}) where one is meant`
  if (first === 'PUBLIC KEY') return 'a PEM block PUBLIC KEY with more in its file, or one that is not whole'
  return (Object.hasOwn(labels, first) ? labels[first] : undefined) ?? `a PEM block “${first}”`
}

function ofText(text: string): string | null {
  const found = [...text.matchAll(/-----BEGIN ([A-Z0-9 #]{1,60})-----/g)].map(([, label = '']) => label)
  const named = ofLabels(found)
  if (named !== null) return named
  if (text.startsWith('PuTTY-User-Key-File')) return by('a private key of PuTTY', 'puttygen FILE -L')
  if (text.includes('---- BEGIN SSH2 PUBLIC KEY ----')) {
    return by('an SSH key by RFC 4716', 'ssh-keygen -i -m RFC4716 -f FILE')
  }
  if (/^(?:\S+ )?(?:ssh-|ecdsa-sha2-|sk-)\S+ AAAA/m.test(text)) {
    return by('OpenSSH keys', 'ssh-keygen -e -m PKCS8 -f FILE')
  }
  if (text.startsWith('untrusted comment:'))
    return 'a key of minisign or signify, whose signatures those programs check'
  if (/^\s*\{/.test(text)) return 'a JSON document; of a JSON web key only one alone is taken'
  if (/^\s*<(?:!doctype|html)/i.test(text)) return 'a web page, as servers send it instead of a file'
  return text.trim() === '' ? 'an empty file' : null
}

const kindsOf = (parts: readonly Der[]): string => parts.map(({ tag }) => tag.toString(16)).join(' ')

// Runtimes differ in the curves that they know; the name must not.
const takenCurves = ['1.2.840.10045.3.1.7', '1.3.132.0.34', '1.3.132.0.35']
const otherCurves: Readonly<Record<string, string>> = {
  '1.3.132.0.10': 'secp256k1',
  '1.3.132.0.33': 'P-224',
  '1.3.36.3.3.2.8.1.1.7': 'brainpoolP256r1',
  '1.3.36.3.3.2.8.1.1.11': 'brainpoolP384r1',
}

function ofSpki([algorithm, key]: readonly Der[]): string | null {
  const parameters = algorithm === undefined ? undefined : inside(algorithm)[1]
  const point = key?.content[1] ?? 0
  if (parameters?.tag === tags.sequence) {
    const command = 'openssl ec -pubin -in FILE -param_enc named_curve -pubout'
    return by('a key that writes its curve out (explicit parameters), which is not taken', command)
  }
  if (parameters?.tag !== tags.oid) return null
  const curve = oid(parameters)
  if (!takenCurves.includes(curve)) {
    return `an elliptic curve key on ${otherCurves[curve] ?? `the curve ${curve}`}, which is not taken`
  }
  if (point !== 2 && point !== 3 && point !== 6 && point !== 7) return null
  const command = 'openssl ec -pubin -in FILE -conv_form uncompressed -pubout'
  return by(`a key whose point is ${point < 4 ? 'compressed' : 'hybrid'}, which is not taken`, command)
}

/** What is odd about the DER of a key, or which other DER it is; `null` where nothing is known. */
export function nameOfDer(der: Buffer): string | null {
  try {
    const parts = inside(readDer(der))
    const kinds = kindsOf(parts)
    if (kinds === '30 3') return ofSpki(parts)
    if (/^2 30 4|^2 4|^2(?: 2){8}|^30 4$/.test(kinds)) return privateKey
    if (kinds === '2 2') return by('an RSA key by PKCS#1', 'openssl rsa -RSAPublicKey_in -in FILE -pubout')
    if (kinds === '30 30 3')
      return by('a certificate, or a request for one', 'openssl x509 -in FILE -pubkey -noout')
    if (/^2 30(?: 30)?$/.test(kinds)) {
      return by('a PKCS#12 store', 'openssl pkcs12 -in FILE -clcerts -nokeys | openssl x509 -pubkey -noout')
    }
    return null
  } catch (error) {
    if (error instanceof DerError) return null
    throw error
  }
}

/** The name of the form that a file has which is no key as it is taken, with the command that converts it. */
export function nameOfKeyFile(bytes: Buffer): string | null {
  const text = textAroundPem(bytes)
  if (text === null) {
    // OpenPGP, a packet with a key first of all (RFC 9580, 4.3).
    return [0x98, 0x99, 0xc6].includes(bytes[0] ?? 0) ? pgp : nameOfDer(bytes)
  }
  const inner = fromBase64(text)
  return (
    ofText(text) ??
    (inner === null ? null : by('base64 of a key', 'base64 -d FILE | openssl pkey -pubin -inform DER'))
  )
}

/**
 * What a file is that was given as an encrypted private key and is none, in words that quote nothing of it.
 *
 * @param text the file
 */
export function nameOfSecretFile(text: string): string {
  const [label = ''] = [...text.matchAll(/-----BEGIN ([A-Z0-9 #]{1,60})-----/g)].map(([, name = '']) => name)
  if (label === 'OPENSSH PRIVATE KEY') {
    return 'a private key of OpenSSH; “ssh-keygen -p -m PKCS8 -f COPY” writes a copy of it anew, with a passphrase'
  }
  if (/^(?:RSA |EC )?PRIVATE KEY$/.test(label)) {
    const command = 'openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out KEY'
    return `a private key that is not encrypted as PKCS#8; “${command}” does that`
  }
  if (label.endsWith('PUBLIC KEY') || /^(?:ssh-|ecdsa-)/.test(text))
    return 'a public key; the private one is asked for'
  if (label.includes('CERTIFICATE')) return 'a certificate; the private key is asked for'
  return label === '' ? 'a file that is no PEM' : `a PEM block “${label}”`
}

import { textOf } from '../../platform/text-forms.ts'
import { shown } from '../refusal.ts'

/*
 * What people have in their hands when they look for a signature. Each is named for what it is, with the command that
 * checks it: none of them says that anything is wrong with the file.
 */

const checkedBy = (what: string, command: string): string => `${what}; “${command}” checks it`
const pgp = checkedBy('an OpenPGP signature', 'gpg --verify SIGNATURE FILE')
const cms = (inform: string): string =>
  checkedBy(
    'a CMS signature (PKCS#7)',
    `openssl cms -verify -binary -inform ${inform} -in SIGNATURE -content FILE -CAfile CA.pem`,
  )

const labels: Readonly<Record<string, string>> = {
  'PGP SIGNATURE': pgp,
  'PGP SIGNED MESSAGE': checkedBy('a text with an OpenPGP signature of its own', 'gpg --verify SIGNATURE'),
  'PGP MESSAGE': checkedBy('an OpenPGP message', 'gpg --decrypt SIGNATURE'),
  'PGP PUBLIC KEY BLOCK': 'an OpenPGP key, no signature',
  'SSH SIGNATURE': 'an SSH signature that is not whole; copy it again, with its first and last line',
  CMS: cms('PEM'),
  PKCS7: cms('PEM'),
  'PKCS #7 SIGNED DATA': cms('PEM'),
  'AGE ENCRYPTED FILE': 'a file that age encrypted, no signature; “age -d” opens it',
  CERTIFICATE: 'a certificate, no signature',
  'TRUSTED CERTIFICATE': 'a certificate, no signature',
  'PUBLIC KEY': 'a public key, no signature; give it with --key',
  'RSA PUBLIC KEY': 'a public key, no signature; give it with --key',
}

function ofPem(text: string): string | null {
  const label = /^-----BEGIN ([A-Z0-9 #]{1,60})-----\s*$/m.exec(text)?.[1]
  if (label === undefined) return null
  if (label.endsWith('PRIVATE KEY') || label === 'PGP PRIVATE KEY BLOCK') {
    return 'a private key, no signature; keep it to yourself'
  }
  return (
    (Object.hasOwn(labels, label) ? labels[label] : undefined) ??
    `a PEM block “${label}”, no signature that is read here`
  )
}

const asBundle = (what: string): string => `${what}; give it with --bundle instead of --signature`

function ofJson(text: string): string | null {
  if (!/^\s*[[{]/.test(text)) return null
  const has = (name: string): boolean => text.includes(`"${name}"`)
  if (text.includes('application/vnd.dev.sigstore.bundle')) return asBundle('a Sigstore bundle')
  if (has('base64Signature')) return asBundle('cosign’s older bundle')
  if (has('payloadType') && has('signatures')) {
    return asBundle('a DSSE envelope, which signs a statement of its own and not the file')
  }
  if (has('attestation_bundles') || (has('envelope') && has('verification_material'))) {
    return asBundle('an attestation of PyPI')
  }
  if (has('protected') && (has('signature') || has('signatures'))) {
    return checkedBy('a JSON web signature, as Notation makes it', 'notation verify IMAGE')
  }
  if (has('signed') && has('signatures')) return 'metadata of TUF or in-toto, no signature over the file'
  return 'a JSON document, no bare signature'
}

const webSignature = /^[\w-]{8,}\.[\w-]*\.[\w-]{8,}$/
const checksum = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})(?:$|\s+[ *]?\S)/im
const taggedChecksum = /^(?:SHA\d+|MD5|BLAKE2b) ?\(.+\) ?= [0-9a-f]{32,128}$/im

function ofText(text: string): string | null {
  const start = text.trimStart()
  if (start === '') return 'an empty file'
  if (start.startsWith('untrusted comment:')) {
    return checkedBy(
      'a signature of minisign or signify',
      'minisign -Vm FILE -x SIGNATURE -p KEY” or “signify -V -m FILE -x SIGNATURE -p KEY',
    )
  }
  if (start.startsWith('age-encryption.org/')) return labels['AGE ENCRYPTED FILE'] ?? null
  if (/^(?:MIME-Version|Content-Type):/i.test(start)) {
    return checkedBy('a signed mail (S/MIME)', 'openssl cms -verify -in SIGNATURE -CAfile CA.pem')
  }
  if (start.startsWith('version https://git-lfs.'))
    return 'a pointer of Git LFS; “git lfs pull” gets the file itself'
  if (/^<(?:!doctype html|html)/i.test(start)) return 'a web page, as servers send it instead of a file'
  if (/^<(?:\?xml|[\w:]*Signature)/i.test(start))
    return checkedBy('a document of XML', 'xmlsec1 --verify SIGNATURE')
  if (webSignature.test(text.trim())) return 'a JSON web signature (JWS), which says itself what it is over'
  if (checksum.test(start) || taggedChecksum.test(start)) {
    return 'a checksum, which anybody can make; “sha256sum -c” compares it, and nobody signed it'
  }
  return ofPem(text) ?? ofJson(text)
}

/** Whether bytes are signatures of OpenPGP (RFC 9580, 4.2): such packets and nothing else, each of a known version. */
export function isOpenPgp(bytes: Buffer): boolean {
  let at = 0
  while (at < bytes.length) {
    const tag = bytes[at] ?? 0
    const old = tag >= 0x88 && tag <= 0x8a
    const first = bytes[at + 1] ?? 0
    let [start, length] = [at + 2, first]
    if (old && tag > 0x88) {
      const size = tag === 0x89 ? 2 : 4
      if (at + 1 + size > bytes.length) return false
      ;[start, length] = [at + 1 + size, bytes.readUIntBE(at + 1, size)]
    } else if (!old) {
      if (tag !== 0xc2) return false
      if (first >= 192 && first < 224)
        [start, length] = [at + 3, ((first - 192) << 8) + (bytes[at + 2] ?? 0) + 192]
      else if (first === 255 && at + 6 <= bytes.length) [start, length] = [at + 6, bytes.readUInt32BE(at + 2)]
      else if (first >= 224) return false
    }
    const version = bytes[start] ?? 0
    if (version < 2 || version > 6 || length < 8) return false
    at = start + length
  }
  return at === bytes.length && at > 0
}

const signedData = Buffer.from('06092a864886f70d010702', 'hex')

function ofBytes(bytes: Buffer): string | null {
  if (bytes.length === 0) return 'an empty file'
  if (isOpenPgp(bytes)) return pgp
  if (bytes[0] === 0x30) {
    const at = bytes.subarray(0, 64).indexOf(signedData)
    // A ContentInfo begins with its kind; in the answer of a timestamp authority a status stands before it.
    if (at >= 2 && at <= 6) return cms('DER')
    if (at > 6) {
      return checkedBy(
        'an answer of a timestamp authority, no signature of a signer',
        'openssl ts -verify -in SIGNATURE -data FILE -CAfile CA.pem',
      )
    }
  }
  if (bytes.subarray(0, 6).equals(Buffer.from('SSHSIG'))) return labels['SSH SIGNATURE'] ?? null
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'a file that gzip packed'
  if (bytes.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004'))) return 'a zip archive'
  return null
}

/**
 * What a file is that was given as a bare signature and is none, in words.
 *
 * @param pieces the file, and what it is the base64 or hexadecimal of
 * @returns `null` where it is nothing that is known here
 */
export function formOf(pieces: readonly Buffer[]): string | null {
  for (const piece of pieces) {
    const text = textOf(piece)
    const found = (text === null ? null : ofText(text)) ?? ofBytes(piece)
    if (found !== null) return shown(found)
  }
  return null
}

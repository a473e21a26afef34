import { createHash, privateEncrypt, constants, sign } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesArtifact } from '../../../main/sigstore/artifact.ts'
import { checkBareSignature } from '../../../main/sigstore/bare/check.ts'
import { Refusal } from '../../../main/sigstore/refusal.ts'
import { wireString } from '../../../main/sigstore/ssh-wire.ts'
import { readVerifierKey } from '../../../main/sigstore/verifier-key.ts'
import { reasonWords } from '../../../shared/text/reasons.ts'
import type { ReasonCode } from '../../../shared/reason.ts'
import { makeKey, pem, signWith, type TestKey } from '../pki/key.ts'
import { sequence, tlv } from '../pki/der.ts'
import type { Attack } from './attack.ts'

/* What is given as a bare signature of a file. None of it is accepted, and none is called false. */

const file = Buffer.from('a file of somebody else\n')
const p256 = makeKey('p256')
const rsa = makeKey('rsa2048')
const ed = makeKey('ed25519')

const bare = (name: string, code: ReasonCode, key: TestKey, bytes: () => Buffer | string): Attack => ({
  name,
  code,
  given: null,
  refusal: async () => {
    try {
      await checkBareSignature(bytesArtifact(file), readVerifierKey(key.spki), Buffer.from(bytes()))
      return null
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { kind, means, next } = reasonWords[error.reason.code]
      if (kind !== 'unknown' || /forge|not made by/.test(means + next)) throw new Error('it is called false')
      return error.reason
    }
  },
})
const form = (name: string, bytes: () => Buffer | string): Attack => bare(name, 'signature.form', p256, bytes)
const noFit = (name: string, key: TestKey, bytes: () => Buffer | string): Attack =>
  bare(name, 'signature.no-fit', key, bytes)

/** An SSH signature over the file, by an Ed25519 key, with whatever namespace and parts. */
export function sshSignature(
  key: TestKey,
  { namespace = 'file', hash = 'sha512', over = file, type = 'ssh-ed25519', behind = Buffer.alloc(0) } = {},
): Buffer {
  const shared = [wireString(namespace), wireString(''), wireString(hash)]
  const digest = createHash(hash).update(over).digest()
  const made = sign(
    null,
    Buffer.concat([Buffer.from('SSHSIG'), ...shared, wireString(digest)]),
    key.privateKey,
  )
  const blob = Buffer.concat([wireString(type), wireString(key.spki.subarray(-32))])
  const version = Buffer.from([0, 0, 0, 1])
  const signature = Buffer.concat([wireString(type), wireString(made)])
  return Buffer.concat([
    Buffer.from('SSHSIG'),
    version,
    wireString(blob),
    ...shared,
    wireString(signature),
    behind,
  ])
}

const raw = (message: Buffer): Buffer =>
  privateEncrypt({ key: rsa.privateKey, padding: constants.RSA_NO_PADDING }, message)
const info = Buffer.from('3031300d060960864801650304020105000420', 'hex')
const sha256 = createHash('sha256').update(file).digest()
const padded = (length: number, tail: Buffer, behind: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(length, 0xff), Buffer.from([0]), tail, behind])

function more(signature: Buffer): Buffer {
  const s =
    BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + ed25519.Point.Fn.ORDER
  const bytes = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()
  return Buffer.concat([signature.subarray(0, 32), bytes])
}

const forms: readonly Attack[] = [
  form(
    'OpenPGP',
    () => '-----BEGIN PGP SIGNATURE-----\n\niHUEABYKAB0WIQ==\n=abcd\n-----END PGP SIGNATURE-----\n',
  ),
  form('OpenPGP, bytes, old packets', () => Buffer.concat([Buffer.from([0x88, 12, 4, 0]), Buffer.alloc(10)])),
  form('OpenPGP, bytes, new packets', () =>
    Buffer.concat([
      Buffer.from([0xc2, 12, 6, 0]),
      Buffer.alloc(10),
      Buffer.from([0xc2, 9, 4]),
      Buffer.alloc(8),
    ]),
  ),
  form('a clear text with OpenPGP', () => '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nx\n'),
  form('CMS as PEM', () => pem('CMS', sequence())),
  form('PKCS#7 as PEM', () => pem('PKCS7', sequence())),
  form('CMS as DER', () =>
    sequence(Buffer.from('06092a864886f70d010702', 'hex'), tlv(0xa0, Buffer.alloc(200))),
  ),
  form('CMS as base64 alone', () =>
    sequence(Buffer.from('06092a864886f70d010702', 'hex'), tlv(0xa0, Buffer.alloc(200))).toString('base64'),
  ),
  form('a timestamp', () =>
    sequence(
      sequence(Buffer.from([2, 1, 0])),
      sequence(Buffer.from('06092a864886f70d010702', 'hex'), tlv(0xa0, Buffer.alloc(200))),
    ),
  ),
  form('minisign', () => 'untrusted comment: signature from minisign secret key\nRWQ=\ntrusted comment: x\n'),
  form('S/MIME', () => 'MIME-Version: 1.0\nContent-Type: multipart/signed\n'),
  form('age', () => 'age-encryption.org/v1\n-> X25519 abc\n'),
  form('age, armoured', () => pem('AGE ENCRYPTED FILE', Buffer.alloc(40))),
  form('DSSE', () => '{"payloadType":"x","payload":"e30=","signatures":[{"sig":"AAAA"}]}'),
  form('DSSE, UTF-16', () =>
    Buffer.from('\ufeff{"payloadType":"x","payload":"e30=","signatures":[]}', 'utf16le'),
  ),
  form('a Sigstore bundle', () => '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}'),
  form('an attestation of PyPI', () => '{"version":1,"verification_material":{},"envelope":{}}'),
  form('Notation', () => '{"payload":"e30","protected":"e30","signature":"AAAA"}'),
  form('TUF', () => '{"signed":{},"signatures":[]}'),
  form('other JSON', () => '[1]'),
  form('a JSON web signature', () => `${'e'.repeat(40)}.${'f'.repeat(40)}.${'g'.repeat(40)}`),
  form('a checksum', () => `${sha256.toString('hex')}  file\n`),
  form('a checksum alone', () => sha256.toString('hex')),
  form('a checksum of BSD', () => `SHA256 (file) = ${sha256.toString('hex')}\n`),
  form('a web page', () => '<!DOCTYPE html><html></html>'),
  form('a document of XML', () => '<?xml version="1.0"?><Signature/>'),
  form('a pointer of Git LFS', () => 'version https://git-lfs.github.com/spec/v1\n'),
  form('a public key', () => pem('PUBLIC KEY', p256.spki)),
  form('a private key', () => pem('EC PRIVATE KEY', Buffer.alloc(40))),
  form('an OpenPGP key', () => '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n'),
  form('a PEM block of another name', () => pem('SOMETHING', Buffer.alloc(40))),
  form('gzip', () => Buffer.from([0x1f, 0x8b, 8, 0])),
  form('an empty file', () => ''),
  form('blanks alone', () => '\n \n'),
  form('an SSH signature that is cut off', () => sshSignature(ed).subarray(0, -9)),
  form('an SSH signature with more behind it', () => sshSignature(ed, { behind: Buffer.from('x') })),
]

const ssh: readonly Attack[] = [
  bare('an SSH signature for git', 'signature.form', ed, () => sshSignature(ed, { namespace: 'git' })),
  bare('an SSH signature for a command', 'signature.form', ed, () =>
    sshSignature(ed, { namespace: 'git; rm -r ~' }),
  ),
  bare('an SSH signature for words that end ours', 'signature.form', ed, () =>
    sshSignature(ed, { namespace: 'git”; “sh FILE' }),
  ),
  bare('an SSH signature over a SHA-1', 'signature.form', ed, () => sshSignature(ed, { hash: 'sha1' })),
  bare('an SSH signature by a key of a type that is a command', 'signature.form', ed, () =>
    sshSignature(ed, { type: 'sk-ssh; rm -r ~' }),
  ),
  bare('an SSH signature by a key in hardware', 'signature.form', ed, () =>
    sshSignature(ed, { type: 'sk-ssh-ed25519@openssh.com' }),
  ),
  noFit('an SSH signature by another key', makeKey('ed25519'), () => sshSignature(ed)),
  noFit('an SSH signature over another file', ed, () => sshSignature(ed, { over: Buffer.from('x') })),
]

const others: readonly Attack[] = [
  noFit('by another key', p256, () => signWith(makeKey('p256'), file)),
  noFit('over another file', p256, () => signWith(p256, Buffer.from('another'))),
  noFit('over a SHA-1', p256, () => sign('sha1', file, p256.privateKey)),
  noFit('by a key of another kind', p256, () => signWith(ed, file)),
  noFit('base64 with words behind it', p256, () => `${signWith(p256, file).toString('base64')} # mine`),
  noFit('base64 twice', p256, () => signWith(p256, file).toString('base64').repeat(2)),
  noFit('a byte behind it', p256, () => Buffer.concat([signWith(p256, file), Buffer.from([0])])),
  noFit('of zeros, side by side', p256, () => Buffer.alloc(64)),
  noFit('RSA over a SHA-1', rsa, () => sign('sha1', file, rsa.privateKey)),
  noFit('RSA with a short padding and bytes behind', rsa, () =>
    raw(padded(8, Buffer.concat([info, sha256]), Buffer.alloc(256 - 62, 7))),
  ),
  noFit('RSA with the digest alone', rsa, () => raw(padded(256 - 35, sha256, Buffer.alloc(0)))),
  noFit('RSA of a message of zeros', rsa, () => Buffer.alloc(256)),
  noFit('RSA of one', rsa, () => Buffer.concat([Buffer.alloc(255), Buffer.from([1])])),
  noFit('Ed25519 with a scalar above the order', ed, () => more(sign(null, file, ed.privateKey))),
  noFit('Ed25519 over a point of small order', ed, () =>
    Buffer.concat([Buffer.from([1]), Buffer.alloc(31), sign(null, file, ed.privateKey).subarray(32)]),
  ),
  noFit('Ed25519 of zeros', ed, () => Buffer.alloc(64)),
  noFit('Ed25519 of ones', ed, () => Buffer.alloc(64, 0xff)),
]

/** Bare signatures that count for nothing, and files that are none. */
export const bareAttacks: readonly Attack[] = [...forms, ...ssh, ...others]

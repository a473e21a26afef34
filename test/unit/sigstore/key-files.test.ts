import type { JsonWebKey } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openKey } from '../../../main/sign/key-file.ts'
import { nameOfDer, nameOfSecretFile } from '../../../main/sigstore/key-names.ts'
import { readKeyFile } from '../../../main/sigstore/key-forms.ts'
import { readVerifierPem, UnknownKey } from '../../../main/sigstore/verifier-key.ts'
import { wireString } from '../../../main/sigstore/ssh-wire.ts'
import { sallyport } from '../../support/command-line.ts'
import { makeKey, pem, type TestKeyKind } from '../../support/pki/key.ts'

/* Public keys as people have them (case B9 of the field): taken, or named with the command that converts them. */

let folder = ''
const at = (name: string): string => join(folder, name)
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-keys-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const tool = (name: string, ...words: string[]): Buffer =>
  execFileSync(name, words, { cwd: folder, stdio: 'pipe' })

function refusal(bytes: Buffer | string): string {
  try {
    return `taken: ${readKeyFile(Buffer.from(bytes)).kind}`
  } catch (error) {
    if (error instanceof UnknownKey) return error.message
    throw error
  }
}

const kinds = ['p256', 'p384', 'p521', 'rsa2048', 'rsa3072', 'rsa4096', 'ed25519'] as const

describe('a public key in a file', () => {
  it.each(kinds)('%s: in each everyday form it is the same key', (kind: TestKeyKind) => {
    const key = makeKey(kind)
    const { fingerprint } = readKeyFile(key.spki)
    const written = pem('PUBLIC KEY', key.spki)
    writeFileSync(at('key'), key.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    tool('openssl', 'req', '-x509', '-new', '-key', 'key', '-subj', '/CN=x', '-days', '1', '-out', 'crt')
    tool('openssl', 'x509', '-in', 'crt', '-outform', 'DER', '-out', 'crt.der')
    const certificate = readFileSync(at('crt'), 'utf8')
    const ssh = sshOf(kind, key.publicKey.export({ format: 'jwk' }))
    const jwk = JSON.stringify({ ...key.publicKey.export({ format: 'jwk' }), kid: 'x', use: 'sig' })
    const forms = {
      pem: written,
      'words around': `Key of the team:\n\n${written}\nuntil 2027 -- see the wiki\n`,
      'blanks at line ends': written.replaceAll('\n', '  \t\n'),
      'in one line': written.trim().replaceAll('\n', ' '),
      'line ends of old Macs': written.replaceAll('\n', '\r'),
      'UTF-16': Buffer.from(`\ufeff${written.replaceAll('\n', '\r\n')}`, 'utf16le'),
      'UTF-16, the other way round': Buffer.from(`\ufeff${written}`, 'utf16le').swap16(),
      'a mark and line ends of Windows': `\ufeff${written.replaceAll('\n', '\r\n')}`,
      'UTF-16 without a mark': Buffer.from(written, 'utf16le'),
      'words in an old encoding': Buffer.from(`Schl\u00fcssel f\u00fcr Pakete\n${written}`, 'latin1'),
      'base64 of PEM': Buffer.from(written).toString('base64'),
      'base64 of DER': key.spki.toString('base64'),
      certificate,
      'a certificate as OpenSSL prints it': `Certificate:\n    Data:\n${certificate}`,
      'a certificate as DER': readFileSync(at('crt.der')),
      OpenSSH: `${ssh} bob@host\n`,
      'OpenSSH, in a list with a comment': `# release\n\nbob@host namespaces="file" ${ssh}\n`,
      'a JSON web key': jwk,
      ...(kind.startsWith('rsa') && {
        'PKCS#1': key.publicKey.export({ type: 'pkcs1', format: 'pem' }),
        'PKCS#1 as DER': key.publicKey.export({ type: 'pkcs1', format: 'der' }),
      }),
      ...(kind.startsWith('p') && {
        'EC PARAMETERS before it': pem('EC PARAMETERS', Buffer.from([5, 0])) + written,
      }),
    }
    for (const [name, bytes] of Object.entries(forms)) {
      expect([name, readKeyFile(Buffer.from(bytes)).fingerprint]).toEqual([name, fingerprint])
    }
    // A policy holds the one form; a different one is named.
    for (const text of [forms['words around'], certificate, ssh]) {
      expect(() => readVerifierPem(text)).toThrow(/^not a PEM with one PUBLIC KEY alone: /)
    }
  })

  const p256 = makeKey('p256')
  const written = pem('PUBLIC KEY', p256.spki)
  const secret = (type: 'pkcs8' | 'sec1', format: 'pem' | 'der'): Buffer =>
    Buffer.from(p256.privateKey.export({ type, format } as { type: 'pkcs8'; format: 'pem' }))
  const pgp = /OpenPGP key/
  it.each([
    ['a private key', () => secret('pkcs8', 'pem'), /^a private key.*openssl pkey -in FILE -pubout/],
    ['a private key, SEC 1', () => secret('sec1', 'pem'), /^a private key/],
    ['a private key, DER', () => secret('pkcs8', 'der'), /^a private key/],
    ['a private key, SEC 1, DER', () => secret('sec1', 'der'), /^a private key/],
    [
      'a private key with its public half',
      () => secret('pkcs8', 'pem').toString() + written,
      /^a private key/,
    ],
    ['a private key of OpenSSH', () => pem('OPENSSH PRIVATE KEY', Buffer.alloc(90)), /^a private key/],
    [
      'a private key of cosign',
      () => pem('ENCRYPTED SIGSTORE PRIVATE KEY', Buffer.alloc(90)),
      /^a private key/,
    ],
    [
      'a private JSON web key',
      () => JSON.stringify(p256.privateKey.export({ format: 'jwk' })),
      /^a private JSON/,
    ],
    ['two keys', () => written + written, /^2 PEM blocks/],
    [
      'a chain of certificates',
      () => pem('CERTIFICATE', Buffer.alloc(9)).repeat(3),
      /^3 certificates.*openssl x509 .*of the first$/,
    ],
    ['parameters alone', () => pem('EC PARAMETERS', Buffer.from([5, 0])), /without a key/],
    [
      'a header inside',
      () => written.replace('KEY-----\n', 'KEY-----\nComment: x\n\n'),
      /with more in its file/,
    ],
    ['cut off', () => written.slice(0, -30), /with more in its file, or one that is not whole/],
    ['a request', () => pem('CERTIFICATE REQUEST', Buffer.alloc(9)), /openssl req -in FILE -pubkey/],
    ['PKCS#7', () => pem('PKCS7', Buffer.alloc(9)), /openssl pkcs7/],
    ['another block', () => pem('SOMETHING', Buffer.alloc(9)), /“SOMETHING”/],
    [
      'OpenPGP',
      () => '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME\n-----END PGP PUBLIC KEY BLOCK-----\n',
      pgp,
    ],
    ['OpenPGP, bytes', () => Buffer.from([0x98, 0x33, 4, 0, 0xff]), pgp],
    ['minisign', () => 'untrusted comment: minisign public key\nRWQ=\n', /minisign/],
    ['RFC 4716', () => '---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n', /ssh-keygen -i -m RFC4716/],
    ['OpenSSH, two', () => 'ssh-ed25519 AAAA x\n'.repeat(2), /ssh-keygen -e -m PKCS8/],
    ['OpenSSH, in hardware', () => sshLine('sk-ssh-ed25519@openssh.com'), /over more than the file/],
    ['OpenSSH, DSA', () => sshLine('ssh-dss'), /of the type ssh-dss/],
    ['OpenSSH, two types', () => sshLine('ssh-rsa').replace('ssh-rsa', 'ssh-dss'), /names two types/],
    ['OpenSSH, cut off', () => sshLine('ssh-ed25519'), /not whole/],
    ['PuTTY', () => 'PuTTY-User-Key-File-3: ssh-ed25519\n', /puttygen/],
    ['a web page', () => '<!DOCTYPE html>', /web page/],
    ['other JSON', () => '{"keys":[]}', /JSON/],
    ['nothing', () => ' \n', /empty/],
    ['words', () => 'the key is in the safe', /^not a public key in a form that is read/],
    ['bytes', () => Buffer.from([1, 2, 0xff]), /^not a public key in a form that is read/],
    ['DER that is cut off', () => p256.spki.subarray(0, -1), /^not a public key/],
    ['DER with more behind', () => Buffer.concat([p256.spki, Buffer.from([0])]), /^not a public key/],
    ['secp256k1', () => makeKey('secp256k1').spki, /secp256k1/],
    [
      'RSA 1024',
      () => makeKey('rsa1024').spki,
      /an RSA key of 1024 bits; those of 2048, 3072 and 4096 are taken/,
    ],
  ])('%s is named', (_, bytes, expected) => {
    expect(refusal(bytes())).toMatch(expected)
  })

  it('a curve is named also where the runtime does not know it', () => {
    expect(nameOfDer(makeKey('secp256k1').spki)).toBe(
      'an elliptic curve key on secp256k1, which is not taken',
    )
    const other = Buffer.from(p256.spki)
    other[other.indexOf(Buffer.from('2a8648ce3d030107', 'hex')) + 7] = 9
    expect(nameOfDer(other)).toBe(
      'an elliptic curve key on the curve 1.2.840.10045.3.1.9, which is not taken',
    )
    expect(nameOfDer(p256.spki)).toBeNull()
  })

  it('what openssl and ssh-keygen are named for works', () => {
    writeFileSync(at('key'), secret('pkcs8', 'pem'))
    tool('openssl', 'ec', '-in', 'key', '-pubout', '-conv_form', 'compressed', '-out', 'compressed')
    tool('openssl', 'ec', '-in', 'key', '-pubout', '-param_enc', 'explicit', '-out', 'explicit')
    for (const [name, expected] of [
      ['compressed', /point is compressed.*“(openssl [^”]+)”/],
      ['explicit', /explicit parameters.*“(openssl [^”]+)”/],
    ] as const) {
      const command = expected.exec(refusal(readFileSync(at(name))))?.[1] ?? 'none'
      const [program = '', ...words] = command.replace('FILE', name).split(' ')
      expect(readKeyFile(tool(program, ...words)).spki).toEqual(p256.spki)
    }
    tool('openssl', 'pkey', '-in', 'key', '-pubout', '-out', 'KEY.pub')
    expect(readKeyFile(readFileSync(at('KEY.pub'))).spki).toEqual(p256.spki)
  })
})

describe('what is given as an encrypted private key', () => {
  const key = makeKey('p256')
  it.each([
    ['a public key', pem('PUBLIC KEY', key.spki), /^a public key; the private one/],
    ['a public key of OpenSSH', 'ssh-ed25519 AAAA bob', /^a public key; the private one/],
    ['a certificate', pem('CERTIFICATE', key.spki), /^a certificate/],
    ['one of OpenSSH', pem('OPENSSH PRIVATE KEY', Buffer.alloc(90)), /ssh-keygen -p -m PKCS8/],
    ['one by SEC 1', pem('EC PRIVATE KEY', Buffer.alloc(90)), /openssl pkcs8 -topk8/],
    ['another block', pem('SOMETHING', Buffer.alloc(9)), /“SOMETHING”/],
    ['words', 'my key', /^a file that is no PEM/],
  ])('%s is named', async (_, text, found) => {
    await expect(openKey(text, 'x')).rejects.toMatchObject({
      code: 'key-unreadable',
      facts: { found: expect.stringMatching(found) as string },
    })
  })

  it('what is not encrypted is named, and quoted in nothing; the command works', async () => {
    const text = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const failure = await openKey(text, 'x').catch((error: unknown) => JSON.stringify(error))
    expect(failure).not.toContain(text.split('\n')[1])
    const command = /“(openssl [^”]+)”/.exec(nameOfSecretFile(text))?.[1] ?? 'none'
    writeFileSync(at('FILE'), text)
    const [program = '', ...words] = command.split(' ')
    tool(program, ...words, '-passout', 'pass:correct')
    const signer = await openKey(readFileSync(at('KEY'), 'utf8'), 'correct')
    expect(signer.key.spki).toEqual(key.spki)
  })
})

function sshLine(type: string): string {
  return `${type} ${Buffer.concat([wireString(type), wireString(Buffer.alloc(30))]).toString('base64')}`
}

function sshOf(kind: TestKeyKind, jwk: JsonWebKey): string {
  const bytes = (text = ''): Buffer => Buffer.from(text, 'base64url')
  const positive = (value: Buffer): Buffer =>
    (value[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), value]) : value
  const curve = `nist${kind}`
  const [type, ...parts] =
    kind === 'ed25519'
      ? (['ssh-ed25519', bytes(jwk.x)] as const)
      : kind.startsWith('rsa')
        ? (['ssh-rsa', positive(bytes(jwk.e)), positive(bytes(jwk.n))] as const)
        : ([
            `ecdsa-sha2-${curve}`,
            curve,
            Buffer.concat([Buffer.from([4]), bytes(jwk.x), bytes(jwk.y)]),
          ] as const)
  return `${type} ${Buffer.concat([type, ...parts].map((one) => wireString(one))).toString('base64')}`
}

const field = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'fixtures', 'field', 'keys')
describe.skipIf(!existsSync(field))('a key from the field', () => {
  const taken = [
    'bom',
    'comment',
    'crlf',
    'no-newline',
    'oneline',
    'text-after',
    'text-before',
    'trailing-spaces',
  ]
  it.each([...taken.map((one) => `ec-${one}.pub`), 'ec-with-params.pub', 'ec.crt', 'ec.der.pub', 'ec.pub'])(
    '%s verifies',
    async (name) => {
      const words = ['verify-file', join(field, 'rel.bin'), '--signature', join(field, 'rel.ec.sig')]
      expect((await sallyport([...words, '--key', join(field, name)])).code).toBe(0)
    },
  )
  it.each([
    ['rsa-pkcs1.pub', 'rel.rsa.sig'],
    ['edssh.pub', '../foreign/rel.bin.sig'],
  ])('%s verifies', async (name, signature) => {
    const words = ['verify-file', join(field, 'rel.bin'), '--signature', join(field, signature)]
    const { code, json } = await sallyport([...words, '--key', join(field, name)])
    expect([code, json['reason']]).toEqual([0, null])
  })
  it.each([
    ['ec-compressed.pub', /compressed.*openssl ec/],
    ['ec-explicit.pub', /explicit parameters.*openssl ec/],
    ['rsa8k.pub', /an RSA key of 8192 bits; those/],
  ])('%s is named', async (name, expected) => {
    const { code, json } = await sallyport(['key', 'show', join(field, name)])
    expect([code, json.failure.code]).toEqual([1, 'key-unreadable'])
    expect(String(json.failure.facts['found'])).toMatch(expected)
  })
})

import { execFileSync } from 'node:child_process'
import { createHash, sign } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { limits } from '../../../main/platform/limits.ts'
import { bytesArtifact } from '../../../main/sigstore/artifact.ts'
import { signDigest } from '../../../main/sigstore/ed25519ph.ts'
import { readSshKey } from '../../../main/sigstore/ssh-wire.ts'
import { verifyBundle } from '../../../main/sigstore/verify-bundle.ts'
import { makeBundle } from '../../support/authority/bundle.ts'
import { sallyport } from '../../support/command-line.ts'
import { makeKey, pem, type TestKeyKind } from '../../support/pki/key.ts'

let folder = ''
const at = (name: string): string => join(folder, name)
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-check-'))
  writeFileSync(at('file'), 'a file of somebody else\n')
  writeFileSync(at('other'), 'another file\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const openssl = (...words: string[]): void =>
  void execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' })
function keyFiles(kind: TestKeyKind): void {
  const key = makeKey(kind)
  writeFileSync(
    at(`${kind}.key`),
    pem('PRIVATE KEY', key.privateKey.export({ type: 'pkcs8', format: 'der' })),
  )
  writeFileSync(at(`${kind}.pub`), pem('PUBLIC KEY', key.spki))
}
const check = async (file: string, kind: string, signature: string): Promise<[number, unknown]> => {
  const words = ['verify-file', at(file), '--key', at(`${kind}.pub`), '--signature', at(signature)]
  const { code, json } = await sallyport(words)
  return [code, json['accepted']]
}

describe('a signature by ssh-keygen', () => {
  it.each([
    ['ed25519', ['-t', 'ed25519'], 'sha512'],
    ['p256', ['-t', 'ecdsa', '-b', '256'], 'sha256'],
    ['p384', ['-t', 'ecdsa', '-b', '384'], 'sha512'],
    ['p521', ['-t', 'ecdsa', '-b', '521'], 'sha512'],
    ['rsa3072', ['-t', 'rsa', '-b', '3072'], 'sha512'],
    ['rsa2048', ['-t', 'rsa', '-b', '2048'], 'sha256'],
  ])('%s', async (kind, how, hash) => {
    const ssh = (...words: string[]): Buffer =>
      execFileSync('ssh-keygen', words, { cwd: folder, stdio: 'pipe' })
    ssh('-q', ...how, '-N', '', '-C', 'bob@host', '-f', `ssh-${kind}`)
    const [, blob = ''] = readFileSync(at(`ssh-${kind}.pub`), 'latin1').split(' ')
    writeFileSync(at(`${kind}.pub`), pem('PUBLIC KEY', readSshKey(Buffer.from(blob, 'base64')).spki))
    ssh('-Y', 'sign', '-q', '-O', `hashalg=${hash}`, '-n', 'file', '-f', `ssh-${kind}`, 'file')
    expect(await check('file', kind, 'file.sig')).toEqual([0, true])
    expect(await check('other', kind, 'file.sig')).toEqual([3, false])
    rmSync(at('file.sig'))
    ssh('-Y', 'sign', '-q', '-n', 'git', '-f', `ssh-${kind}`, 'file')
    expect(await check('file', kind, 'file.sig')).toEqual([3, false])
    rmSync(at('file.sig'))
  })
})

describe('a bare signature of openssl', () => {
  it.each([
    ['p256', ['-sha256']],
    ['p384', ['-sha384']],
    ['p521', ['-sha512']],
    ['rsa2048', ['-sha256']],
    ['rsa4096', ['-sha256']],
    ['rsa3072', ['-sha256', '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest']],
  ] as const)(
    '%s: taken for its file, refused for another file and for a changed byte',
    async (kind, how) => {
      keyFiles(kind)
      openssl('dgst', ...how, '-sign', `${kind}.key`, '-out', `${kind}.sig`, 'file')
      expect(await check('file', kind, `${kind}.sig`)).toEqual([0, true])
      expect(await check('other', kind, `${kind}.sig`)).toEqual([3, false])
      const bytes = readFileSync(at(`${kind}.sig`))
      bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1
      writeFileSync(at('changed.sig'), bytes)
      expect(await check('file', kind, 'changed.sig')).toEqual([3, false])
    },
  )

  it('Ed25519', async () => {
    keyFiles('ed25519')
    openssl('pkeyutl', '-sign', '-rawin', '-inkey', 'ed25519.key', '-in', 'file', '-out', 'ed25519.sig')
    expect(await check('file', 'ed25519', 'ed25519.sig')).toEqual([0, true])
    expect(await check('other', 'ed25519', 'ed25519.sig')).toEqual([3, false])
  })

  it.each(
    (['p256', 'p384', 'p521', 'rsa2048', 'rsa3072', 'rsa4096'] as const).flatMap((kind) =>
      ([256, 384, 512] as const).flatMap((bits) => {
        const pss = ['digest', 'max', '0', '20'].map((salt) => [kind, bits, `pss, salt ${salt}`] as const)
        return [[kind, bits, ''] as const, ...(kind.startsWith('rsa') ? pss : [])]
      }),
    ),
  )('%s with SHA-%s %s', async (kind, bits, form) => {
    if (!existsSync(at(`${kind}.key`))) keyFiles(kind)
    const salt = form.split(' ')[2]
    const pss = salt === undefined ? [] : ['rsa_padding_mode:pss', `rsa_pss_saltlen:${salt}`]
    const options = pss.flatMap((one) => ['-sigopt', one])
    openssl('dgst', `-sha${bits}`, ...options, '-sign', `${kind}.key`, '-out', 'made.sig', 'file')
    expect(await check('file', kind, 'made.sig')).toEqual([0, true])
    expect(await check('other', kind, 'made.sig')).toEqual([3, false])
  })

  it('as text: base64 in one line or wrapped, for addresses, hexadecimal, by Windows', async () => {
    keyFiles('p256')
    openssl('dgst', '-sha512', '-sign', 'p256.key', '-out', 'made.sig', 'file')
    openssl('dgst', '-sha512', '-hex', '-sign', 'p256.key', '-out', 'hex.sig', 'file')
    openssl('base64', '-in', 'made.sig', '-out', 'wrapped.sig')
    const made = readFileSync(at('made.sig'))
    const base64 = made.toString('base64')
    const texts = {
      'base64.sig': base64,
      'line.sig': `${base64}\n`,
      'crlf.sig': `\ufeff ${base64.slice(0, 60)} \r\n${base64.slice(60)}\r\n`,
      'url.sig': made.toString('base64url'),
      'colons.sig': made.toString('hex').match(/../g)?.join(':') ?? '',
      'utf16le.sig': Buffer.from(`\ufeff${base64}\r\n`, 'utf16le'),
      'utf16be.sig': Buffer.from(`\ufeff${base64}\r\n`, 'utf16le').swap16(),
    }
    for (const [name, bytes] of Object.entries(texts)) writeFileSync(at(name), bytes)
    for (const name of [...Object.keys(texts), 'hex.sig', 'wrapped.sig']) {
      expect([name, await check('file', 'p256', name)]).toEqual([name, [0, true]])
      expect([name, await check('other', 'p256', name)]).toEqual([name, [3, false]])
    }
  })

  it.each(['p256', 'p384', 'p521'] as const)('two numbers side by side: %s', async (kind) => {
    const key = makeKey(kind)
    writeFileSync(at(`${kind}.pub`), pem('PUBLIC KEY', key.spki))
    const how = { key: key.privateKey, dsaEncoding: 'ieee-p1363' } as const
    writeFileSync(at('sides.sig'), sign('sha384', readFileSync(at('file')), how))
    expect(await check('file', kind, 'sides.sig')).toEqual([0, true])
    expect(await check('other', kind, 'sides.sig')).toEqual([3, false])
  })

  it('Ed25519 over a file that is larger than what is held in memory, and Ed25519ph', async () => {
    const key = makeKey('ed25519')
    writeFileSync(at('ed.pub'), pem('PUBLIC KEY', key.spki))
    const large = Buffer.alloc(limits.plainEd25519Bytes + 1, 'large ')
    writeFileSync(at('large'), large)
    writeFileSync(at('large.sig'), sign(null, large, key.privateKey))
    expect(await check('large', 'ed', 'large.sig')).toEqual([0, true])
    expect(await check('file', 'ed', 'large.sig')).toEqual([3, false])
    const secret = Buffer.from(key.privateKey.export({ format: 'jwk' }).d ?? '', 'base64url')
    writeFileSync(at('ph.sig'), signDigest(secret, createHash('sha512').update(large).digest()))
    expect(await check('large', 'ed', 'ph.sig')).toEqual([0, true])
    expect(await check('file', 'ed', 'ph.sig')).toEqual([3, false])
  })

  it('as a bundle too, of any size', async () => {
    const { json, ask, artifact } = makeBundle({
      kind: 'ed25519',
      way: { form: 'pure', hash: 'sha512' },
      artifact: Buffer.alloc(limits.plainEd25519Bytes + 1),
    })
    const bytes = Buffer.from(JSON.stringify(json))
    expect(await verifyBundle(bytes, bytesArtifact(artifact), ask)).toMatchObject({ ok: true })
  })

  it('is found beside its file, by the name that its tool gives it', async () => {
    keyFiles('p256')
    for (const [file, signature] of [
      ['a.bin', 'a.bin.sig'],
      ['b.iso', 'b.iso.sig.bin'],
      ['c.tar.zst', 'c.tar.sig.bin'],
      ['d.zst', 'd.sig.bin'],
    ] as const) {
      writeFileSync(at(file), 'content')
      openssl('dgst', '-sha256', '-sign', 'p256.key', '-out', signature, file)
      const { code, json } = await sallyport(['verify-file', at(file), '--key', at('p256.pub')])
      expect([file, code, json['by']]).toEqual([file, 0, signature])
    }
    writeFileSync(at('e.bin'), 'content')
    const { code, json } = await sallyport(['verify-file', at('e.bin'), '--key', at('p256.pub')])
    expect([code, json.failure.facts['path']]).toEqual([1, at('e.bin.sigstore.json')])
  })

  it('a digest that is too short, a file that is no signature, one that is too long', async () => {
    keyFiles('p256')
    openssl('dgst', '-sha1', '-sign', 'p256.key', '-out', 'sha1.sig', 'file')
    expect(await check('file', 'p256', 'sha1.sig')).toEqual([3, false])
    writeFileSync(at('empty.sig'), '')
    expect(await check('file', 'p256', 'empty.sig')).toEqual([3, false])
    writeFileSync(at('long.sig'), Buffer.alloc(limits.bareSignatureBytes + 1))
    expect((await check('file', 'p256', 'long.sig'))[0]).toBe(1)
  })

  it('what we sign openssl takes', async () => {
    writeFileSync(at('passphrase'), 'of a test that signs\n')
    const secret = ['--passphrase-file', at('passphrase')]
    await sallyport(['key', 'create', at('ours'), '--algorithm', 'p521', ...secret])
    const ended = await sallyport(['sign-file', at('file'), '--key', at('ours'), ...secret, '--sig-bin'])
    expect({ code: ended.code, out: ended.stdout }).toMatchObject({ code: 0 })
    openssl('dgst', '-sha512', '-verify', 'ours.pub', '-signature', 'file.sig.bin', 'file')
    const again = await sallyport(['verify-file', at('file'), '--key', at('ours.pub')])
    expect(again.json).toMatchObject({ accepted: true, proven: { signer: { kind: 'key' } } })
  })
})

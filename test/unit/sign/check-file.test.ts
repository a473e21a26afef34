import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

  it('a digest that is too short, a file that is no signature, one that is too long', async () => {
    keyFiles('p256')
    openssl('dgst', '-sha1', '-sign', 'p256.key', '-out', 'sha1.sig', 'file')
    expect(await check('file', 'p256', 'sha1.sig')).toEqual([3, false])
    writeFileSync(at('empty.sig'), '')
    expect(await check('file', 'p256', 'empty.sig')).toEqual([3, false])
    writeFileSync(at('long.sig'), Buffer.alloc(5000))
    expect((await check('file', 'p256', 'long.sig'))[0]).toBe(1)
  })

  it('what we sign openssl takes', async () => {
    writeFileSync(at('passphrase'), 'of a test\n')
    const secret = ['--passphrase-file', at('passphrase')]
    await sallyport(['key', 'create', at('ours'), '--algorithm', 'p521', ...secret])
    const ended = await sallyport(['sign-file', at('file'), '--key', at('ours'), ...secret, '--sig-bin'])
    expect({ code: ended.code, out: ended.stdout }).toMatchObject({ code: 0 })
    openssl('dgst', '-sha512', '-verify', 'ours.pub', '-signature', 'file.sig.bin', 'file')
    const again = await sallyport(['verify-file', at('file'), '--key', at('ours.pub')])
    expect(again.json).toMatchObject({ accepted: true, proven: { signer: { kind: 'key' } } })
  })
})

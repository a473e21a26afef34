import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { createKey, openKey } from '../../../main/sign/key-file.ts'
import { Pbes2Error, unprotect } from '../../../main/sign/pbes2.ts'
import { makeKey } from '../../support/pki/key.ts'

/* Encrypted PKCS#8 as other programs write it, opened beside the main thread and within bounds. */

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
const plain = makeKey('p256').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

function byOpenssl(...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(
    'openssl',
    ['pkcs8', '-topk8', '-passout', 'pass:a passphrase', ...words],
    { input: plain, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(stderr)
  return stdout
}

/** A key file of ours with the number of rounds in it changed; three bytes, as ours has. */
async function withRounds(rounds: number): Promise<string> {
  const { secret } = await createKey('p256', 'x')
  const der = Buffer.from(secret.split('\n').slice(1, -2).join(''), 'base64')
  const at = der.indexOf(Buffer.from('0203' + (600_000).toString(16).padStart(6, '0'), 'hex'))
  der.writeUIntBE(rounds, at + 2, 3)
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${der.toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----\n`
}

describe('an encrypted key of another program', () => {
  it.skipIf(!hasOpenssl).each([
    ['as it is without being asked', []],
    ['AES-128 with HMAC-SHA-1', ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA1']],
    ['AES-192 with HMAC-SHA-384', ['-v2', 'aes-192-cbc', '-v2prf', 'hmacWithSHA384']],
    [
      'AES-256 with HMAC-SHA-512 and many rounds',
      ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512', '-iter', '300000'],
    ],
    ['triple DES', ['-v2', 'des3']],
    ['scrypt', ['-scrypt']],
  ] as const)('is opened: %s', async (_what, words) => {
    const pem = byOpenssl(...words)
    const signer = await openKey(pem, 'a passphrase')
    expect(signer.key.algorithm).toBe('p256')
    await expect(openKey(pem, 'another')).rejects.toMatchObject({ code: 'key-locked' })
  })

  it.skipIf(!hasOpenssl)('is refused by name in a form that is not taken', async () => {
    await expect(openKey(byOpenssl('-v2', 'aria-256-cbc'), 'a passphrase')).rejects.toMatchObject({
      code: 'key-unreadable',
      facts: { found: expect.stringMatching(/cipher 1\.2\.410/) as string },
    })
    // r 8 becomes 127: a thousand times the memory.
    const der = Buffer.from(byOpenssl('-scrypt').split('\n').slice(1, -2).join(''), 'base64')
    const at = der.indexOf(Buffer.from('02024000020108', 'hex'))
    expect(at).toBeGreaterThan(0)
    der[at + 6] = 127
    const pem = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${der.toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----\n`
    await expect(openKey(pem, 'x')).rejects.toMatchObject({
      code: 'key-unreadable',
      facts: { found: expect.stringMatching(/block size of scrypt/) as string },
    })
  })
})

describe('what a key file may cost', () => {
  it('is bounded before anything is computed', async () => {
    // 16,777,215 is the most that three bytes say, and is taken; it is not spent here.
    const four = (await withRounds(600_000)).replace(/\n(.*)\n/s, (_all, body: string) => {
      const der = Buffer.from(body, 'base64')
      const at = der.indexOf(Buffer.from('0203' + (600_000).toString(16).padStart(6, '0'), 'hex'))
      // The salt gives a byte to the number: lengths stay what they are.
      const salt = der.lastIndexOf(Buffer.from('0410', 'hex'), at)
      der[salt + 1] = 0x0f
      Buffer.from('0204' + 'ffffff7f'.match(/../g)!.reverse().join(''), 'hex').copy(der, at - 1)
      return `\n${der.toString('base64')}\n`
    })
    await expect(unprotect(four, 'x')).rejects.toThrow(Pbes2Error)
    await expect(unprotect(await withRounds(0), 'x')).rejects.toThrow(Pbes2Error)
  })

  it('leaves the main thread free while a person signs', async () => {
    const { secret } = await createKey('p256', 'x')
    let turns = 0
    let counting = true
    const count = (): void => {
      turns += 1
      if (counting) setImmediate(count)
    }
    setImmediate(count)
    await openKey(secret, 'x')
    counting = false
    expect(turns).toBeGreaterThan(10)
  })
})

import { describe, expect, it } from 'vitest'
import { openCosignKey, writeCosignKey } from '../../../main/sign/cosign-key.ts'
import { createKey, openKey } from '../../../main/sign/key-file.ts'
import { Failure } from '../../../main/platform/failure.ts'
import { verifies } from '../../../main/sigstore/public-key.ts'
import { makeKey } from '../../support/pki/key.ts'

const codeOf = async (run: () => Promise<unknown>): Promise<string> => {
  try {
    await run()
    return 'nothing'
  } catch (error) {
    return error instanceof Failure ? error.code : 'other'
  }
}

/** The same key file with its JSON changed. */
function changed(pem: string, change: (file: { kdf: { params: { N: number } } }) => unknown): string {
  const [head = '', ...rest] = pem.trim().split('\n')
  const end = rest.pop() ?? ''
  const file = JSON.parse(Buffer.from(rest.join(''), 'base64').toString('utf8')) as {
    kdf: { params: { N: number } }
  }
  const text = Buffer.from(JSON.stringify(change(file))).toString('base64')
  return `${head}\n${text}\n${end}\n`
}

describe('cosign.key', () => {
  it.each(['p256', 'p384', 'p521', 'rsa3072', 'ed25519'] as const)(
    'a %s key is written and opened',
    async (algorithm) => {
      const made = await createKey(algorithm, 'long enough', 'cosign')
      expect(made.secret).toMatch(/^-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n/)
      const signer = await openKey(made.secret, 'long enough')
      expect(signer.key.fingerprint).toBe(made.signer.key.fingerprint)
      expect(verifies(signer.key, Buffer.from('a'), await signer.sign(Buffer.from('a')))).toBe(true)
      expect(await codeOf(() => openKey(made.secret, 'another'))).toBe('key-locked')
    },
  )

  it('the older label is read', async () => {
    const { secret } = await createKey('p256', '', 'cosign')
    expect((await openKey(secret.replaceAll('SIGSTORE', 'COSIGN'), '')).key.algorithm).toBe('p256')
  })

  it.each([2 ** 14, 2 ** 18, 2 ** 30, 3, 0, -1, 65536.5])(
    'a cost of %d is refused before it is spent',
    async (n) => {
      const { secret } = await createKey('p256', 'x', 'cosign')
      const file = changed(secret, (one) => ({
        ...one,
        kdf: { ...one.kdf, params: { ...one.kdf.params, N: n } },
      }))
      expect(await codeOf(() => openKey(file, 'x'))).toBe('key-unreadable')
    },
  )

  it('what is not in its form is refused: unknown fields, other block sizes, more text', async () => {
    const { secret } = await createKey('p256', 'x', 'cosign')
    const broken = [
      changed(secret, (one) => ({ ...one, more: 1 })),
      changed(secret, (one) => ({ ...one, kdf: { ...one.kdf, params: { ...one.kdf.params, r: 1024 } } })),
      changed(secret, (one) => ({ ...one, kdf: { ...one.kdf, params: { ...one.kdf.params, p: 1000 } } })),
      changed(secret, (one) => ({ ...one, cipher: { name: 'none', nonce: '' } })),
      `${secret}${secret}`,
      secret.replace('END ENCRYPTED SIGSTORE', 'END ENCRYPTED COSIGN'),
    ]
    for (const file of broken) expect(await codeOf(() => openKey(file, 'x'))).toBe('key-unreadable')
  })

  it('a key that holds something other than a PKCS#8 key of ours is refused', async () => {
    const small = makeKey('rsa2048').privateKey.export({ type: 'pkcs8', format: 'der' })
    const strange = makeKey('secp256k1').privateKey.export({ type: 'pkcs8', format: 'der' })
    for (const der of [small, strange, Buffer.from('not a key')]) {
      expect(await codeOf(() => writeCosignKey(der, 'x').then((pem) => openKey(pem, 'x')))).toBe(
        'key-unreadable',
      )
    }
    expect(await openCosignKey(await writeCosignKey(small, 'x'), 'x')).toEqual(small)
  })
})

import { createHash, verify } from 'node:crypto'
import { ed25519ph } from '@noble/curves/ed25519.js'
import { describe, expect, it } from 'vitest'
import { limits } from '../../../main/platform/limits.ts'
import { signDigest, verifyDigest } from '../../../main/sigstore/ed25519ph.ts'
import { createKey, keyAlgorithms } from '../../../main/sign/key-file.ts'
import { digestFor } from '../../../main/sigstore/public-key.ts'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')
const sha512 = (bytes: Uint8Array): Buffer => createHash('sha512').update(bytes).digest()

describe('Ed25519ph', () => {
  it('is that of RFC 8032, 7.3', () => {
    const secret = hex('833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42')
    const signature = hex(
      '98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41' +
        '31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406',
    )
    const digest = sha512(Buffer.from('abc'))
    expect(signDigest(secret, digest)).toEqual(signature)
    const key = Buffer.from(ed25519ph.getPublicKey(secret))
    expect(verifyDigest(key, digest, signature)).toBe(true)
    expect(ed25519ph.verify(signature, Buffer.from('abc'), key)).toBe(true)
  })

  it('refuses other digests, changed signatures and bytes that are no key, without throwing', () => {
    const { secretKey, publicKey } = ed25519ph.keygen()
    const signature = signDigest(secretKey, sha512(Buffer.from('a')))
    expect(verifyDigest(publicKey, sha512(Buffer.from('b')), signature)).toBe(false)
    for (const at of [0, 31, 32, 63]) {
      const bent = Buffer.from(signature)
      bent[at] = (bent[at] ?? 0) ^ 1
      expect(verifyDigest(publicKey, sha512(Buffer.from('a')), bent)).toBe(false)
    }
    expect(verifyDigest(Buffer.alloc(32), sha512(Buffer.from('a')), signature)).toBe(false)
    expect(verifyDigest(Buffer.alloc(5), Buffer.alloc(0), Buffer.alloc(3))).toBe(false)
  })
})

describe('a file signed while it is read', () => {
  it.each(keyAlgorithms)('%s: the signature is over the whole of it', async (algorithm) => {
    const { signer } = await createKey(algorithm, 'x')
    const signing = signer.begin(false)
    signing.update(Buffer.from('hello '))
    signing.update(Buffer.from('world'))
    const made = await signing.end()
    const whole = Buffer.from('hello world')
    expect(verify(digestFor(signer.key.algorithm), whole, signer.key.object, made.signature)).toBe(true)
    expect(made.digest).toEqual(createHash(made.algorithm).update(whole).digest())
  })

  it('Ed25519 for a log is Ed25519ph over SHA-512', async () => {
    const { signer } = await createKey('ed25519', 'x')
    const signing = signer.begin(true)
    signing.update(Buffer.from('hello'))
    const { signature, algorithm, digest } = await signing.end()
    expect(algorithm).toBe('sha512')
    expect(verifyDigest(signer.key.spki.subarray(-32), digest, signature)).toBe(true)
  })

  it('plain Ed25519 takes no more than fits in memory', async () => {
    const signing = (await createKey('ed25519', 'x')).signer.begin(false)
    signing.update(Buffer.alloc(limits.plainEd25519Bytes))
    expect(() => signing.update(Buffer.alloc(1))).toThrow('sign-too-large')
  })
})

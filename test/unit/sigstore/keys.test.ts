import { createPrivateKey, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createKey, keyAlgorithms, openKey } from '../../../main/sign/key-file.ts'
import { signStatement } from '../../../main/sign/signer.ts'
import { lowS } from '../../../main/sigstore/ecdsa.ts'
import {
  EnvelopeError,
  envelopeVerifies,
  parseEnvelope,
  signedBytes,
} from '../../../main/sigstore/envelope.ts'
import {
  digestFor,
  KeyError,
  readPublicKeyFile,
  readSpki,
  verifies,
} from '../../../main/sigstore/public-key.ts'

describe('keys and signatures', () => {
  for (const algorithm of keyAlgorithms) {
    it(`${algorithm}: made, opened again, signs, verifies; nothing else does`, async () => {
      const { secret, open, signer } = await createKey(algorithm, 'a passphrase')
      expect(secret).not.toContain('BEGIN PRIVATE KEY')
      const again = await openKey(secret, 'a passphrase')
      const key = readPublicKeyFile(Buffer.from(open))
      expect([again.key.fingerprint, key.fingerprint]).toEqual([
        signer.key.fingerprint,
        signer.key.fingerprint,
      ])
      // The system's own library opens the file.
      createPrivateKey({ key: secret, format: 'pem', passphrase: 'a passphrase' })
      await expect(openKey(secret, 'another')).rejects.toThrow('key-locked')
      await expect(openKey(secret, '')).rejects.toThrow('key-locked')
      const data = Buffer.from('data')
      const signature = await again.sign(data)
      expect(verifies(key, data, signature)).toBe(true)
      expect(verify(digestFor(key.algorithm), data, key.object, signature)).toBe(true)
      for (let at = 0; at < signature.length; at++) {
        const bad = Buffer.from(signature)
        bad[at] = (bad[at] ?? 0) ^ 1
        expect(verifies(key, data, bad)).toBe(false)
      }
      expect(verifies(key, Buffer.from('date'), signature)).toBe(false)
      for (const bad of [
        Buffer.alloc(0),
        signature.subarray(1),
        Buffer.concat([signature, Buffer.from([0])]),
      ]) {
        expect(verifies(key, data, bad)).toBe(false)
      }
      if (key.algorithm === 'p256' || key.algorithm === 'p384')
        expect(lowS(key.algorithm, signature)).toEqual(signature)
    })
  }

  it('a public key in another form has no second fingerprint: it is refused', async () => {
    const { signer } = await createKey('p256', 'x')
    const der = signer.key.spki
    const point = der.subarray(-65)
    const compressed = Buffer.concat([
      Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex'),
      Buffer.from([2 + ((point[64] ?? 0) & 1)]),
      point.subarray(1, 33),
    ])
    for (const bad of [
      compressed,
      Buffer.concat([der, Buffer.from([0])]),
      der.subarray(1),
      Buffer.alloc(0),
    ]) {
      expect(() => readSpki(bad)).toThrow(KeyError)
    }
  })

  it('an envelope says what was signed, and a change of any byte of it is noticed', async () => {
    const { signer } = await createKey('ed25519', 'x')
    const digest = `sha256:${'a'.repeat(64)}` as const
    const bytes = await signStatement(signer, [{ name: 'x', digest }], 'urn:x', {})
    const envelope = parseEnvelope(bytes)
    expect(envelopeVerifies(envelope, signer.key)).toBe(true)
    expect(signedBytes(Buffer.from('abc')).toString()).toBe('DSSEv1 28 application/vnd.in-toto+json 3 abc')
    for (let at = 0; at < bytes.length; at++) {
      const bad = Buffer.from(bytes)
      bad[at] = (bad[at] ?? 0) ^ 1
      let good = false
      try {
        const parsed = parseEnvelope(bad)
        good = parsed.fingerprint === signer.key.fingerprint && envelopeVerifies(parsed, signer.key)
      } catch (error) {
        expect(error).toBeInstanceOf(EnvelopeError)
      }
      expect({ at, good }).toEqual({ at, good: false })
    }
  })
})

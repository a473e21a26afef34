import { describe, expect, it } from 'vitest'
import { protect } from '../../../main/sign/pbes2.ts'

describe('the envelope of a private key', () => {
  it('makes each try of a passphrase cost 600,000 rounds', async () => {
    const pem = await protect(Buffer.from('a private key'), 'correct horse battery staple')
    const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
    // PBKDF2-params of RFC 8018: the salt of 16 bytes, then the count as an INTEGER.
    const salt = der.indexOf(Buffer.from('0410', 'hex'))
    const count = der.subarray(salt + 18)
    expect(count.subarray(0, 2).toString('hex')).toBe('0203')
    expect(count.readUIntBE(2, 3)).toBe(600_000)
  })
})

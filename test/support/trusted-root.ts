import { createHash, generateKeyPairSync } from 'node:crypto'

/** A file of trusted roots with one log of its own, and the SHA-256 of its bytes. */
export function makeTrustedRoot(name = 'log.priv.test'): {
  readonly bytes: Buffer
  readonly fingerprint: string
} {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const root = {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [
      {
        baseUrl: `https://${name}`,
        hashAlgorithm: 'SHA2_256',
        publicKey: {
          rawBytes: spki.toString('base64'),
          keyDetails: 'PKIX_ECDSA_P256_SHA_256',
          validFor: { start: '2025-01-01T00:00:00Z' },
        },
        logId: { keyId: createHash('sha256').update(spki).digest('base64') },
      },
    ],
  }
  const bytes = Buffer.from(`${JSON.stringify(root, null, 2)}\n`)
  return { bytes, fingerprint: createHash('sha256').update(bytes).digest('hex') }
}

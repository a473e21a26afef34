import crypto, { type KeyLike, type KeyObject } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

/*
 * Run as a program: makes this process's crypto refuse what BoringSSL, under Electron, refuses (a signature by an EC or
 * RSA key without a digest; curves and digests that it lacks), then answers the conformance cases, one JSON line each.
 */

const missing = new Set(['secp256k1', 'sha3-256', 'sha3-384', 'sha3-512', 'blake2b512', 'blake2s256', 'sm3'])

function demandDigest(algorithm: unknown, key: unknown): void {
  const object = (typeof key === 'object' && key !== null && 'key' in key ? key.key : key) as KeyObject
  const type = object instanceof crypto.KeyObject ? object.asymmetricKeyType : undefined
  if ((algorithm === null || algorithm === undefined) && type !== 'ed25519') {
    throw Object.assign(new Error('no default digest'), { code: 'ERR_OSSL_EVP_NO_DEFAULT_DIGEST' })
  }
}

const { verify, sign, createHash } = crypto
crypto.verify = ((algorithm: string | null, data: Buffer, key: KeyLike, signature: Buffer) => {
  demandDigest(algorithm, key)
  return verify(algorithm, data, key, signature)
}) as typeof crypto.verify
crypto.sign = ((algorithm: string | null, data: Buffer, key: KeyLike) => {
  demandDigest(algorithm, key)
  return sign(algorithm, data, key)
}) as typeof crypto.sign
crypto.createHash = (name: string) => {
  if (missing.has(name.toLowerCase())) throw new Error(`no ${name}`)
  return createHash(name)
}
syncBuiltinESMExports()

const { officialCases, privateCases, withOptOuts } = await import('./conformance.ts')
const { sallyport } = await import('./command-line.ts')
for (const mode of ['path', 'digest'] as const) {
  for (const one of [...officialCases(mode), ...privateCases(mode)]) {
    const { code } = await sallyport(withOptOuts(one))
    process.stdout.write(`${JSON.stringify({ name: `${mode} ${one.name}`, accepted: code === 0 })}\n`)
  }
}

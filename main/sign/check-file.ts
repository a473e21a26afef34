import type { Artifact } from '../sigstore/artifact.ts'
import { Refusal } from '../sigstore/refusal.ts'
import { schemeOf, verifiesDigest, verifiesMessage, type Scheme } from '../sigstore/signature.ts'
import { hashesOf, keyWords, type VerifierKey } from '../sigstore/verifier-key.ts'

// The key is the one that somebody chose, so every way in which such keys sign files may be tried.
function schemesOf(key: VerifierKey): readonly Scheme[] {
  if (key.kind === 'ed25519') return [{ form: 'pure', hash: 'sha512' }, schemeOf('ed25519', 'sha512')]
  const usual = hashesOf(key.kind).map((hash) => schemeOf(key.kind, hash))
  return key.kind.startsWith('rsa') ? [...usual, { form: 'rsa-pss', hash: 'sha256' }] : usual
}

/**
 * Demands that the bytes of a bare signature are this key's over the whole file. The file is read once; plain Ed25519
 * alone reads it again, into memory.
 *
 * @throws Refusal `signature.bad`
 */
export async function checkSignatureOf(
  artifact: Artifact,
  key: VerifierKey,
  signature: Buffer,
): Promise<Scheme> {
  const schemes = schemesOf(key)
  const digests = await artifact.digests(new Set(schemes.map(({ hash }) => hash)))
  for (const scheme of schemes) {
    const digest = digests[scheme.hash]
    if (digest !== undefined && verifiesDigest(key, scheme, digest, signature)) return scheme
  }
  const whole = key.kind === 'ed25519' ? await artifact.whole() : null
  const plain = schemes.find(({ form }) => form === 'pure')
  if (whole !== null && plain !== undefined && verifiesMessage(key, plain, whole, signature)) return plain
  const expected = `a signature by the ${keyWords(key.kind)} key ${key.fingerprint}`
  throw new Refusal('signature.bad', expected, 'one that this key did not make over this file')
}

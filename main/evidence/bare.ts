import { hexOf, type Digest } from '../../shared/digest.ts'
import { limits } from '../platform/limits.ts'
import { digestArtifact, type Artifact } from '../sigstore/artifact.ts'
import { fittingKey, type Fitting } from '../sigstore/bare/check.ts'
import { Refusal } from '../sigstore/refusal.ts'
import type { VerifierKey } from '../sigstore/verifier-key.ts'

/** A bare signature that lies beside a file. Nothing in it says by whom or how: each known key is tried. */
export interface Bare {
  readonly bytes: Buffer
}

/** @throws Refusal `bundle.too-large` for what no bare signature is as large as */
export async function bareSignature(size: number, read: () => Promise<Buffer>): Promise<Bare> {
  const most = limits.bareSignatureBytes
  if (size <= most) return { bytes: await read() }
  throw new Refusal('bundle.too-large', `at most ${most} bytes`, `${size} bytes`)
}

/**
 * Which known key made it over the content. Most are over its SHA-256, which is known; else the content is read.
 *
 * @throws Refusal `signature.form`, `signature.no-fit`, `key.unknown`; none of them says that it is false
 */
export async function bareSigner(
  { bytes }: Bare,
  content: { readonly signed: Digest; readonly artifact: Artifact },
  keys: readonly VerifierKey[],
): Promise<Fitting> {
  const known = digestArtifact('sha256', hexOf(content.signed))
  const found =
    (await fittingByDigest(known, keys, bytes)) ?? (await fittingKey(content.artifact, keys, bytes))
  if (found !== null) return found
  if (keys.length === 0) throw new Refusal('key.unknown', 'a key that this desk knows', 'another key')
  throw new Refusal(
    'signature.no-fit',
    'a signature over this file by a key that this desk knows',
    'one that fits none of them, by SHA-256, SHA-384 or SHA-512',
  )
}

// What is said of its form is said after the content was asked too.
async function fittingByDigest(
  artifact: Artifact,
  keys: readonly VerifierKey[],
  bytes: Buffer,
): Promise<Fitting | null> {
  try {
    return await fittingKey(artifact, keys, bytes)
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

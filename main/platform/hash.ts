import { createHash } from 'node:crypto'
import type { Digest } from '../../shared/digest.ts'

/** SHA-256 of bytes as bare lower-case hex: desk ids, fingerprints, `SHA256SUMS`. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** SHA-256 of bytes as a digest. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${sha256Hex(bytes)}`
}

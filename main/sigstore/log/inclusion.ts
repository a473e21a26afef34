import { createHash } from 'node:crypto'

function hash(prefix: number, ...parts: readonly Uint8Array[]): Buffer {
  const digest = createHash('sha256').update(Buffer.from([prefix]))
  for (const part of parts) digest.update(part)
  return digest.digest()
}

/** The hash of a leaf (RFC 6962, 2.1). */
export function leafOf(body: Uint8Array): Buffer {
  return hash(0, body)
}

/** The hash of a node over its two children (RFC 6962, 2.1). */
export function nodeOf(left: Uint8Array, right: Uint8Array): Buffer {
  return hash(1, left, right)
}

/**
 * The root that an inclusion proof leads to (RFC 9162, 2.1.3.2), or `null` when it has too many or too few hashes for
 * a tree of this size.
 */
export function rootOf(leaf: Buffer, index: number, size: number, proof: readonly Buffer[]): Buffer | null {
  if (index < 0 || index >= size) return null
  let node = index
  let last = size - 1
  let root = leaf
  for (const sibling of proof) {
    if (sibling.length !== 32 || last === 0) return null
    if (node % 2 === 1 || node === last) {
      root = nodeOf(sibling, root)
      // The right edge of a tree that is not full: these levels have no sibling.
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2)
        last = Math.floor(last / 2)
      }
    } else {
      root = nodeOf(root, sibling)
    }
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? root : null
}

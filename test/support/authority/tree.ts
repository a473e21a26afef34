import { createHash } from 'node:crypto'

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** The hash of a leaf (RFC 6962, 2.1). */
export const leafHash = (body: Uint8Array): Buffer => sha256(Buffer.from([0]), body)

// The left part is the largest power of two below the size.
const splitOf = (size: number): number => 2 ** Math.floor(Math.log2(size - 1))

/** The root over leaf hashes. */
export function treeRoot(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves
  if (first !== undefined && leaves.length === 1) return first
  const cut = splitOf(leaves.length)
  return sha256(Buffer.from([1]), treeRoot(leaves.slice(0, cut)), treeRoot(leaves.slice(cut)))
}

/** The proof that leaf `at` is among the leaves. */
export function treePath(leaves: readonly Buffer[], at: number): Buffer[] {
  if (leaves.length <= 1) return []
  const cut = splitOf(leaves.length)
  return at < cut
    ? [...treePath(leaves.slice(0, cut), at), treeRoot(leaves.slice(cut))]
    : [...treePath(leaves.slice(cut), at - cut), treeRoot(leaves.slice(0, cut))]
}

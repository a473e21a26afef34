import { createHash } from 'node:crypto'
import { leafOf, nodeOf as node } from '../sigstore/log/inclusion.ts'

/* The Merkle tree of RFC 6962, section 2.1, over the lines of a ledger. A hash is 32 bytes. */

// The largest power of two below n, for n > 1.
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/** The leaf of one line, without its line end. */
export const leafHash = leafOf

/** The root over leaves `from` … `to` (exclusive). */
export function rootOf(leaves: readonly Buffer[], from = 0, to = leaves.length): Buffer {
  const count = to - from
  if (count === 0) return createHash('sha256').digest()
  const only = leaves[from]
  if (count === 1 && only !== undefined) return only
  const k = split(count)
  return node(rootOf(leaves, from, from + k), rootOf(leaves, from + k, to))
}

/** The tree that grows with a ledger: it keeps the roots of its whole parts, so that a head costs few hashes. */
export class Tree {
  // levels[k][i] is the root over the 2^k leaves from i · 2^k on.
  private readonly levels: Buffer[][] = [[]]

  get size(): number {
    return this.levels[0]?.length ?? 0
  }

  append(leaf: Buffer): void {
    let hash = leaf
    for (let level = 0; ; level++) {
      const row = (this.levels[level] ??= [])
      row.push(hash)
      const left = row[row.length - 2]
      if (left === undefined || row.length % 2 === 1) return
      hash = node(left, hash)
    }
  }

  /** The head that the tree would have with one more leaf. */
  headWith(leaf: Buffer): Head {
    this.append(leaf)
    const head = { size: this.size, root: this.root() }
    this.removeLast()
    return head
  }

  // The reverse of `append`: a whole part that the last leaf had completed goes with it.
  private removeLast(): void {
    for (const row of this.levels) {
      const completed = row.length % 2 === 0
      row.pop()
      if (!completed) return
    }
  }

  /** The leaf at a place, from 0; `null` where there is none. */
  leaf(index: number): Buffer | null {
    return this.levels[0]?.[index] ?? null
  }

  /** The root over the first `size` leaves. @throws RangeError */
  root(size = this.size): Buffer {
    if (size < 0 || size > this.size) throw new RangeError(`no tree of ${size} in ${this.size}`)
    return this.rootOver(0, size)
  }

  /** The same; `null` where there are fewer leaves. */
  rootAt(size: number): Buffer | null {
    return size <= this.size ? this.root(size) : null
  }

  /** The proof that the tree of the first `size` leaves is the beginning of the tree of all. @throws RangeError */
  proof(size: number): Buffer[] {
    if (size <= 0 || size > this.size) throw new RangeError(`no tree of ${size} in ${this.size}`)
    return this.subproof(size, 0, this.size, true)
  }

  private rootOver(from: number, to: number): Buffer {
    const count = to - from
    if (count === 0) return createHash('sha256').digest()
    const level = Math.log2(count)
    const kept = Number.isInteger(level) ? this.levels[level]?.[from / count] : undefined
    if (kept !== undefined) return kept
    const k = split(count)
    return node(this.rootOver(from, from + k), this.rootOver(from + k, to))
  }

  private subproof(m: number, from: number, to: number, whole: boolean): Buffer[] {
    const count = to - from
    if (m === count) return whole ? [] : [this.rootOver(from, to)]
    const k = split(count)
    if (m <= k) return [...this.subproof(m, from, from + k, whole), this.rootOver(from + k, to)]
    return [...this.subproof(m - k, from + k, to, false), this.rootOver(from, from + k)]
  }
}

/** A tree's size and root, as a checkpoint states them. */
export interface Head {
  readonly size: number
  readonly root: Buffer
}

/** Whether a proof shows that `earlier` is the beginning of `later` (RFC 9162, 2.1.4.2). Never throws. */
export function isConsistent(earlier: Head, later: Head, proof: readonly Buffer[]): boolean {
  if (earlier.size < 1 || earlier.size > later.size) return false
  if (earlier.size === later.size) return proof.length === 0 && earlier.root.equals(later.root)
  let fn = earlier.size - 1
  let sn = later.size - 1
  while (fn % 2 === 1) {
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  const rest = [...proof]
  const first = fn === 0 ? earlier.root : rest.shift()
  if (first === undefined) return false
  let fr = first
  let sr = first
  for (const step of rest) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      fr = node(step, fr)
      sr = node(step, sr)
      while (fn !== 0 && fn % 2 === 0) {
        fn = Math.floor(fn / 2)
        sn = Math.floor(sn / 2)
      }
    } else {
      sr = node(sr, step)
    }
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  return sn === 0 && fr.equals(earlier.root) && sr.equals(later.root)
}

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

/** A tree as a snapshot keeps it: all leaves, and the roots of the whole parts that a head is made of. */
export interface PackedTree {
  /** The leaves one after the other, base64. */
  readonly leaves: string
  /** The largest part first, base64. */
  readonly peaks: readonly string[]
}

const hashBytes = 32

/** The tree that grows with a ledger: it keeps the roots of its whole parts, so that a head costs few hashes. */
export class Tree {
  // levels[k][i] is the root over the 2^k leaves from i · 2^k on. Of a tree that was packed those that nobody asked for
  // are made when somebody does.
  private readonly levels: (Buffer | undefined)[][] = [[]]
  /** The leaves that it was unpacked with, one after the other. */
  private packed: Buffer = Buffer.alloc(0)

  get size(): number {
    return this.levels[0]?.length ?? 0
  }

  append(leaf: Buffer): void {
    this.levels[0]?.push(leaf)
    for (let level = 1, count = this.size; count % 2 === 0; level++) {
      count /= 2
      this.part(level, count - 1)
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

  // The root over the whole part at this place of a level.
  private part(level: number, index: number): Buffer {
    const row = (this.levels[level] ??= [])
    const known = row[index]
    if (known !== undefined) return known
    if (level === 0) {
      if (index >= this.packed.length / hashBytes) throw new RangeError(`no leaf ${index} in ${this.size}`)
      return (row[index] = this.packed.subarray(index * hashBytes, (index + 1) * hashBytes))
    }
    return (row[index] = node(this.part(level - 1, 2 * index), this.part(level - 1, 2 * index + 1)))
  }

  private *peaks(): Generator<{ readonly level: number; readonly index: number }> {
    for (let level = this.levels.length; level >= 0; level--) {
      const count = Math.floor(this.size / 2 ** level)
      if (count % 2 === 1) yield { level, index: count - 1 }
    }
  }

  pack(): PackedTree {
    const leaves = Array.from({ length: this.size }, (_, index) => this.part(0, index))
    const peaks = [...this.peaks()].map(({ level, index }) => this.part(level, index).toString('base64'))
    return { leaves: Buffer.concat(leaves).toString('base64'), peaks }
  }

  /** The tree that was packed, without making it anew. What its peaks say is believed: they come from where it was kept. */
  static unpack({ leaves, peaks }: PackedTree): Tree {
    const tree = new Tree()
    tree.packed = Buffer.from(leaves, 'base64')
    for (
      let level = 0, count = tree.packed.length / hashBytes;
      count >= 1;
      level++, count = Math.floor(count / 2)
    )
      tree.levels[level] = new Array<Buffer | undefined>(Math.floor(count))
    for (const [i, { level, index }] of [...tree.peaks()].entries()) {
      const parts = tree.levels[level]
      if (parts !== undefined) parts[index] = Buffer.from(peaks[i] ?? '', 'base64')
    }
    return tree
  }

  /** The leaf at a place, from 0; `null` where there is none. */
  leaf(index: number): Buffer | null {
    return index >= 0 && index < this.size ? this.part(0, index) : null
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
    if (Number.isInteger(level)) return this.part(level, from / count)
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

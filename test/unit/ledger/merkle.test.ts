import { describe, expect, it } from 'vitest'
import { isConsistent, leafHash, rootOf, Tree } from '../../../main/ledger/merkle.ts'
import { nodeOf } from '../../../main/sigstore/log/inclusion.ts'

const leaves = Array.from({ length: 70 }, (_, i) => leafHash(Buffer.from(`line ${i}`)))
const head = (size: number) => ({ size, root: rootOf(leaves, 0, size) })

const treeOf = (size: number): Tree => {
  const tree = new Tree()
  for (const leaf of leaves.slice(0, size)) tree.append(leaf)
  return tree
}

describe('the Merkle tree', () => {
  it('has no root and no proof of a size that it does not have', () => {
    const tree = treeOf(3)
    for (const size of [-1, 4]) {
      expect(() => tree.root(size)).toThrow(RangeError)
      expect(() => tree.proof(size)).toThrow(RangeError)
    }
    expect(() => tree.proof(0)).toThrow(RangeError)
    expect([tree.leaf(-1), tree.leaf(2), tree.leaf(3)]).toEqual([null, leaves[2], null])
    expect([new Tree().size, new Tree().leaf(0)]).toEqual([0, null])
  })

  it('has the roots that RFC 6962 gives for its known leaves', () => {
    // Test vectors of the certificate-transparency project for the empty tree and the leaf "".
    expect(rootOf([]).toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    )
    expect(leafHash(Buffer.alloc(0)).toString('hex')).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    )
  })

  it('is the same once it was packed and unpacked, also when it grows on and its newest leaf goes again', () => {
    for (let size = 0; size < leaves.length; size++) {
      const [made, kept] = [
        treeOf(size),
        Tree.unpack(JSON.parse(JSON.stringify(treeOf(size).pack())) as never),
      ]
      expect([kept.size, kept.root(), kept.pack()]).toEqual([size, made.root(), made.pack()])
      const next = leaves[size] ?? Buffer.alloc(32)
      expect(kept.headWith(next)).toEqual(made.headWith(next))
      kept.append(next)
      made.append(next)
      expect(kept.root()).toEqual(made.root())
      for (let part = 1; part <= size + 1; part++) {
        expect([kept.root(part), kept.leaf(part - 1)]).toEqual([made.root(part), leaves[part - 1]])
        expect(kept.proof(part)).toEqual(made.proof(part))
      }
      expect([kept.leaf(-1), kept.leaf(size + 1)]).toEqual([null, null])
      expect(() => kept.root(size + 2)).toThrow(RangeError)
    }
  })

  it('takes the roots of its whole parts from where it was packed, instead of making them again', () => {
    const other = Buffer.alloc(32, 7)
    const kept = Tree.unpack({ ...treeOf(8).pack(), peaks: [other.toString('base64')] })
    expect(kept.root()).toEqual(other)
    expect(kept.root(4)).toEqual(treeOf(8).root(4))
  })

  it('has at every size the root that the plain recursion gives, also of its beginnings', () => {
    for (let size = 0; size <= leaves.length; size++) {
      const tree = treeOf(size)
      expect(tree.size).toBe(size)
      for (let part = 0; part <= size; part++) expect(tree.root(part)).toEqual(rootOf(leaves, 0, part))
      expect(() => tree.root(size + 1)).toThrow(RangeError)
    }
  })

  it('proves every earlier tree to be the beginning of every later one', () => {
    for (let later = 1; later <= leaves.length; later++) {
      const tree = treeOf(later)
      for (let earlier = 1; earlier <= later; earlier++) {
        expect(isConsistent(head(earlier), head(later), tree.proof(earlier))).toBe(true)
      }
    }
  })

  it('refuses a proof with a hash changed, missing or added, or for another size', () => {
    for (const [earlier, later] of [
      [3, 7],
      [4, 8],
      [6, 64],
      [63, 70],
    ] as const) {
      const proof = treeOf(later).proof(earlier)
      for (let i = 0; i < proof.length; i++) {
        const changed = proof.map((h, j) => (i === j ? leafHash(h) : h))
        expect(isConsistent(head(earlier), head(later), changed)).toBe(false)
        expect(
          isConsistent(
            head(earlier),
            head(later),
            proof.filter((_, j) => j !== i),
          ),
        ).toBe(false)
      }
      expect(isConsistent(head(earlier), head(later), [...proof, leafHash(Buffer.alloc(1))])).toBe(false)
      expect(isConsistent(head(earlier + 1), head(later), proof)).toBe(false)
      expect(isConsistent({ ...head(earlier), size: 0 }, head(later), proof)).toBe(false)
      expect(isConsistent(head(later), head(earlier), proof)).toBe(false)
    }
  })

  it('is not proven by another earlier root, though the later one comes out right', () => {
    const other = leafHash(Buffer.from('another line'))
    for (let later = 1; later <= 20; later++) {
      for (let earlier = 1; earlier <= later; earlier++) {
        const proof = treeOf(later).proof(earlier)
        const wrong = { size: earlier, root: other }
        expect(isConsistent(wrong, head(later), proof)).toBe(false)
        expect(isConsistent(head(earlier), { size: later, root: other }, proof)).toBe(false)
        expect(isConsistent(head(earlier), head(later), [...proof, other])).toBe(false)
        if (proof.length > 0) expect(isConsistent(head(earlier), head(later), proof.slice(1))).toBe(false)
        expect(isConsistent({ size: earlier, root: head(later).root }, head(later), proof)).toBe(
          earlier === later,
        )
      }
    }
    const none = { size: 0, root: rootOf([]) }
    expect(isConsistent(none, none, [])).toBe(false)
    // A later tree that is smaller, around the earlier one: its root is the forger's own to choose.
    const around = { size: 2, root: nodeOf(head(3).root, other) }
    expect(isConsistent(head(3), around, [head(3).root, other])).toBe(false)
    expect(isConsistent({ size: 0, root: rootOf([]) }, head(3), [])).toBe(false)
    expect(isConsistent(head(3), head(2), treeOf(3).proof(2))).toBe(false)
  })
})

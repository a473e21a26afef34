import { basename } from 'node:path'
import type { Piece } from '../bundle/parts.ts'
import type { PartProgress } from './types.ts'

interface Range {
  readonly from: number
  readonly until: number
}

/** Tells how far each part of a tar is: a part is done when every range that touches it was read. */
export class PartsRead {
  private readonly pieces: readonly Piece[]
  private readonly items: PartProgress
  private readonly left = new Map<string, number>()
  private readonly begun = new Set<string>()

  constructor(pieces: readonly Piece[], ranges: readonly Range[], items: PartProgress) {
    this.pieces = pieces
    this.items = items
    items.name(pieces.map((piece) => basename(piece.path)))
    for (const piece of pieces) {
      items.change(basename(piece.path), { total: piece.size })
      this.left.set(piece.path, ranges.filter((range) => touches(piece, range)).length)
    }
  }

  advance(path: string, bytes: number): void {
    if (!this.begun.has(path)) this.items.change(basename(path), { state: 'working' })
    this.begun.add(path)
    this.items.advance(basename(path), bytes)
  }

  /** A range was read to its end, right or wrong: what was found wrong, the verdict says. */
  ended(range: Range): void {
    for (const piece of this.pieces) {
      if (!touches(piece, range)) continue
      const left = (this.left.get(piece.path) ?? 1) - 1
      this.left.set(piece.path, left)
      if (left === 0) this.items.change(basename(piece.path), { state: 'done' })
    }
  }
}

function touches(piece: Piece, { from, until }: Range): boolean {
  return from < piece.offset + piece.size && until > piece.offset
}

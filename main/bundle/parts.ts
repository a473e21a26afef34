/** A raw slice of a bundle's tar. */
export interface Part {
  readonly name: string
  readonly offset: number
  readonly size: number
}

/** What a slice is called, by its number from 1. */
export function partName(number: number): string {
  return `bundle.tar.${String(number).padStart(3, '0')}`
}

/** How a tar of `size` bytes is cut: one file `bundle.tar`, or `bundle.tar.001`, … none larger than asked. */
export function partsOf(size: number, largest: number | null): readonly Part[] {
  if (largest === null || size <= largest) return [{ name: 'bundle.tar', offset: 0, size }]
  const parts: Part[] = []
  for (let offset = 0; offset < size; offset += largest) {
    parts.push({ name: partName(parts.length + 1), offset, size: Math.min(largest, size - offset) })
  }
  return parts
}

/** A file that holds bytes `offset` … `offset + size` of a tar. */
export interface Piece {
  readonly path: string
  readonly offset: number
  readonly size: number
}

/** A range of a tar as slices of the files that hold it, in order. */
export interface Slice {
  readonly path: string
  readonly position: number
  readonly length: number
}

/** Where bytes `from` … `to` of a tar lie in its pieces; `pieces` in order, without gaps. */
export function slicesOf(pieces: readonly Piece[], from: number, to: number): Slice[] {
  const slices: Slice[] = []
  for (const piece of pieces) {
    const start = Math.max(from, piece.offset)
    const end = Math.min(to, piece.offset + piece.size)
    if (start < end) slices.push({ path: piece.path, position: start - piece.offset, length: end - start })
  }
  return slices
}

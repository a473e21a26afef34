import { isUtf8 } from 'node:buffer'

/** How many bytes at the end of a piece begin a character that goes on in the next one: three at most. */
function openEnd(piece: Buffer): number {
  for (let back = 1; back <= Math.min(3, piece.length); back += 1) {
    const byte = piece[piece.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte < 0xc0) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return length > back ? back : 0
  }
  return 0
}

/** Whether bytes that come in pieces are UTF-8, in constant memory. */
export class Utf8Stream {
  private held: Buffer = Buffer.alloc(0)

  /** Whether what came until now can still be UTF-8. */
  write(piece: Buffer): boolean {
    let rest = piece
    while (this.held.length > 0 && rest.length > 0) {
      this.held = Buffer.concat([this.held, rest.subarray(0, 1)])
      rest = rest.subarray(1)
      if (openEnd(this.held) > 0) continue
      if (!isUtf8(this.held)) return false
      this.held = Buffer.alloc(0)
    }
    const open = openEnd(rest)
    if (!isUtf8(rest.subarray(0, rest.length - open))) return false
    if (open > 0) this.held = Buffer.from(rest.subarray(rest.length - open))
    return true
  }

  /** Whether the whole was. */
  end(): boolean {
    return this.held.length === 0
  }
}

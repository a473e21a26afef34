import { limits } from '../platform/limits.ts'
import { ArchiveProblem, type ArchiveReason } from './problem.ts'

/*
 * Zstandard as RFC 8878 lays it out: frames one after the other, each a head, blocks and mostly a sum of four bytes.
 * Decoders differ in what they do about a second frame (Node's reads the first one only, and says nothing of what stands
 * behind it), so the frames are cut here, and each is given to a decoder of its own.
 */

const magicBytes = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])
const blockMost = 128 * 1024

/** Bytes of one frame, and whether it is whole with them. */
export interface FramePiece {
  readonly bytes: Buffer
  readonly ends: boolean
}

function problem(reason: ArchiveReason, expected: string, found: string): ArchiveProblem {
  return new ArchiveProblem(reason, { subject: 'the compressed stream', expected, found })
}

interface Head {
  /** Bytes behind the descriptor. */
  readonly bytes: number
  /** The frame's content is its window, and how large that is stands there instead of one. */
  readonly single: boolean
  readonly dictionary: number
  readonly content: number
  readonly sum: boolean
}

/** What the first byte of a frame's head says (3.1.1.1.1). */
function headOf(descriptor: number): Head {
  const single = (descriptor & 0x20) !== 0
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0
  const content = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  const bytes = (single ? 0 : 1) + dictionary + content
  return { bytes, single, dictionary, content, sum: (descriptor & 4) !== 0 }
}

/** How much of what was decoded a decoder keeps, in bytes (3.1.1.1.2 and 3.1.1.1.4). */
function windowOf({ single, dictionary, content }: Head, bytes: Buffer): number {
  if (!single) {
    const byte = bytes.readUInt8(0)
    const base = 2 ** (10 + (byte >> 3))
    return base + (base / 8) * (byte & 7)
  }
  if (content === 1) return bytes.readUInt8(dictionary)
  if (content === 2) return bytes.readUInt16LE(dictionary) + 256
  return content === 4 ? bytes.readUInt32LE(dictionary) : Number(bytes.readBigUInt64LE(dictionary))
}

type State = 'magic' | 'skip-size' | 'skip' | 'descriptor' | 'head' | 'block' | 'body' | 'sum'
const silent: ReadonlySet<State> = new Set(['magic', 'skip-size', 'skip'])
const counted: ReadonlySet<State> = new Set(['skip', 'body'])

/** Follows the frames of one input as its bytes go by. */
export class ZstdFrames {
  private state: State = 'magic'
  private left = 4
  private gathered = Buffer.alloc(0)
  private head: Head = headOf(0)
  private last = false
  private frames = 0

  /** No more comes. @throws ArchiveProblem `truncated` */
  end(): void {
    const between = this.state === 'magic' && this.gathered.length === 0
    if (!between || this.frames === 0) throw problem('truncated', 'a whole zstd frame', 'the end of the file')
  }

  /** @throws ArchiveProblem `damaged`, `behind-the-end`, `window` */
  *cut(bytes: Buffer): Generator<FramePiece> {
    let from = -1
    for (let at = 0; at < bytes.length;) {
      if (from < 0 && !silent.has(this.state)) from = at
      const step = bytes.subarray(at, at + this.left)
      if (!counted.has(this.state)) this.gathered = Buffer.concat([this.gathered, step])
      at += step.length
      this.left -= step.length
      if (this.left > 0) break
      const came = this.next()
      if (came === 'begins') yield { bytes: magicBytes, ends: false }
      if (came === 'ends') {
        yield { bytes: bytes.subarray(from, at), ends: true }
        from = -1
      }
    }
    if (from >= 0) yield { bytes: bytes.subarray(from), ends: false }
  }

  private want(state: State, bytes: number): null {
    this.state = state
    this.left = bytes
    this.gathered = Buffer.alloc(0)
    return null
  }

  private next(): 'begins' | 'ends' | null {
    const { gathered } = this
    if (this.state === 'magic') return this.begin(gathered)
    if (this.state === 'skip-size') {
      const size = gathered.readUInt32LE(0)
      return size > 0 ? this.want('skip', size) : this.want('magic', 4)
    }
    if (this.state === 'skip') return this.want('magic', 4)
    if (this.state === 'descriptor') {
      this.head = headOf(gathered.readUInt8(0))
      // Every head has at least one more byte: that of the window or that of the size.
      return this.want('head', this.head.bytes)
    }
    if (this.state === 'head') return this.openWindow(gathered)
    if (this.state === 'block') return this.openBlock(gathered.readUIntLE(0, 3))
    if (this.state === 'body') return this.afterBlock()
    return this.finish()
  }

  private begin(found: Buffer): 'begins' | null {
    if (found.equals(magicBytes)) {
      this.want('descriptor', 1)
      return 'begins'
    }
    if ((found.readUInt32LE(0) & 0xfffffff0) >>> 0 === 0x184d2a50) return this.want('skip-size', 4)
    const reason = this.frames === 0 ? 'damaged' : 'behind-the-end'
    throw problem(reason, 'a zstd frame', `bytes ${found.toString('hex')}`)
  }

  private openWindow(bytes: Buffer): null {
    const window = windowOf(this.head, bytes)
    if (window > limits.zstdWindow) {
      throw problem('window', `a window of at most ${limits.zstdWindow} bytes`, `${window} bytes`)
    }
    return this.want('block', 3)
  }

  private openBlock(header: number): 'ends' | null {
    this.last = (header & 1) === 1
    const kind = (header >> 1) & 3
    const size = header >> 3
    if (kind === 3 || (kind !== 1 && size > blockMost)) {
      throw problem('damaged', 'a zstd block', `a block of kind ${kind} and ${size} bytes`)
    }
    // A block of one repeated byte stores that byte alone.
    const stored = kind === 1 ? 1 : size
    return stored > 0 ? this.want('body', stored) : this.afterBlock()
  }

  private afterBlock(): 'ends' | null {
    if (!this.last) return this.want('block', 3)
    return this.head.sum ? this.want('sum', 4) : this.finish()
  }

  private finish(): 'ends' {
    this.frames += 1
    this.want('magic', 4)
    return 'ends'
  }
}

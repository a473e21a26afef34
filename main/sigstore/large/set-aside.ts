import { createHash, randomBytes } from 'node:crypto'
import type { Digest } from '../../../shared/digest.ts'
import { Failure } from '../../platform/failure.ts'
import type { Through } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { Utf8Stream } from '../../platform/utf8-stream.ts'
import { Refusal } from '../refusal.ts'

/** From which sizes on what is read in which way; only tests give others. */
export interface Sizes {
  /** Up to how many bytes a document is read in memory, whatever it holds. */
  readonly whole: number
  /** From how many bytes on a text is the one that is set aside. */
  readonly text: number
  /** How large all else may be. */
  readonly rest: number
  /** Up to how many bytes a payload is held after all. */
  readonly held: number
}

export const usualSizes: Sizes = {
  whole: limits.streamedBundleBytes,
  text: limits.setAsideBytes,
  rest: limits.besidePayloadBytes,
  held: limits.heldPayloadBytes,
}

/** A document whose one long text was left where it lies. */
export interface SetAside {
  /** The document with a stand-in for that text, which nobody could foresee. */
  readonly rest: Buffer
  /** The stand-in: as base64 it stands in `rest`. */
  readonly standIn: Buffer
  /** Where the text lies, without its quotes. */
  readonly start: number
  readonly end: number
  /** How many signs of padding it ends with. */
  readonly padding: number
  /** Of the whole document. */
  readonly digest: Digest
  readonly size: number
}

const [quote, backslash, padding] = [0x22, 0x5c, 0x3d]

/** Takes the document piece by piece; knows of JSON only where a text begins and ends, which needs no more. */
class Setting {
  private readonly sizes: Sizes
  private readonly standIn: Buffer
  private rest: Buffer = Buffer.allocUnsafe(64 * 1024)
  private used = 0
  private before = 0
  private inText = false
  private escape = false
  private escaped = false
  private textStart = 0
  /** Where in `rest` the open text begins. */
  private restStart = 0
  private long = false
  private found: Pick<SetAside, 'start' | 'end' | 'padding'> | null = null
  private padding = 0
  private several = false
  private readonly utf8 = new Utf8Stream()

  constructor(sizes: Sizes, standIn: Buffer) {
    this.sizes = sizes
    this.standIn = standIn
  }

  /** @throws Refusal `bundle.json` */
  write(piece: Buffer): void {
    if (!this.canEnd()) return
    if (!this.utf8.write(piece)) throw notJson('not UTF-8')
    for (let at = 0; at < piece.length;) at = this.inText ? this.text(piece, at) : this.outside(piece, at)
    this.before += piece.length
  }

  private canEnd(): boolean {
    return !this.several && this.used <= this.sizes.rest + this.sizes.text
  }

  end(): Omit<SetAside, 'standIn' | 'digest'> | null {
    if (!this.canEnd()) return null
    if (!this.utf8.end()) throw notJson('not UTF-8')
    if (this.long) throw notJson('cut off in its payload')
    if (this.found === null || this.used > this.sizes.rest) return null
    return { rest: Buffer.from(this.rest.subarray(0, this.used)), size: this.before, ...this.found }
  }

  private outside(piece: Buffer, at: number): number {
    const next = piece.indexOf(quote, at)
    const end = next < 0 ? piece.length : next + 1
    this.put(piece.subarray(at, end))
    if (next < 0) return end
    this.inText = true
    this.escape = false
    this.escaped = false
    this.padding = 0
    this.textStart = this.before + end
    this.restStart = this.used
    return end
  }

  private text(piece: Buffer, at: number): number {
    let end = at
    let closed = false
    for (; end < piece.length; end += 1) {
      const byte = piece[end] ?? 0
      if (this.escape) this.escape = false
      else if (byte === backslash) this.escape = this.escaped = true
      else if (byte === quote) {
        closed = true
        break
      } else if (byte < 0x20) throw notJson('a string that is not valid')
    }
    this.take(piece.subarray(at, end), this.before + end)
    if (!closed) return end
    const { textStart: start, padding } = this
    if (this.long) this.found = { start, end: this.before + end, padding }
    this.long = false
    this.inText = false
    this.put(piece.subarray(end, end + 1))
    return end + 1
  }

  private take(part: Buffer, until: number): void {
    if (!this.long && until - this.textStart >= this.sizes.text) {
      if (this.found !== null) this.several = true
      this.long = true
      this.used = this.restStart
      this.put(Buffer.from(this.standIn.toString('base64')))
    }
    if (this.long && this.escaped) throw notJson('a long text with escapes')
    if (!this.long) this.put(part)
    let padded = 0
    while (padded < part.length && part[part.length - 1 - padded] === padding) padded += 1
    this.padding = padded === part.length ? this.padding + padded : padded
  }

  private put(part: Buffer): void {
    if (!this.canEnd()) return
    if (this.used + part.length > this.rest.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.rest.length * 2, this.used + part.length))
      this.rest.copy(larger, 0, 0, this.used)
      this.rest = larger
    }
    this.used += part.copy(this.rest, this.used)
  }
}

const notJson = (why: string): Refusal => new Refusal('bundle.json', 'one JSON document, strictly', why)

/** That what is read is not what it was said, or seen, to be. */
export function damaged(expected: Digest, found: Digest): Failure {
  return new Failure('content-damaged', { subject: expected, expected, found })
}

/**
 * Reads a document once and sets its one long text aside, so that the rest can be read in memory by the strict reader:
 * names that stand twice, a decoy elsewhere, a second signature and trailing text are its matter.
 *
 * @param expected what the document is by its digest, where that is known
 * @returns `null` where not one long text is most of it
 * @throws Refusal `bundle.json`
 * @throws Failure `content-damaged`
 */
export async function setAside(
  through: Through,
  expected: Digest | null,
  sizes: Sizes = usualSizes,
): Promise<SetAside | null> {
  // 24 bytes are 32 signs without padding; nobody who wrote the document knew them.
  const standIn = randomBytes(24)
  const setting = new Setting(sizes, standIn)
  const hash = createHash('sha256')
  // What stops a reading is told at its end: first of all the bytes must be those that are asked about.
  const wrong: { first: Refusal | null } = { first: null }
  await through((piece) => {
    hash.update(piece)
    wrong.first ??= refusalIn(() => setting.write(piece))
  })
  const digest: Digest = `sha256:${hash.digest('hex')}`
  if (expected !== null && digest !== expected) throw damaged(expected, digest)
  if (wrong.first !== null) throw wrong.first
  const found = setting.end()
  return found === null ? null : { ...found, standIn, digest }
}

/** The refusal that an act ends in; `null` where it ends well. */
export function refusalIn(act: () => void): Refusal | null {
  try {
    act()
    return null
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

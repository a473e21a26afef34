import { limits } from '../platform/limits.ts'
import { ArchiveProblem, type ArchiveReason } from './problem.ts'

/*
 * Bounds around tar-stream: it holds pax records and long names whole, however large a head says that they are, and it
 * reads on behind the end of an archive. Whatever it is given has passed here, block by block.
 */

const block = 512
const zeros = Buffer.alloc(block)
/** Heads that are about the next entry and have a body of their own: pax records, and the long names of GNU. */
const notes: ReadonlySet<string> = new Set(['x', 'g', 'L', 'K'])
const bodies: ReadonlySet<string> = new Set(['0', '\0', '7'])
const bare: ReadonlySet<string> = new Set(['1', '2', '3', '4', '5', '6'])

function problem(reason: ArchiveReason, expected: string, found: string): ArchiveProblem {
  return new ArchiveProblem(reason, { subject: 'the tar', expected, found })
}

/** A number of a head: octal digits, or base 256 where its first bit is set. */
function numberIn(field: Buffer): number {
  if ((field.readUInt8(0) & 0x80) !== 0) {
    const value = BigInt(`0x${field.subarray(1).toString('hex')}`)
    if (field.readUInt8(0) === 0x80 && value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value)
    throw problem('damaged', 'a size from 0', 'a size that is no number')
  }
  const text = field.toString('latin1').replace(/\0.*$/s, '').trim()
  if (/^[0-7]*$/.test(text)) return text === '' ? 0 : parseInt(text, 8)
  throw problem('damaged', 'a size in octal digits', JSON.stringify(text))
}

/** The sum over a head in which the field of the sum counts as blanks. */
function sumOf(head: Buffer): number {
  let sum = 8 * 32
  for (let i = 0; i < block; i += 1) if (i < 148 || i >= 156) sum += head[i] ?? 0
  return sum
}

/** Pax records, each name once. */
function recordsIn(records: Buffer): Map<string, string> {
  const found = new Map<string, string>()
  for (let at = 0; at < records.length;) {
    const blank = records.indexOf(0x20, at)
    const length = Number(records.subarray(at, blank < 0 ? at : blank).toString('latin1'))
    const record = records.subarray(blank + 1, at + length - 1).toString('utf8')
    const whole = Number.isInteger(length) && length > 4 && at + length <= records.length
    if (blank < 0 || !whole || !record.includes('=') || records[at + length - 1] !== 0x0a) {
      throw problem('damaged', 'pax records', 'something else')
    }
    const [name = ''] = record.split('=', 1)
    if (found.has(name)) throw problem('damaged', 'each pax record once', `two of ${JSON.stringify(name)}`)
    found.set(name, record.slice(name.length + 1))
    at += length
  }
  return found
}

/** The size that pax records give the next entry, instead of the one in its head; `null`: none. */
function sizeIn(records: ReadonlyMap<string, string>): number | null {
  if ([...records.keys()].some((name) => name.startsWith('GNU.sparse.'))) {
    throw problem('not-read', 'files that stand there whole', 'a sparse file')
  }
  const size = records.get('size')
  if (size === undefined) return null
  if (!/^[0-9]{1,15}$/.test(size)) throw problem('damaged', 'a size from 0', JSON.stringify(size))
  return Number(size)
}

/** Follows a tar as its bytes go by. */
export class TarGate {
  private head: Buffer = Buffer.alloc(0)
  private note: { readonly kind: string; bytes: Buffer } | null = null
  /** What was said of the next entry so far, by kind: once each, and its name in one way only. */
  private readonly said = new Set<string>()
  /** What is left of a body, and of the zeros up to the next block. */
  private body = 0
  private padding = 0
  private given: number | null = null
  private zeros = 0
  private heads = 0

  /** Whether the end of the archive was seen. Nothing but zeros may follow. */
  get ended(): boolean {
    return this.zeros > 0
  }

  /**
   * Lets bytes pass.
   *
   * @throws ArchiveProblem `damaged`, `behind-the-end`, `too-large`, `too-many`, `not-read`
   */
  pass(bytes: Buffer): void {
    for (let at = 0; at < bytes.length;) {
      if (this.body > 0) {
        const step = Math.min(this.body, bytes.length - at)
        if (this.note !== null)
          this.note.bytes = Buffer.concat([this.note.bytes, bytes.subarray(at, at + step)])
        this.body -= step
        at += step
        if (this.body === 0) this.endBody()
      } else if (this.padding > 0) {
        const step = Math.min(this.padding, bytes.length - at)
        this.padding -= step
        at += step
      } else {
        const step = Math.min(block - this.head.length, bytes.length - at)
        const piece = bytes.subarray(at, at + step)
        this.head = this.head.length === 0 ? piece : Buffer.concat([this.head, piece])
        at += step
        if (this.head.length === block) this.openHead()
      }
    }
  }

  /** No more comes. @throws ArchiveProblem `truncated` */
  end(): void {
    if (this.body > 0 || this.padding > 0 || this.head.length > 0) {
      throw problem('truncated', 'a whole tar', 'the end of the file within an entry')
    }
    if (!this.ended) throw problem('truncated', 'the block of zeros that ends a tar', 'the end of the file')
  }

  private endBody(): void {
    if (this.note === null) return
    const { kind, bytes } = this.note
    this.note = null
    if (kind === 'x') this.given = sizeIn(recordsIn(bytes))
    if (kind !== 'g') return
    // What a global record says holds for all that follow: nobody needs that of a name or a size.
    const names = [...recordsIn(bytes).keys()].filter((name) => name !== 'comment')
    if (names.length > 0) throw problem('not-read', 'records for each entry', `${names.join(', ')} for all`)
  }

  private openHead(): void {
    const { head } = this
    this.head = Buffer.alloc(0)
    if (head.equals(zeros)) {
      this.zeros += 1
      return
    }
    if (this.ended) throw problem('behind-the-end', 'nothing behind the end of the tar', 'more bytes')
    if (numberIn(head.subarray(148, 156)) !== sumOf(head)) {
      throw problem('damaged', 'the head of an entry, with its sum', 'something else')
    }
    this.heads += 1
    if (this.heads > limits.archiveEntries) {
      throw problem('too-many', `at most ${limits.archiveEntries} entries`, 'more')
    }
    this.openBody(head.subarray(156, 157).toString('latin1'), numberIn(head.subarray(124, 136)))
  }

  private openBody(kind: string, stated: number): void {
    const size = bare.has(kind) ? 0 : (this.given ?? stated)
    if (notes.has(kind)) {
      if (stated > limits.tarNoteBytes) {
        throw problem('too-large', `at most ${limits.tarNoteBytes} bytes about an entry`, `${stated} bytes`)
      }
      this.say(kind)
      this.note = { kind, bytes: Buffer.alloc(0) }
      this.take(stated)
      return
    }
    this.said.clear()
    if (!bodies.has(kind) && !bare.has(kind)) {
      throw problem('not-read', 'files, folders and links', `an entry of type ${JSON.stringify(kind)}`)
    }
    // A link or folder that states a size is read by some with a body and by others without.
    if (bare.has(kind) && (this.given ?? stated) > 0) {
      throw problem('damaged', 'a link or folder without content', `${this.given ?? stated} bytes`)
    }
    this.given = null
    this.take(size)
  }

  private say(kind: string): void {
    const twice = this.said.has(kind)
    this.said.add(kind)
    const twoWays = this.said.has('x') && (this.said.has('L') || this.said.has('K'))
    if (twice || twoWays) throw problem('damaged', 'a name that is stated once', 'one that is stated twice')
  }

  private take(size: number): void {
    this.body = size
    this.padding = (block - (size % block)) % block
    if (size === 0) this.endBody()
  }
}

import { decodedText, forbiddenNames, JsonError, JsonExceeds, numberOfText, numberSigns } from './json.ts'
import { limits } from './limits.ts'
import { Utf8Stream } from './utf8-stream.ts'

const [quote, backslash, comma, colon, open, close, openList, closeList] = [
  0x22, 0x5c, 0x2c, 0x3a, 0x7b, 0x7d, 0x5b, 0x5d,
]
const words: Readonly<Record<number, string>> = { 0x74: 'true', 0x66: 'false', 0x6e: 'null' }
const simpleEscapes = new Set(Buffer.from('"\\/bfnrt'))
const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

type State =
  | 'value'
  | 'first-item'
  | 'first-name'
  | 'name'
  | 'colon'
  | 'after'
  | 'text'
  | 'escape'
  | 'hex'
  | 'number'
  | 'word'

interface Container {
  /** The names of an object; `null` for a list. */
  readonly names: Set<string> | null
  bytes: number
}

/** A member that is kept; `null`: it was larger than what is kept. */
export type Kept = ReadonlyMap<string, Buffer | null>

/**
 * Reads one JSON object that comes in pieces, of any size, as strictly as `parseStrict` reads one in memory, and keeps the text
 * of some of its own members. Memory is what is kept, and the names of the objects that are open: each must be there once.
 */
export class MembersReader {
  private readonly wanted: ReadonlySet<string>
  private readonly most: number
  private readonly kept = new Map<string, Buffer | null>()
  private readonly stack: Container[] = []
  private readonly utf8 = new Utf8Stream()
  private state: State = 'value'
  private before = 0
  /** What is collected of a name, a number or a word. */
  private token: Buffer[] = []
  private tokenBytes = 0
  private isName = false
  private escaped = false
  private hex = ''
  /** Half a character that an escape began, to be ended by the next one. */
  private half = false
  private names = 0
  private nameBytes = 0
  private member = ''
  private keeping: Buffer[] | null = null
  private keptBytes = 0
  private from = -1

  /**
   * @param wanted names of members of the object itself
   * @param most how many bytes are kept of all of them together
   */
  constructor(wanted: ReadonlySet<string>, most: number) {
    this.wanted = wanted
    this.most = most
  }

  /** @throws JsonError, JsonExceeds */
  write(piece: Buffer): void {
    if (!this.utf8.write(piece)) throw new JsonError('not UTF-8', this.before)
    if (this.from >= 0) this.from = 0
    for (let at = 0; at < piece.length;) at = this.step(piece, at)
    if (this.from >= 0) this.keep(piece.subarray(this.from))
    this.before += piece.length
  }

  /** @throws JsonError where it is not whole */
  end(): Kept {
    if (!this.utf8.end()) throw new JsonError('not UTF-8', this.before)
    if (this.state !== 'after' || this.stack.length > 0) throw new JsonError('cut off', this.before)
    return this.kept
  }

  private step(piece: Buffer, at: number): number {
    switch (this.state) {
      case 'text':
        return this.text(piece, at)
      case 'escape':
        return this.escape(piece, at)
      case 'hex':
        return this.unit(piece, at)
      case 'number':
        return this.number(piece, at)
      case 'word':
        return this.word(piece, at)
      default:
        return isSpace(piece[at]) ? at + 1 : this.sign(piece, at)
    }
  }

  private sign(piece: Buffer, at: number): number {
    const byte = piece[at] ?? 0
    const inside = this.stack.at(-1)
    switch (this.state) {
      case 'first-item':
        return byte === closeList ? this.pop(piece, at) : this.value(piece, at)
      case 'first-name':
        if (byte === close) return this.pop(piece, at)
        return this.name(byte, at)
      case 'name':
        return this.name(byte, at)
      case 'colon':
        if (byte !== colon) throw this.error('expected a colon', at)
        this.state = 'value'
        return at + 1
      case 'after':
        if (inside === undefined) throw this.error('trailing text', at)
        if (byte === (inside.names === null ? closeList : close)) return this.pop(piece, at)
        if (byte !== comma) throw this.error('expected a comma or the end', at)
        this.state = inside.names === null ? 'value' : 'name'
        return at + 1
      default:
        return this.value(piece, at)
    }
  }

  private value(piece: Buffer, at: number): number {
    const byte = piece[at] ?? 0
    const depth = this.stack.length
    if (depth > limits.jsonDepth) throw this.error('nested too deeply', at)
    if (depth === 0 && byte !== open) throw this.error('expected an object', at)
    if (depth === 1 && this.wanted.has(this.member)) [this.keeping, this.from] = [[], at]
    if (byte === open || byte === openList) {
      this.stack.push({ names: byte === open ? new Set() : null, bytes: 0 })
      this.state = byte === open ? 'first-name' : 'first-item'
      return at + 1
    }
    if (byte === quote) {
      this.startText(false)
      return at + 1
    }
    this.clear()
    this.state = words[byte] === undefined ? 'number' : 'word'
    if (this.state === 'number' && !numberSigns.has(byte)) throw this.error('expected a value', at)
    return at
  }

  private name(byte: number, at: number): number {
    if (byte !== quote) throw this.error('expected a name', at)
    this.startText(true)
    return at + 1
  }

  private startText(isName: boolean): void {
    this.clear()
    this.isName = isName
    this.escaped = false
    this.state = 'text'
  }

  private clear(): void {
    this.token = []
    this.tokenBytes = 0
  }

  /** Collects what is no longer than it may be: of what lies in a buffer that is used again, so it is copied. */
  private collect(part: Buffer, most: number, at: number, what: string): void {
    this.tokenBytes += part.length
    if (this.tokenBytes > most) throw this.error(what, at)
    this.token.push(Buffer.from(part))
  }

  private text(piece: Buffer, at: number): number {
    let end = at
    for (let byte = piece[end]; byte !== quote && byte !== backslash; byte = piece[end]) {
      if (byte === undefined) break
      if (byte < 0x20) throw this.error('a string that is not valid', end)
      end += 1
    }
    if (this.half && (end > at || piece[end] === quote)) throw this.error('a string that is not valid', at)
    if (this.isName) this.collectName(piece.subarray(at, end), at)
    if (end === piece.length) return end
    if (piece[end] === backslash) {
      if (this.isName) this.collectName(piece.subarray(end, end + 1), at)
      this.escaped = true
      this.state = 'escape'
      return end + 1
    }
    if (this.isName) this.endName(end)
    else this.endValue(piece, end + 1)
    return end + 1
  }

  private collectName(part: Buffer, at: number): void {
    if (this.tokenBytes + part.length > limits.longTextBytes) {
      throw new JsonExceeds('a name that is too long', this.before + at)
    }
    this.collect(part, limits.longTextBytes, at, '')
  }

  private escape(piece: Buffer, at: number): number {
    const byte = piece[at] ?? 0
    if (this.isName) this.collectName(piece.subarray(at, at + 1), at)
    if (byte === 0x75) [this.state, this.hex] = ['hex', '']
    else if (this.half || !simpleEscapes.has(byte)) throw this.error('a string that is not valid', at)
    else this.state = 'text'
    return at + 1
  }

  private unit(piece: Buffer, at: number): number {
    this.hex += String.fromCharCode(piece[at] ?? 0)
    if (!/^[0-9a-fA-F]+$/.test(this.hex)) throw this.error('a string that is not valid', at)
    if (this.isName) this.collectName(piece.subarray(at, at + 1), at)
    if (this.hex.length < 4) return at + 1
    const unit = Number.parseInt(this.hex, 16)
    // Half a surrogate pair is no character: the two halves stand one behind the other.
    const isEnd = unit >= 0xdc00 && unit <= 0xdfff
    if (this.half !== isEnd) throw this.error('a string that is not valid', at)
    this.half = unit >= 0xd800 && unit <= 0xdbff
    this.state = 'text'
    return at + 1
  }

  private endName(at: number): void {
    const raw = Buffer.concat(this.token).toString('utf8')
    const name = this.escaped ? decodedText(`"${raw}"`, this.before + at) : raw
    const inside = this.stack.at(-1)
    const names = inside?.names ?? new Set<string>()
    if (names.has(name)) throw this.error(`duplicate name ${JSON.stringify(name.slice(0, 100))}`, at)
    if (forbiddenNames.has(name)) throw this.error(`forbidden name ${JSON.stringify(name)}`, at)
    names.add(name)
    this.names += 1
    this.nameBytes += this.tokenBytes
    if (inside !== undefined) inside.bytes += this.tokenBytes
    if (this.names > limits.openNames || this.nameBytes > limits.openNameBytes) {
      throw new JsonExceeds('too many names in one object', this.before + at)
    }
    if (this.stack.length === 1) this.member = name
    this.state = 'colon'
  }

  private number(piece: Buffer, at: number): number {
    let end = at
    while (numberSigns.has(piece[end] ?? 0)) end += 1
    this.collect(piece.subarray(at, end), limits.numberSigns, at, 'expected a value')
    if (end === piece.length) return end
    numberOfText(Buffer.concat(this.token).toString('latin1'), this.before + at)
    this.endValue(piece, end)
    return end
  }

  private word(piece: Buffer, at: number): number {
    this.collect(piece.subarray(at, at + 1), 5, at, 'expected a value')
    const found = Buffer.concat(this.token).toString('latin1')
    const word = words[found.charCodeAt(0)] ?? ''
    if (!word.startsWith(found)) throw this.error('expected a value', at)
    if (found === word) this.endValue(piece, at + 1)
    return at + 1
  }

  private pop(piece: Buffer, at: number): number {
    const gone = this.stack.pop()
    this.names -= gone?.names?.size ?? 0
    this.nameBytes -= gone?.bytes ?? 0
    this.endValue(piece, at + 1)
    return at + 1
  }

  private endValue(piece: Buffer, end: number): void {
    this.state = 'after'
    if (this.stack.length !== 1 || this.from < 0) return
    this.keep(piece.subarray(this.from, end))
    this.from = -1
    this.kept.set(this.member, this.keeping === null ? null : Buffer.concat(this.keeping))
    this.keeping = null
  }

  private keep(part: Buffer): void {
    if (this.keeping === null) return
    this.keptBytes += part.length
    if (this.keptBytes > this.most) this.keeping = null
    else this.keeping.push(Buffer.from(part))
  }

  private error(message: string, at: number): JsonError {
    return new JsonError(message, this.before + at)
  }
}

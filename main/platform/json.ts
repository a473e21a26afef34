import { isUtf8 } from 'node:buffer'
import canonicalizeValue from 'canonicalize'
import { limits } from './limits.ts'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** Why bytes are not the JSON we take. `position` counts bytes from the start. */
export class JsonError extends Error {
  readonly position: number
  constructor(message: string, position: number) {
    super(`${message} at position ${position}`)
    this.name = 'JsonError'
    this.position = position
  }
}

/** There is more of it than is read here: nothing is wrong with what was seen. */
export class JsonExceeds extends JsonError {}

/** A text that was left where it stands, because it is long: its bytes, a part of those that were parsed. */
export class LongText {
  readonly bytes: Buffer
  constructor(bytes: Buffer) {
    this.bytes = bytes
  }
}

/**
 * What is kept of an element of a list that is a member of an object in the document (`{"predicate": {MEMBER: [ELEMENT]}}`).
 * It was read as strictly as everything else; what is let go at once takes no memory beside the others.
 */
export type Reduce = (member: string, element: Json) => Json

export interface Bounds {
  /** How many values there may be: one takes tens of times the memory of its text. */
  readonly values?: number
  /** From how many bytes on a text is a {@link LongText}. Such a name, or such a text with escapes, is refused. */
  readonly longText?: number
  /** How many bytes all other texts may have together. */
  readonly texts?: number
  readonly reduce?: Reduce
}

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
/** The signs that numbers are written with. */
export const numberSigns: ReadonlySet<number> = new Set(Buffer.from('0123456789+-.eE'))
/** Names that objects of this language have a meaning for. */
export const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
const words = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const
const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a]
const [open, close, openList, closeList] = [0x7b, 0x7d, 0x5b, 0x5d]
const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/** A recursive-descent reader that refuses what JSON.parse silently accepts: duplicate names above all. */
class Reader {
  private readonly bytes: Buffer
  private readonly longText: number
  private at = 0
  private left: number
  private textLeft: number
  private readonly reduce: Reduce | null
  /** The member of an object in the document that is being read. */
  private member = ''
  constructor(bytes: Buffer, bounds: Bounds) {
    this.bytes = bytes
    this.left = bounds.values ?? Infinity
    this.longText = bounds.longText ?? Infinity
    this.textLeft = bounds.texts ?? Infinity
    this.reduce = bounds.reduce ?? null
  }

  document(): Json | LongText {
    // Two bytes are the least that a value takes.
    if (this.bytes.length > this.left * 2) this.count()
    const value = this.value(0)
    this.skip()
    if (this.at < this.bytes.length) throw new JsonError('trailing text', this.at)
    return value
  }

  /** Counts the values before the first of them is made: all but the first follow a comma or an opening bracket. */
  private count(): void {
    const { bytes } = this
    let values = 1
    for (let at = 0; at < bytes.length; at += 1) {
      const next = bytes[at]
      if (next === quote) {
        for (at += 1; at < bytes.length && bytes[at] !== quote; at += 1) if (bytes[at] === backslash) at += 1
      } else if (next === comma) values += 1
      else if (next === open || next === openList) {
        while (isSpace(bytes[at + 1])) at += 1
        if (bytes[at + 1] !== close && bytes[at + 1] !== closeList) values += 1
      }
      if (values > this.left) throw new JsonExceeds('too many values', at)
    }
  }

  private skip(): void {
    while (isSpace(this.bytes[this.at])) this.at += 1
  }

  private value(depth: number): Json | LongText {
    if (depth > limits.jsonDepth) throw new JsonError('nested too deeply', this.at)
    this.left -= 1
    if (this.left < 0) throw new JsonExceeds('too many values', this.at)
    this.skip()
    const next = this.bytes[this.at]
    if (next === open) return this.object(depth)
    if (next === openList) return this.array(depth)
    if (next === quote) return this.string()
    for (const [word, value] of words) {
      if (next !== word.charCodeAt(0)) continue
      if (this.bytes.toString('latin1', this.at, this.at + word.length) !== word) break
      this.at += word.length
      return value
    }
    return this.number()
  }

  private object(depth: number): Json {
    const result: { [name: string]: Json } = {}
    this.at += 1
    this.skip()
    if (this.take(close)) return result
    for (;;) {
      this.skip()
      if (this.bytes[this.at] !== quote) throw new JsonError('expected a name', this.at)
      const start = this.at
      const name = this.string()
      if (name instanceof LongText) throw new JsonError('a name that is too long', start)
      if (Object.hasOwn(result, name)) throw new JsonError(`duplicate name ${JSON.stringify(name)}`, start)
      if (forbiddenNames.has(name)) throw new JsonError(`forbidden name ${JSON.stringify(name)}`, start)
      this.skip()
      if (!this.take(colon)) throw new JsonError('expected a colon', this.at)
      if (depth === 1) this.member = name
      result[name] = this.value(depth + 1) as Json
      this.skip()
      if (this.take(close)) return result
      if (!this.take(comma)) throw new JsonError('expected a comma or a closing brace', this.at)
    }
  }

  private array(depth: number): Json {
    const result: Json[] = []
    this.at += 1
    this.skip()
    if (this.take(closeList)) return result
    for (;;) {
      const element = this.value(depth + 1) as Json
      result.push(depth === 2 && this.reduce !== null ? this.reduce(this.member, element) : element)
      this.skip()
      if (this.take(closeList)) return result
      if (!this.take(comma)) throw new JsonError('expected a comma or a closing bracket', this.at)
    }
  }

  private string(): string | LongText {
    const { bytes } = this
    const start = this.at
    let escaped = false
    let end = start + 1
    for (let byte = bytes[end]; byte !== quote; byte = bytes[end]) {
      if (byte === undefined || byte < 0x20) throw new JsonError('a string that is not valid', start)
      if (byte === backslash) escaped = true
      end += byte === backslash ? 2 : 1
    }
    this.at = end + 1
    if (end - start > this.longText) {
      if (escaped) throw new JsonError('a long text with escapes', start)
      return new LongText(bytes.subarray(start + 1, end))
    }
    this.textLeft -= end - start
    if (this.textLeft < 0) throw new JsonError('too much text', start)
    return escaped
      ? decodedText(bytes.toString('utf8', start, end + 1), start)
      : bytes.toString('utf8', start + 1, end)
  }

  private number(): number {
    const start = this.at
    while (numberSigns.has(this.bytes[this.at] ?? 0)) this.at += 1
    const isLong = this.at - start > limits.numberSigns
    return numberOfText(isLong ? '' : this.bytes.toString('latin1', start, this.at), start)
  }

  private take(sign: number): boolean {
    if (this.bytes[this.at] !== sign) return false
    this.at += 1
    return true
  }
}

/** The number that a text is. @throws JsonError */
export function numberOfText(text: string, start: number): number {
  if (!number.test(text)) throw new JsonError('expected a value', start)
  const value = Number(text)
  if (!Number.isFinite(value)) throw new JsonError('a number that is too large', start)
  return value
}

/** The text that a literal with escapes is. @throws JsonError */
export function decodedText(literal: string, start: number): string {
  let value: unknown
  try {
    value = JSON.parse(literal)
  } catch {
    throw new JsonError('a string that is not valid', start)
  }
  // Half a surrogate pair is no character: it has no UTF-8, so no canonical form (RFC 8785, 3.2.2.2).
  if (typeof value !== 'string' || /\p{Surrogate}/u.test(value))
    throw new JsonError('a string that is not valid', start)
  return value
}

function read(bytes: Uint8Array, bounds: Bounds): Json | LongText {
  if (!isUtf8(bytes)) throw new JsonError('not UTF-8', 0)
  return new Reader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), bounds).document()
}

/**
 * Parses JSON of others strictly: UTF-8 without a byte order mark, no duplicate names, no trailing bytes, bounded depth
 * and number of values.
 *
 * @param most how many values there may be
 * @throws JsonError
 */
export function parseStrict(bytes: Uint8Array, most: number = limits.jsonValues, reduce?: Reduce): Json {
  return read(bytes, { values: most, ...(reduce && { reduce }) }) as Json
}

/**
 * The same, with long texts left where they stand: what is mostly one text takes no memory but its own.
 *
 * @returns JSON in which any text may be a {@link LongText}, which no schema takes for a text
 * @throws JsonError
 */
export function parseInPlace(bytes: Uint8Array, bounds: Required<Omit<Bounds, 'reduce'>>): unknown {
  return read(bytes, bounds)
}

/** The canonical form (RFC 8785) of a JSON-safe value, as bytes. */
export function canonical(value: unknown): Buffer {
  const text = canonicalizeValue(value)
  if (text === undefined) throw new TypeError('not a JSON value')
  return Buffer.from(text, 'utf8')
}

/**
 * Parses a file of ours, which is valid only if it is the canonical form of what it says (bundle.md, "Reader rules").
 *
 * @throws JsonError
 */
export function parseCanonical(bytes: Uint8Array): Json {
  const value = read(bytes, {}) as Json
  if (!canonical(value).equals(bytes)) throw new JsonError('not in canonical form', 0)
  return value
}

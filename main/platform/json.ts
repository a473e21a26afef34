import canonicalizeValue from 'canonicalize'
import { limits } from './limits.ts'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** Why bytes are not the JSON we take. `position` counts UTF-16 units from the start. */
export class JsonError extends Error {
  readonly position: number
  constructor(message: string, position: number) {
    super(`${message} at position ${position}`)
    this.name = 'JsonError'
    this.position = position
  }
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const space = /[ \t\n\r]*/y
const forbiddenNames = new Set(['__proto__', 'constructor', 'prototype'])

/** A recursive-descent reader that refuses what JSON.parse silently accepts: duplicate names above all. */
class Reader {
  private readonly text: string
  private at = 0
  private left: number
  constructor(text: string, most: number) {
    this.text = text
    this.left = most
  }

  document(): Json {
    const value = this.value(0)
    this.skip()
    if (this.at < this.text.length) throw new JsonError('trailing text', this.at)
    return value
  }

  private skip(): void {
    space.lastIndex = this.at
    space.test(this.text)
    this.at = space.lastIndex
  }

  private value(depth: number): Json {
    if (depth > limits.jsonDepth) throw new JsonError('nested too deeply', this.at)
    this.left -= 1
    if (this.left < 0) throw new JsonError('too many values', this.at)
    this.skip()
    const next = this.text[this.at]
    if (next === '{') return this.object(depth)
    if (next === '[') return this.array(depth)
    if (next === '"') return this.string()
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length
        return value
      }
    }
    return this.number()
  }

  private object(depth: number): Json {
    const result: { [name: string]: Json } = {}
    const seen = new Set<string>()
    this.at += 1
    this.skip()
    if (this.take('}')) return result
    for (;;) {
      this.skip()
      if (this.text[this.at] !== '"') throw new JsonError('expected a name', this.at)
      const start = this.at
      const name = this.string()
      if (seen.has(name)) throw new JsonError(`duplicate name ${JSON.stringify(name)}`, start)
      if (forbiddenNames.has(name)) throw new JsonError(`forbidden name ${JSON.stringify(name)}`, start)
      seen.add(name)
      this.skip()
      if (!this.take(':')) throw new JsonError('expected a colon', this.at)
      result[name] = this.value(depth + 1)
      this.skip()
      if (this.take('}')) return result
      if (!this.take(',')) throw new JsonError('expected a comma or a closing brace', this.at)
    }
  }

  private array(depth: number): Json {
    const result: Json[] = []
    this.at += 1
    this.skip()
    if (this.take(']')) return result
    for (;;) {
      result.push(this.value(depth + 1))
      this.skip()
      if (this.take(']')) return result
      if (!this.take(',')) throw new JsonError('expected a comma or a closing bracket', this.at)
    }
  }

  private string(): string {
    const start = this.at
    let end = start + 1
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === '\\' ? 2 : 1
    const literal = this.text.slice(start, end + 1)
    let value: unknown
    try {
      value = JSON.parse(literal)
    } catch {
      throw new JsonError('a string that is not valid', start)
    }
    // Half a surrogate pair is no character: it has no UTF-8, so no canonical form (RFC 8785, 3.2.2.2).
    if (typeof value !== 'string' || /\p{Surrogate}/u.test(value))
      throw new JsonError('a string that is not valid', start)
    this.at = end + 1
    return value
  }

  private number(): number {
    number.lastIndex = this.at
    const match = number.exec(this.text)
    if (match === null) throw new JsonError('expected a value', this.at)
    const value = Number(match[0])
    if (!Number.isFinite(value)) throw new JsonError('a number that is too large', this.at)
    this.at = number.lastIndex
    return value
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false
    this.at += 1
    return true
  }
}

/**
 * Parses JSON of others strictly: UTF-8 without a byte order mark, no duplicate names, no trailing bytes, bounded depth.
 *
 * @param most how many values there may be: one takes tens of times the memory of its text
 *
 * @throws JsonError
 */
export function parseStrict(bytes: Uint8Array, most = Infinity): Json {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new JsonError('not UTF-8', 0)
  }
  return new Reader(text, most).document()
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
  const value = parseStrict(bytes)
  if (!canonical(value).equals(bytes)) throw new JsonError('not in canonical form', 0)
  return value
}

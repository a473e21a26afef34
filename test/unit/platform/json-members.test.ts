import { isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forbiddenNames, JsonError, JsonExceeds, parseStrict } from '../../../main/platform/json.ts'
import { MembersReader } from '../../../main/platform/json-members.ts'
import { limits } from '../../../main/platform/limits.ts'
import { Utf8Stream } from '../../../main/platform/utf8-stream.ts'

/* What streams by is held to the same form as what is parsed in memory, wherever the pieces are cut. */

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 5 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
    fc.array(tie('any'), { maxLength: 5 }),
    fc.dictionary(
      fc.string({ unit: 'grapheme' }).filter((name) => !forbiddenNames.has(name)),
      tie('any'),
      { maxKeys: 5 },
    ),
  ),
})).any

/** The bytes in a buffer that is used again for each piece, as files are read. */
function pieces(bytes: Buffer, size: number, take: (piece: Buffer) => void): void {
  const buffer = Buffer.alloc(size)
  for (let at = 0; at < bytes.length; at += size) {
    const length = bytes.copy(buffer, 0, at, at + size)
    take(buffer.subarray(0, length))
    buffer.fill(0x22)
  }
}

function read(bytes: Buffer, size: number, wanted: readonly string[] = [], most = 1_000_000) {
  const reader = new MembersReader(new Set(wanted), most)
  pieces(bytes, size, (piece) => reader.write(piece))
  return reader.end()
}

function isRefused(act: () => unknown): boolean {
  try {
    act()
    return false
  } catch (error) {
    expect(error).toBeInstanceOf(JsonError)
    return true
  }
}

const same = (bytes: Buffer, size: number): void => {
  const strict = isRefused(() => {
    if (!/^[ \t\r\n]*\{/.test(bytes.toString('latin1'))) throw new JsonError('no object', 0)
    parseStrict(bytes)
  })
  const streamed = isRefused(() => read(bytes, size))
  expect({ text: bytes.toString('latin1'), streamed }).toEqual({
    text: bytes.toString('latin1'),
    streamed: strict,
  })
}

describe('members of an object that streams by', () => {
  it('are those that a parser finds, in any pieces', () => {
    const document = fc.record({ a: value, b: value, c: value })
    fc.assert(
      fc.property(
        document,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 3 }),
        (it, size, indent) => {
          const kept = read(Buffer.from(JSON.stringify(it, null, indent)), size, ['a', 'c'])
          expect([...kept.keys()]).toEqual(['a', 'c'])
          for (const name of ['a', 'c'] as const) {
            expect(JSON.parse(kept.get(name)?.toString() ?? '')).toEqual(JSON.parse(JSON.stringify(it[name])))
          }
        },
      ),
    )
  })

  it('are taken and refused as in memory, whatever is changed in the text', () => {
    const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }), cut: fc.boolean() })
    fc.assert(
      fc.property(
        fc.record({ a: value, b: value }),
        fc.integer({ min: 1, max: 20 }),
        change,
        (it, size, { at, to, cut }) => {
          const bytes = Buffer.from(JSON.stringify(it))
          same(bytes, size)
          if (cut) same(bytes.subarray(0, at % bytes.length), size)
          else bytes[at % bytes.length] = to
          same(bytes, size)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['a name twice', '{"a":1,"a":2}'],
    ['a name twice, once with an escape', '{"a":{"b":1,"\\u0062":2}}'],
    ['a name twice in a list of objects', '{"a":[{"b":1},{"c":1,"c":1}]}'],
    ['a forbidden name', '{"__proto__":1}'],
    ['half a character', '{"a":"\\ud83d"}'],
    ['half a character, then a plain sign', '{"a":"\\ud83dx"}'],
    ['half a character, then another escape', '{"a":"\\ud83d\\n"}'],
    ['two halves in the wrong order', '{"a":"\\ude00\\ud83d"}'],
    ['half a character at the end of a name', '{"\\ud83d":1}'],
    ['an unknown escape', '{"a":"\\x41"}'],
    ['a control character', '{"a":"\u0001"}'],
    ['text behind it', '{"a":1} x'],
    ['two documents', '{}{}'],
    ['a list', '[]'],
    ['nothing', ''],
    ['a comma at the end', '{"a":1,}'],
    ['a comma at the end of a list', '{"a":[1,]}'],
    ['no colon', '{"a" 1}'],
    ['a number with a zero in front', '{"a":01}'],
    ['a number that is too large', '{"a":1e999}'],
    ['a number of many digits', `{"a":${'1'.repeat(limits.numberSigns + 1)}}`],
    ['a word that is none', '{"a":tru}'],
    ['a word with a tail', '{"a":nulls}'],
    ['a byte order mark', '\ufeff{}'],
    ['a list ended as an object', '{"a":[1}'],
    ['one level too many', `{"a":${'['.repeat(limits.jsonDepth)}0${']'.repeat(limits.jsonDepth)}}`],
    ['a hundred thousand levels', `{"a":${'['.repeat(100_000)}`],
  ])('with %s are none', (_, text) => {
    for (const size of [1, 2, 7, 100_000]) {
      expect(() => read(Buffer.from(text), size)).toThrow(JsonError)
      same(Buffer.from(text), size)
    }
  })

  it.each([
    ['characters of two halves', '{"\\ud83d\\ude00":"\\ud83d\\ude00"}'],
    ['all escapes', '{"a":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"}'],
    ['blanks everywhere', ' { "a" : [ 1 , -2.5e+3 , true ] , "b" : { } } \n'],
    ['a name that stands in two objects', '{"a":{"b":1},"b":{"b":{"b":[]}}}'],
    [
      'as many levels as there may be',
      `{"a":${'['.repeat(limits.jsonDepth - 1)}0${']'.repeat(limits.jsonDepth - 1)}}`,
    ],
  ])('with %s are read', (_, text) => {
    for (const size of [1, 3, 100_000]) {
      expect(() => read(Buffer.from(text), size)).not.toThrow()
      same(Buffer.from(text), size)
    }
  })

  it('are kept up to so many bytes, and what is larger is told apart from what is not there', () => {
    const kept = read(Buffer.from(`{"a":"${'x'.repeat(1000)}","b":1}`), 64, ['a', 'b', 'c'], 500)
    expect([kept.get('a'), kept.has('b'), kept.has('c')]).toEqual([null, true, false])
  })

  it('of more names than are remembered say so', () => {
    const names = (count: number, text = ''): Buffer =>
      Buffer.from(`{${Array.from({ length: count }, (_, i) => `"${text}${i}":0`).join()}}`)
    expect(() => read(names(limits.openNames), 65_536)).not.toThrow()
    expect(() => read(names(limits.openNames + 1), 65_536)).toThrow(JsonExceeds)
    expect(() => read(names(50_000, 'x'.repeat(100)), 65_536)).toThrow(JsonExceeds)
    expect(() => read(Buffer.from(`{"${'x'.repeat(limits.longTextBytes + 1)}":0}`), 65_536)).toThrow(
      JsonExceeds,
    )
    // Objects that were left are forgotten.
    const many = Buffer.from(`{"a":[${'{"b":1,"c":2},'.repeat(limits.openNames)}0]}`)
    expect(() => read(many, 65_536)).not.toThrow()
  })
})

describe('UTF-8 that comes in pieces', () => {
  it('is what it is as a whole', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 12 }).map((text) => Buffer.from(text)),
    )
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 5 }), (text, size) => {
        const stream = new Utf8Stream()
        const right: boolean[] = []
        pieces(Buffer.from(text), size, (piece) => right.push(stream.write(piece)))
        expect(!right.includes(false) && stream.end()).toBe(isUtf8(text))
      }),
      { numRuns: 5000 },
    )
  })
})

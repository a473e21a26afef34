import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  canonical,
  JsonError,
  LongText,
  parseCanonical,
  parseInPlace,
  parseStrict,
} from '../../../main/platform/json.ts'
import { limits } from '../../../main/platform/limits.ts'

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 5 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.maxSafeNat(),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('any'), { maxLength: 5 }),
    fc.dictionary(
      fc.string().filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key)),
      tie('any'),
      { maxKeys: 5 },
    ),
  ),
})).any

const refused = (text: string | Uint8Array): boolean => {
  try {
    parseCanonical(typeof text === 'string' ? Buffer.from(text) : text)
    return false
  } catch (error) {
    expect(error).toBeInstanceOf(JsonError)
    return true
  }
}

describe('canonical JSON', () => {
  it('reads back what it writes, and writes it the same', () => {
    fc.assert(
      fc.property(value, (made) => {
        const bytes = canonical(made)
        expect(canonical(parseCanonical(bytes))).toEqual(bytes)
        expect(JSON.parse(bytes.toString('utf8'))).toEqual(JSON.parse(JSON.stringify(made)))
      }),
      { numRuns: 300 },
    )
  })

  it('any byte put in, taken out or changed gives another value or is refused', () => {
    fc.assert(
      fc.property(value, fc.nat(), fc.integer({ min: 0, max: 255 }), (made, place, byte) => {
        const bytes = canonical(made)
        const at = place % (bytes.length + 1)
        const forms = [
          Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at)]),
          Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]),
          Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at + 1)]),
        ]
        for (const form of forms) {
          if (form.equals(bytes) || refused(form)) continue
          expect(canonical(parseCanonical(form))).toEqual(form)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('refuses every other spelling of a value', () => {
    const texts = [
      '',
      ' ',
      '{} ',
      ' {}',
      '{}\n',
      '\ufeff{}',
      '{"b":1,"a":2}',
      '{"a":1,"a":1}',
      '{"a":1,"\\u0061":1}',
      '{"a" :1}',
      '[1,]',
      '[1.0]',
      '[1e2]',
      '[-0]',
      '[01]',
      '[+1]',
      '[.5]',
      '[NaN]',
      '[Infinity]',
      '[9007199254740993]',
      "['a']",
      '["\\/"]',
      '["\\u0041"]',
      '["\\ud800"]',
      '["\u0001"]',
      '["\t"]',
      '[true false]',
      'nul',
      '{"a":1}}',
      '[[]',
      '//x\n1',
      '{a:1}',
    ]
    for (const text of texts) expect({ text, refused: refused(text) }).toEqual({ text, refused: true })
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc0, 0x80, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
    ]) {
      expect(refused(Uint8Array.from(bytes))).toBe(true)
    }
  })

  it('does not fall for prototypes, and counts depth', () => {
    const read = ((): unknown => {
      try {
        return parseStrict(Buffer.from('{"__proto__":{"polluted":true}}'))
      } catch {
        return null
      }
    })()
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect((read as Record<string, unknown> | null)?.['polluted']).toBeUndefined()
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(refused(nested(limits.jsonDepth + 1))).toBe(false)
    expect(refused(nested(limits.jsonDepth + 2))).toBe(true)
    expect(refused(nested(1_000_000))).toBe(true)
  })

  it('has so many values and no more, empty ones among them, and commas in texts are none', () => {
    const most = (text: string, values: number): string => {
      try {
        parseStrict(Buffer.from(text), values)
        return 'read'
      } catch (error) {
        return error instanceof JsonError ? error.message : 'something else'
      }
    }
    const texts = [
      [`[${Array(50).fill('[ ]').join(',')}]`, 51],
      [`[${Array(50).fill('{ }').join(' , ')}]`, 51],
      [`{"a":"${',['.repeat(50)}","b\\\"[,":[1,2]}`, 5],
      [`["${'\\\\'.repeat(50)}",1]`, 3],
    ] as const
    for (const [text, values] of texts) {
      expect({ text, says: most(text, values) }).toEqual({ text, says: 'read' })
      expect(most(text, values - 1)).toMatch(/^too many values/)
    }
  })

  it('keeps a long text in place, which has no escapes and is no name; short ones have a size together', () => {
    const bounds = { values: 100, longText: 10, texts: 20 }
    const read = (text: string): unknown => {
      try {
        return parseInPlace(Buffer.from(text), bounds)
      } catch (error) {
        return error instanceof JsonError ? error.message.replace(/ at.*/, '') : 'something else'
      }
    }
    const long = 'x'.repeat(10)
    expect(read(`["${long}"]`)).toEqual([expect.any(LongText)])
    expect(read(`["${long.slice(1)}"]`)).toEqual([long.slice(1)])
    expect(read(`["${long}\\n"]`)).toMatch(/^a long text with escapes/)
    expect(read(`["\\n"]`)).toEqual(['\n'])
    expect(read(`{"${long}":1}`)).toMatch(/^a name that is too long/)
  })
})

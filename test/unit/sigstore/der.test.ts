import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as reader from '../../../main/sigstore/x509/der.ts'
import { element, natural, nothing, octets, oid, sequence } from '../../../main/sigstore/x509/der-write.ts'
import * as oracle from '../../support/pki/der.ts'

/* What is written is what the strict reader takes and gives back, and what the independent writer of the tests makes. */

const bytes = fc.uint8Array({ maxLength: 300 }).map((one) => Buffer.from(one))
// One-byte tags: those that end in 0x1f go on in a second byte.
const tag = fc.integer({ min: 0, max: 0xff }).filter((one) => (one & 0x1f) !== 0x1f)

describe('DER that is written', () => {
  it('has the shortest length, whatever the size', () => {
    for (const [size, head] of [
      [0, '0400'],
      [0x7f, '047f'],
      [0x80, '048180'],
      [0xff, '0481ff'],
      [0x100, '04820100'],
      [0xffff, '0482ffff'],
      [0x10000, '0483010000'],
      [0xffffff, '0483ffffff'],
      [0x1000000, '048401000000'],
    ] as const) {
      const written = octets(Buffer.alloc(size, 0xa5))
      const found = written.subarray(0, written.length - size).toString('hex')
      expect(found).toBe(head)
      expect(reader.readDer(written).content.length).toBe(size)
    }
  })

  it('reads back with its tag and its content', () => {
    fc.assert(
      fc.property(tag, fc.array(bytes, { maxLength: 4 }), (id, parts) => {
        const written = element(id, ...parts)
        const { tag: found, content, raw } = reader.readDer(written)
        expect([found, raw.length]).toEqual([id, written.length])
        expect(content.equals(Buffer.concat(parts))).toBe(true)
        expect(written.equals(oracle.tlv(id, ...parts))).toBe(true)
      }),
    )
  })

  it('holds elements in elements, at any depth', () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 8 }), fc.integer({ min: 0, max: 12 }), (all, depth) => {
        let written = sequence(...all.map(octets), nothing)
        for (let i = 0; i < depth; i++) written = sequence(written)
        let read = reader.readDer(written)
        for (let i = 0; i < depth; i++) read = reader.sequence(read)[0] ?? read
        const found = reader.sequence(read)
        expect(found.slice(0, -1).map((one) => one.content.toString('hex'))).toEqual(
          all.map((one) => one.toString('hex')),
        )
        expect(found.at(-1)).toMatchObject({ tag: reader.tags.nothing, content: Buffer.alloc(0) })
      }),
    )
  })

  it('gives back numbers', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 500n }), (value) => {
        const hex = value.toString(16)
        const written = natural(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'))
        expect(reader.natural(reader.readDer(written))).toBe(value)
        expect(written.equals(oracle.integer(value))).toBe(true)
      }),
    )
  })

  it('gives back object identifiers', () => {
    for (const [hex, dotted] of [
      ['2a864886f70d01050d', '1.2.840.113549.1.5.13'],
      ['608648016503040201', '2.16.840.1.101.3.4.2.1'],
    ] as const) {
      expect(reader.oid(reader.readDer(oid(hex)))).toBe(dotted)
    }
  })
})

/* Each rule at its very bounds: what is read on one side of it, and the words on the other. */

const wordsOf = (act: () => unknown): unknown => {
  try {
    return act()
  } catch (error) {
    if (error instanceof reader.DerError) return error.message
    throw error
  }
}
const from = (hex: string): reader.Der => reader.readDer(Buffer.from(hex, 'hex'))
const [zeros, long] = ['00'.repeat(64), '7f'.repeat(64)]

describe('DER that is read', () => {
  it.each([
    ['', 'cut off'],
    ['02', 'cut off'],
    ['0201', 'cut off'],
    ['020100', '02 00'],
    ['02010000', 'bytes after the end'],
    ['1f0100', 'a tag of several bytes'],
    ['bf0100', 'a tag of several bytes'],
    ['1e0100', '1e 00'],
    ['0480', 'an indefinite or huge length'],
    ['04810100', 'a length that is not the shortest'],
    [`04817f${'00'.repeat(127)}`, 'a length that is not the shortest'],
    [`048180${'00'.repeat(128)}`, `04 ${'00'.repeat(128)}`],
    [`04820080${'00'.repeat(128)}`, 'a length that is not the shortest'],
    [`048200ff${'00'.repeat(255)}`, 'a length that is not the shortest'],
    [`04820100${'00'.repeat(256)}`, `04 ${'00'.repeat(256)}`],
    ['0484ffffffff', 'cut off'],
    ['04850000000001', 'an indefinite or huge length'],
    ['048101', 'a length that is not the shortest'],
  ])('%s', (hex, found) => {
    const read = wordsOf(() => {
      const { tag: id, content } = from(hex)
      return `${id.toString(16).padStart(2, '0')} ${content.toString('hex')}`
    })
    expect(read).toBe(found)
  })

  it.each([
    ['integer', '0200', 'not a number'],
    ['integer', '020100', 0n],
    ['integer', '02017f', 127n],
    ['integer', '020180', -128n],
    ['integer', '0201ff', -1n],
    ['integer', '02020080', 128n],
    ['integer', '0202007f', 'a number that is not the shortest'],
    ['integer', '0202ff7f', -129n],
    ['integer', '0202ff80', 'a number that is not the shortest'],
    ['integer', '02020000', 'a number that is not the shortest'],
    ['integer', `0240${long}`, BigInt(`0x${long}`)],
    ['integer', `0241${long}7f`, 'not a number'],
    ['integer', '0c0100', 'tag 0xc instead of 0x2'],
    ['natural', '0200', 'not a natural number'],
    ['natural', '020100', 0n],
    ['natural', '02017f', 127n],
    ['natural', '020180', 'not a natural number'],
    ['natural', '02020080', 128n],
    ['natural', '0202007f', 'a number that is not the shortest'],
    ['natural', `0240${long}`, BigInt(`0x${long}`)],
    ['natural', `0241${long}7f`, 'a number that is too large'],
    ['boolean', '0101ff', true],
    ['boolean', '010100', false],
    ['boolean', '010101', 'not a boolean'],
    ['boolean', '0100', 'not a boolean'],
    ['boolean', '0102ffff', 'not a boolean'],
    ['oid', '0600', 'not an object identifier'],
    ['oid', '060100', '0.0'],
    ['oid', '060127', '0.39'],
    ['oid', '060128', '1.0'],
    ['oid', '06014f', '1.39'],
    ['oid', '060150', '2.0'],
    ['oid', '06028134', '2.100'],
    ['oid', '060181', 'not an object identifier'],
    ['oid', '0603288001', 'an object identifier that is not the shortest'],
    ['oid', '0602808f', 'an object identifier that is not the shortest'],
    ['oid', `0640${zeros}`, `0.0${'.0'.repeat(63)}`],
    ['oid', `0641${zeros}00`, 'not an object identifier'],
  ] as const)('%s of %s', (what, hex, found) => {
    expect(wordsOf(() => reader[what](from(hex)))).toBe(found)
  })

  it('bits, whole or by name', () => {
    const whole = (hex: string) => wordsOf(() => reader.wholeBits(from(hex)).toString('hex'))
    expect(['0300', '030100', '030200ff', '030201fe'].map(whole)).toEqual([
      'a bit string with unused bits',
      '',
      'ff',
      'a bit string with unused bits',
    ])
    const named = (hex: string) => wordsOf(() => [...reader.namedBits(from(hex))])
    const long = 'a list of bits that is not the shortest'
    expect(['0300', '030100', '030101', '03020780', '03020680', '03020001', '03020000'].map(named)).toEqual([
      long,
      [],
      long,
      [0],
      long,
      [7],
      long,
    ])
    expect(named('0303078080')).toEqual([0, 8])
    expect(named('0303070080')).toEqual([8])
    expect(named('0303078000')).toBe(long)
    expect(named('030205a0')).toEqual([0, 2])
  })

  it('times that exist, in one form', () => {
    const at = (id: number, text: string, read = reader.time) => {
      const found = wordsOf(() => read(reader.readDer(element(id, Buffer.from(text)))))
      return typeof found === 'number' ? new Date(found).toISOString() : found
    }
    const { utcTime, generalizedTime } = reader.tags
    expect(at(utcTime, '491231235959Z')).toBe('2049-12-31T23:59:59.000Z')
    expect(at(utcTime, '500101000000Z')).toBe('1950-01-01T00:00:00.000Z')
    expect(at(utcTime, '20260101000000Z')).toBe('not a time in UTC')
    expect(at(generalizedTime, '260101000000Z')).toBe('not a time in UTC')
    expect(at(generalizedTime, '20260110120000Z')).toBe('2026-01-10T12:00:00.000Z')
    expect(at(generalizedTime, '20260110120000.5Z')).toBe('2026-01-10T12:00:00.500Z')
    expect(at(generalizedTime, '20260110120000.123456789Z')).toBe('2026-01-10T12:00:00.123Z')
    expect(at(generalizedTime, '20260110120000.50Z')).toBe('a fraction of a second that is not the shortest')
    expect(at(generalizedTime, '20260231000000Z')).toBe('not a time that exists')
    expect(at(generalizedTime, '20261301000000Z')).toBe('not a time that exists')
    const odd = 'a time of another form than certificates have'
    expect(at(generalizedTime, '20491231235959Z', reader.certificateTime)).toBe(odd)
    expect(at(generalizedTime, '20500101000000Z', reader.certificateTime)).toBe('2050-01-01T00:00:00.000Z')
    expect(at(generalizedTime, '20500101000000.5Z', reader.certificateTime)).toBe(odd)
    expect(at(utcTime, '491231235959Z', reader.certificateTime)).toBe('2049-12-31T23:59:59.000Z')
  })

  it('elements in what can hold some, and text in UTF-8', () => {
    expect(wordsOf(() => reader.inside(from('0400')))).toBe('not constructed')
    expect(wordsOf(() => reader.inside(from('a000')))).toEqual([])
    expect(wordsOf(() => reader.inside(from('300304010a')).map((one) => one.raw.toString('hex')))).toEqual([
      '04010a',
    ])
    expect(wordsOf(() => reader.inside(from('30020401')))).toBe('cut off')
    expect(wordsOf(() => reader.sequence(undefined))).toBe('element 0x30 is missing')
    expect(wordsOf(() => reader.utf8(Buffer.from('ef bb bf 61'.replaceAll(' ', ''), 'hex')))).toBe('\ufeffa')
    expect(wordsOf(() => reader.utf8(Buffer.from([0xff])))).toBe('not UTF-8')
    expect([reader.context(1), reader.context(1, false)]).toEqual([0xa1, 0x81])
  })
})

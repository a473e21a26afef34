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

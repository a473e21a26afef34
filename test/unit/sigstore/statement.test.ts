import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { canonical } from '../../../main/platform/json.ts'
import { EnvelopeError } from '../../../main/sigstore/envelope.ts'
import { parseStatement } from '../../../main/sigstore/statement.ts'

/* Statements of our own kind: of one form only, and what is wrong is said by its place. */

const type = 'https://example.test/own/v1'
const shape = z.strictObject({ part: z.strictObject({ count: z.number() }) })
const whole = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'a', digest: { sha256: '1'.repeat(64) } }],
  predicateType: type,
  predicate: { part: { count: 1 } },
}
const read = (value: unknown): unknown => {
  try {
    return parseStatement(Buffer.isBuffer(value) ? value : canonical(value as never), type, shape)
  } catch (error) {
    if (error instanceof EnvelopeError) return error.message
    throw error
  }
}
const other = 'not an in-toto statement v1 as expected'

describe('a statement of our own', () => {
  it('gives its subjects and its predicate', () => {
    expect(read(whole)).toEqual({
      subjects: [{ name: 'a', digest: `sha256:${'1'.repeat(64)}` }],
      predicate: whole.predicate,
    })
  })

  it.each([
    ['another type of statement', { ...whole, _type: 'https://in-toto.io/Statement/v0.1' }, other],
    ['no subject', { ...whole, subject: [] }, other],
    ['another digest', { ...whole, subject: [{ name: 'a', digest: { sha512: '1'.repeat(128) } }] }, other],
    ['more than is known', { ...whole, more: 1 }, other],
    ['another predicate', { ...whole, predicateType: `${type}0` }, `a statement of type ${type}0`],
    [
      'a long predicate type',
      { ...whole, predicateType: 'x'.repeat(200) },
      `a statement of type ${'x'.repeat(100)}`,
    ],
    [
      'a predicate of another form',
      { ...whole, predicate: { part: { count: 'x' } } },
      'the predicate: part.count Invalid input: expected number, received string',
    ],
    ['a list', [whole], other],
  ])('is not one with %s', (_, value, found) => expect(read(value)).toBe(found))

  it('is written in the one form', () => {
    expect(read(Buffer.from(`${canonical(whole).toString()}\n`))).toMatch(/^the statement: ./)
    expect(read(Buffer.from('{'))).toMatch(/^the statement: ./)
  })
})

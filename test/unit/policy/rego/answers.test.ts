import { describe, expect, it } from 'vitest'
import { limits } from '../../../../main/platform/limits.ts'
import type { Json } from '../../../../main/platform/json.ts'
import { readAnswers } from '../../../../main/policy/rego/answers.ts'
import { RegoRefused } from '../../../../main/policy/rego/refused.ts'

const items = new Set(['app', 'web'])
const one = { item: 'app', id: 'latest', message: 'a tag' }

function said(answer: Json): unknown {
  try {
    return readAnswers(answer, items)
  } catch (error) {
    if (!(error instanceof RegoRefused)) throw error
    return `${error.reason}: ${error.found}`
  }
}
const set = (...result: Json[]): Json => [{ result }]

describe('an answer', () => {
  it('is one set of objections, in an order of its own', () => {
    expect(said(set())).toEqual({ objections: [], strange: null })
    const about = { ...one, item: null }
    expect(said(set(one, { ...one, id: 'a' }, about))).toEqual({
      objections: [{ ...one, id: 'a' }, one, about],
      strange: null,
    })
  })

  it.each([
    ['no result', [], 'nothing: the rule is undefined for this bundle'],
    ['two results', [{ result: [] }, { result: [] }], 'something else'],
    ['no list', { result: [] }, 'something else'],
    ['null', null, 'something else'],
    ['a word', 'allow', 'something else'],
    ['a result that is none', [[]], 'something else'],
    ['allow', [{ result: true }], 'something that is no set'],
    ['an object', [{ result: { deny: [] } }], 'something that is no set'],
    ['a result without a name', [{}], 'something that is no set'],
    ['more than a result', [{ result: [], pass: ['policy.signature'] }], 'something that is no set'],
  ] as const)('is nothing that is %s', (_, answer, found) => {
    expect(said(answer as unknown as Json)).toBe(`answer: ${found}`)
  })

  it.each([
    ['a word', 'app', /no object/],
    ['a list', [], /no object/],
    ['without an id', { item: 'app', message: 'm' }, /without an id/],
    ['with a long id', { ...one, id: 'x'.repeat(65) }, /without an id/],
    ['with lines in its id', { ...one, id: 'a\nb' }, /without an id/],
    ['without a message', { item: 'app', id: 'a' }, /without a message/],
    ['with an empty message', { ...one, message: '' }, /without a message/],
    ['with a long message', { ...one, message: 'x'.repeat(501) }, /without a message/],
    ['with a message that is not seen', { ...one, message: 'fine \u202e' }, /without a message/],
    ['without an item', { id: 'a', message: 'm' }, /not in this bundle/],
    ['about another item', { ...one, item: 'other' }, /not in this bundle/],
    ['with a result of its own', { ...one, result: 'pass' }, /with “result”/],
    ['that takes a check back', { ...one, overrides: 'policy.signature' }, /with “overrides”/],
  ] as const)('%s is strange, and takes nothing away beside it', (_, strange, why) => {
    expect(said(set(strange as unknown as Json, one))).toEqual({
      objections: [one],
      strange: expect.stringMatching(why) as string,
    })
  })

  it('is read up to a number of objections, and says that there are more', () => {
    const many = (count: number): Json =>
      set(...Array.from({ length: count }, (_, i) => ({ ...one, id: `n${i}` })))
    expect(said(many(limits.regoAnswers))).toMatchObject({ strange: null })
    expect(said(many(limits.regoAnswers + 1))).toMatchObject({
      objections: { length: limits.regoAnswers },
      strange: `${limits.regoAnswers + 1} objections, of which ${limits.regoAnswers} are read`,
    })
  })
})

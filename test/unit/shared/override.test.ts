import { expect, it } from 'vitest'
import { exceptionFor, type Override } from '../../../shared/rules/override.ts'

const standing = (check: string): Override => {
  const [until, people] = ['2026-12-24T00:00:00Z', ['Dave', 'Erin']]
  return { check, subject: null, until, reason: 'Agreed with the owner', people }
}
const found = (id: string, result: string): boolean =>
  exceptionFor([standing(id)], { id, subject: 'a', result }, '2026-11-26T00:00:00Z') !== null

it('an exception covers a proof that is missing, never one that contradicts', () => {
  expect(found('ledger.consistency', 'not-checked')).toBe(true)
  expect(found('ledger.consistency', 'fail')).toBe(false)
})

it('an exception covers rules of the policy and times that failed, nothing of bytes, signatures and order', () => {
  expect([found('policy.lifetime', 'fail'), found('expiry.waybill', 'fail')]).toEqual([true, true])
  for (const id of ['content.blob', 'signers.trust', 'order.gap', 'order.replay', 'waybill.attested'])
    expect({ id, found: found(id, 'fail') }).toEqual({ id, found: false })
})

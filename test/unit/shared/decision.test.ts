import { describe, expect, it } from 'vitest'
import {
  canAccept,
  currentHalves,
  decidingHalves,
  peopleMissing,
  peopleNeeded,
  stands,
} from '../../../shared/rules/decision.ts'
import type { Role } from '../../../shared/schema.ts'
import type { DecisionOutcome } from '../../../shared/views.ts'

const half = (person: string, outcome: DecisionOutcome, role: Role) => ({ person, outcome, roles: [role] })
const dave = (outcome: DecisionOutcome) => half('dave', outcome, 'transfer-agent')
const erin = (outcome: DecisionOutcome) => half('erin', outcome, 'witness')
const finn = (outcome: DecisionOutcome) => half('finn', outcome, 'witness')

describe('the signatures that still count', () => {
  it('are all of them before anything stands', () => {
    expect(currentHalves([])).toEqual([])
    expect(currentHalves([dave('accept')])).toEqual([dave('accept')])
    expect(currentHalves([dave('accept'), erin('reject')])).toHaveLength(2)
  })

  it('are none of those under a hold that stands', () => {
    expect(currentHalves([dave('hold'), erin('hold')])).toEqual([])
    expect(currentHalves([dave('hold'), erin('hold'), dave('accept')])).toEqual([dave('accept')])
  })

  it('are kept where two hold who may not decide together', () => {
    expect(currentHalves([erin('hold'), finn('hold')])).toHaveLength(2)
  })

  it('keep both halves of an acceptance', () => {
    expect(currentHalves([dave('hold'), erin('hold'), dave('accept'), erin('accept')])).toEqual([
      dave('accept'),
      erin('accept'),
    ])
  })
})

const three = { accept: 3, reject: 2, hold: 2 }

describe('how many people an acceptance takes', () => {
  it('is two unless the channel itself asks for more; to reject and to hold it is always two', () => {
    const policy = { channels: [{ name: 'payments', approvals: { accept: 3 } }, { name: 'plain' }] }
    expect(peopleNeeded(policy, 'payments')).toEqual(three)
    for (const channel of ['plain', 'other', null])
      expect(peopleNeeded(policy, channel)).toEqual({ accept: 2, reject: 2, hold: 2 })
  })

  it('stands with the last of them, and only where two may decide together', () => {
    expect(stands([dave('accept')], erin('accept'))).toBe(true)
    expect(stands([dave('accept')], erin('accept'), 3)).toBe(false)
    expect(stands([dave('accept'), erin('accept')], finn('accept'), 3)).toBe(true)
    expect(stands([dave('accept'), erin('accept')], finn('accept'), 4)).toBe(false)
    expect(stands([dave('accept'), erin('reject')], finn('accept'), 3)).toBe(false)
    expect(stands([erin('accept'), finn('accept')], half('gina', 'accept', 'release-authority'), 3)).toBe(
      false,
    )
  })

  it('is still to be signed by so many, and by one at least where enough did who do not fit', () => {
    expect(peopleMissing([], 'accept', three)).toBe(3)
    expect(peopleMissing([dave('accept'), erin('reject')], 'accept', three)).toBe(2)
    expect(peopleMissing([dave('accept'), erin('reject')], 'reject', three)).toBe(1)
    expect(peopleMissing([erin('accept'), finn('accept'), erin('accept')], 'accept', three)).toBe(1)
  })

  it('names everybody who made it stand, and of a hold the two', () => {
    const all = [dave('hold'), erin('hold'), dave('accept'), erin('accept'), finn('accept')]
    expect(decidingHalves(all, 'accept').map(({ person }) => person)).toEqual(['dave', 'erin', 'finn'])
    expect(decidingHalves(all.slice(0, 2), 'hold').map(({ person }) => person)).toEqual(['dave', 'erin'])
    expect(decidingHalves(all, null)).toEqual([])
  })

  it('can be met by so many different people, of both kinds', () => {
    const person = (id: string, role: Role) => ({ person: id, name: id, fingerprint: id, roles: [role] })
    const [a, b, c] = [person('a', 'transfer-agent'), person('b', 'witness'), person('c', 'witness')]
    expect(canAccept([a, b, c], 3)).toBe(true)
    expect(canAccept([a, b], 3)).toBe(false)
    expect(canAccept([a, b, { ...c, fingerprint: 'b' }], 3)).toBe(false)
    expect(canAccept([a, b, person('d', 'auditor')], 3)).toBe(false)
    expect(canAccept([b, c, person('e', 'security-officer')], 3)).toBe(false)
    expect(canAccept([], 2)).toBe(false)
  })
})

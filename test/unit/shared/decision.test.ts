import { describe, expect, it } from 'vitest'
import { currentHalves } from '../../../shared/rules/decision.ts'
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

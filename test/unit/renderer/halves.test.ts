import { describe, expect, it } from 'vitest'
import { currentHalves, type Half } from '../../../renderer/state/halves.ts'
import type { DecisionOutcome } from '../../../shared/views.ts'

const half = (person: string, outcome: DecisionOutcome, role: Half['roles'][number]): Half => ({
  person,
  name: person,
  roles: [role],
  outcome,
  reason: null,
  at: '2026-11-22T09:00:00Z',
  fingerprint: { hex: '0'.repeat(64), words: [] },
})
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

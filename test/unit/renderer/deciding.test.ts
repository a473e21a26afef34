import { describe, expect, it } from 'vitest'
import { awaitedWords, kindsWords, personTitles, whoSigns } from '../../../renderer/text/deciding.ts'
import type { ConsignmentView, DecisionOutcome } from '../../../shared/views.ts'

type Half = ConsignmentView['decisions'][number]
const half = (outcome: DecisionOutcome, role: Half['roles'][number] = 'witness') =>
  ({ outcome, roles: [role] }) as unknown as Half
const agent = (outcome: DecisionOutcome): Half => half(outcome, 'transfer-agent')
const of = (accept: number, ...decisions: Half[]) => ({
  decisions,
  needed: { accept, reject: 2, hold: 2 },
})

describe('who has to sign a decision', () => {
  it('is said by the number that the policy asks for', () => {
    expect(whoSigns(of(2), 'accept')).toBe('two people sign')
    expect(whoSigns(of(2, agent('accept')), 'accept')).toBe('one more person signs')
    expect(whoSigns(of(3), 'accept')).toBe('three people sign')
    expect(whoSigns(of(3), 'reject')).toBe('two people sign')
    expect(whoSigns(of(3, agent('accept')), 'accept')).toBe('two more people sign')
    expect(whoSigns(of(3, agent('accept'), half('accept')), 'accept')).toBe('one more person signs')
    expect(whoSigns(of(4, agent('reject')), 'accept')).toBe('four people sign')
  })

  it('is said on the verdict: who signed what, and how many are awaited', () => {
    expect(awaitedWords(of(2))).toBe('Next: two people decide.')
    expect(awaitedWords(of(3))).toBe('Next: three people sign to accept, or two to reject or to hold.')
    expect(awaitedWords(of(2, agent('accept')))).toBe('One person has signed. A second one signs the same.')
    expect(awaitedWords(of(3, agent('reject')))).toBe('One person has signed. A second one signs the same.')
    expect(awaitedWords(of(3, agent('accept')))).toBe(
      'One person has signed to accept; two more people sign the same.',
    )
    expect(awaitedWords(of(3, agent('accept'), half('accept')))).toBe(
      'Two people have signed to accept; one more person signs the same.',
    )
  })

  it('has a place for each of them', () => {
    expect(personTitles(3)).toEqual(['First person', 'Second person', 'Third person'])
    expect(kindsWords(2)).toMatch(/^One of the two is a transfer agent, the other /)
    expect(kindsWords(3)).toMatch(/^At least one of the three is a transfer agent, and one a witness/)
  })
})

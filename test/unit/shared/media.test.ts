import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isMediumLabel,
  isSealNumber,
  mayBeWritten,
  mediaObstacle,
  mediumStates,
  peopleNeeded,
  sealFits,
  statedStates,
  statesAfter,
} from '../../../shared/rules/media.ts'

const person = (id: string, role: 'media-custodian' | 'witness' | 'security-officer' | 'transfer-agent') => ({
  ...{ person: id, name: `Name ${id}`, fingerprint: id.repeat(64).slice(0, 64) },
  roles: [role],
})

describe('states of media', () => {
  it('end with destruction, and a lost medium comes back only as spoiled', () => {
    expect(statesAfter('destroyed')).toEqual([])
    expect(statesAfter('lost')).toEqual(['spoiled', 'destroyed'])
    for (const state of mediumStates) expect(statesAfter(state)).not.toContain(state)
  })

  it('let what is spoiled, lost, on its way, received or destroyed not be written, and blank follow only from new or clean', () => {
    expect(mediumStates.filter(mayBeWritten)).toEqual(['registered', 'blank', 'written', 'sanitised'])
    expect(mediumStates.filter((state) => statesAfter(state).includes('blank'))).toEqual([
      'registered',
      'sanitised',
    ])
  })

  it('never lead from what may not be written to what may without a sanitising, however somebody goes on', () => {
    const step = fc.constantFrom(...statedStates)
    fc.assert(
      fc.property(
        fc.constantFrom('spoiled', 'lost', 'received', 'in-transit', 'destroyed'),
        fc.array(step),
        (from, steps) => {
          let state: (typeof mediumStates)[number] = from
          let sanitised = false
          for (const next of steps) {
            if (!statesAfter(state).includes(next)) continue
            state = next
            sanitised ||= next === 'sanitised'
          }
          expect(mayBeWritten(state)).toBe(sanitised && mayBeWritten(state))
        },
      ),
    )
  })
})

describe('who may act on the register', () => {
  it('needs people for what nobody can see afterwards', () => {
    const needed = (state: (typeof statedStates)[number]) => peopleNeeded({ deed: 'state', state }, 2)
    expect(statedStates.map(needed)).toEqual([0, 0, 0, 2, 2, 2])
    expect([0, 1, 2].map((people) => peopleNeeded({ deed: 'register' }, people))).toEqual([0, 1, 2])
  })

  it('is a custodian first, then another person of three roles', () => {
    const custodian = person('a', 'media-custodian')
    expect(mediaObstacle(custodian, null)).toBe(null)
    expect(mediaObstacle(person('b', 'witness'), null)).toBe('role-missing')
    for (const role of ['media-custodian', 'witness', 'security-officer'] as const)
      expect(mediaObstacle(person('b', role), custodian)).toBe(null)
    expect(mediaObstacle(person('b', 'transfer-agent'), custodian)).toBe('role-missing')
    expect(
      mediaObstacle({ ...person('b', 'witness'), name: 'NAME  á' }, { ...custodian, name: 'name a' }),
    ).toBe('same-person')
    expect(mediaObstacle({ ...person('b', 'witness'), fingerprint: custodian.fingerprint }, custodian)).toBe(
      'same-person',
    )
  })
})

describe('labels and seals', () => {
  it.each(['M-0417', 'a', '0.1_x', 'x'.repeat(64)])('%s is a label', (label) =>
    expect(isMediumLabel(label)).toBe(true),
  )
  it.each(['', '-a', '.a', 'a b', 'a/b', 'ä', 'x'.repeat(65), 'a\n'])('%j is none', (label) =>
    expect(isMediumLabel(label)).toBe(false),
  )
  it.each(['004417', 'A 12/3'])('%s is the number of a seal', (seal) => expect(isSealNumber(seal)).toBe(true))
  it.each(['', ' 1', '<1>', '1\u202e2'])('%j is none', (seal) => expect(isSealNumber(seal)).toBe(false))

  it('a seal fits that is whole and the same but for blanks and capitals', () => {
    expect(sealFits({ sheet: '00 44 17a', bag: '004417A', whole: true })).toBe(true)
    expect(sealFits({ sheet: '004417', bag: '004471', whole: true })).toBe(false)
    expect(sealFits({ sheet: '004417', bag: '004417', whole: false })).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import { reasonWords } from '../../shared/text/reasons.ts'
import { attackTables } from '../support/attacks/all.ts'

/* Each attack proves in its own file that it is refused for exactly its reason; here only the set is compared. */
const all = Object.values(attackTables).flat()

describe('the closed set of reasons', () => {
  it('holds no reason that no attack brings about', () => {
    expect([...new Set(all.map(({ code }) => code))].sort()).toEqual(Object.keys(reasonWords).sort())
  })

  it('has a name of its own for every attack', () => {
    const counts = Object.entries(attackTables).map(([name, attacks]) => `${name} ${attacks.length}`)
    console.log(
      `Attacks, each refused for its reason: ${all.length} (${counts.join(', ')}), ${Object.keys(reasonWords).length} reasons`,
    )
    for (const attacks of Object.values(attackTables)) {
      expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length)
    }
  })

  it('says of each where it is written and what to do', () => {
    for (const words of Object.values(reasonWords)) {
      for (const text of [words.means, words.next, words.source]) expect(text.length).toBeGreaterThan(10)
    }
  })
})

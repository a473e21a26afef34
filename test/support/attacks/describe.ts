import { describe, expect, it } from 'vitest'
import type { Attack } from './attack.ts'
import { foundIn, wordsOf } from './found.ts'

/** Runs every attack of a table: each is refused for its reason, and for the flaw that it has. */
export function describeAttacks(about: string, attacks: readonly Attack[]): void {
  const found = foundIn(attacks)
  describe(about, () => {
    for (const { name, code, refusal } of attacks) {
      it(`${name}: ${code}`, async () => {
        const reason = await refusal()
        expect(reason?.code ?? 'accepted').toBe(code)
        expect(reason?.expected).not.toBe('')
        expect(reason && wordsOf(reason)).toBe(found.get(name))
      })
    }

    it('has its words for each', () => {
      expect([...found.keys()].sort()).toEqual(attacks.map(({ name }) => name).sort())
    })
  })
}

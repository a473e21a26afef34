import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasCases } from '../support/conformance.ts'
import { fixtureCases, madeCases } from '../support/oracle/cases.ts'
import { compare, type Differences } from '../support/oracle/differences.ts'
import { refusedHere, refusedThere } from '../support/oracle/why.ts'

/*
 * Every honest bundle and every attack through our core and through the library `sigstore`, with the list of what they
 * differ in as a file (`node test/support/oracle/write.ts` writes it anew). No difference is without its reason.
 */

const written = JSON.parse(
  readFileSync(join(import.meta.dirname, '../support/oracle/differences.json'), 'utf8'),
) as Readonly<Record<string, Differences>>

const whyOf = ([ours, theirs]: readonly [string, string]): string | undefined =>
  theirs === 'accepted'
    ? refusedHere[ours]
    : Object.entries(refusedThere).find(([begins]) => theirs.startsWith(begins))?.[1]

describe('two independent verifiers', () => {
  it('differ for reasons that are written down, and no reason stands there for nothing', () => {
    const all = Object.values(written).flatMap((set) => Object.entries(set))
    expect(all.filter(([, pair]) => whyOf(pair) === undefined)).toEqual([])
    const used = new Set(all.map(([, pair]) => whyOf(pair)))
    const kinds = [...Object.values(refusedHere), ...Object.values(refusedThere)]
    expect(kinds.filter((why) => !used.has(why))).toEqual([])
  })

  for (const [set, cases] of Object.entries(madeCases())) {
    it(`${set}: ${cases.length} cases differ only as written, and nothing honest is contradicted`, async () => {
      const { differences, contradicted } = await compare(cases)
      expect(differences).toEqual(written[set])
      expect(contradicted).toEqual([])
    })
  }
})

describe.skipIf(!hasCases)('two independent verifiers (needs ../shared/fixtures)', () => {
  for (const [set, cases] of Object.entries(fixtureCases())) {
    it(`${set}: ${cases.length} cases differ only as written, and nothing honest is contradicted`, async () => {
      const { differences, contradicted } = await compare(cases)
      expect(differences).toEqual(written[set])
      expect(contradicted).toEqual([])
    })
  }
})

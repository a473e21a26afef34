import { describe, expect, it } from 'vitest'
import { reasonWords } from '../../shared/text/reasons.ts'
import { algorithmAttacks } from '../support/attacks/algorithms.ts'
import { bundleAttacks } from '../support/attacks/bundle.ts'
import { certificateAttacks } from '../support/attacks/certificates.ts'
import { jsonAttacks } from '../support/attacks/json.ts'
import { checkpointAttacks } from '../support/attacks/checkpoints.ts'
import { logAttacks } from '../support/attacks/log.ts'
import { rootAttacks } from '../support/attacks/roots.ts'
import { sctAttacks } from '../support/attacks/scts.ts'
import { statementAttacks } from '../support/attacks/statements.ts'
import { timeAttacks } from '../support/attacks/times.ts'
import { unknownAttacks } from '../support/attacks/unknown.ts'

/* Each attack proves in its own file that it is refused for exactly its reason; here only the set is compared. */
const tables = {
  json: jsonAttacks,
  bundle: bundleAttacks,
  certificates: certificateAttacks,
  scts: sctAttacks,
  algorithms: algorithmAttacks,
  times: timeAttacks,
  log: logAttacks,
  checkpoints: checkpointAttacks,
  statements: statementAttacks,
  roots: rootAttacks,
  unknown: unknownAttacks,
} as const
const all = Object.values(tables).flat()

describe('the closed set of reasons', () => {
  it('holds no reason that no attack brings about', () => {
    expect([...new Set(all.map(({ code }) => code))].sort()).toEqual(Object.keys(reasonWords).sort())
  })

  it('has a name of its own for every attack', () => {
    const counts = Object.entries(tables).map(([name, attacks]) => `${name} ${attacks.length}`)
    console.log(
      `Attacks, each refused for its reason: ${all.length} (${counts.join(', ')}), ${Object.keys(reasonWords).length} reasons`,
    )
    for (const attacks of Object.values(tables)) {
      expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length)
    }
  })

  it('says of each where it is written and what to do', () => {
    for (const words of Object.values(reasonWords)) {
      for (const text of [words.means, words.next, words.source]) expect(text.length).toBeGreaterThan(10)
    }
  })
})

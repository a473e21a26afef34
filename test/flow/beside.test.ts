import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import { done as must, sallyport } from '../support/command-line.ts'
import { makeCrossing, type Crossing } from '../support/desks.ts'

let crossing: Crossing

describe('a ledger that is looked at while somebody writes', () => {
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())

  it('is never said to be damaged', async () => {
    const session = openSession({ clock: crossing.clock, network: openGate })
    const versions = Array.from({ length: 38 }, (_, i) => i + 2)
    let ended = false
    const writer = async (): Promise<void> => {
      await session.call('desk.open', { place: session.place('desk', crossing.low), mode: 'write' })
      for (const version of versions) {
        const policy = join(crossing.folder, `beside-${version}.yaml`)
        await writeFile(policy, `sallyport: policy/v1\nversion: ${version}\n`)
        await session.call('policy.set', { place: session.place('policy', policy) })
      }
    }
    const written = writer().finally(() => (ended = true))
    let seen = 0
    for (const done = (): boolean => ended; !done(); seen++) {
      const { code, json } = await sallyport(['ledger', 'verify', '--desk', crossing.low], crossing.clock)
      expect({ code, bad: json.bad, differing: json['differing'] }).toEqual({
        code: 0,
        bad: null,
        differing: [],
      })
      await must(['desk', 'show', '--desk', crossing.low], crossing.clock)
    }
    await written
    await session.close()
    expect(seen).toBeGreaterThan(0)
  })
})

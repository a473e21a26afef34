import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import { done, sallyport } from '../support/command-line.ts'
import { makeCrossing, type Crossing } from '../support/desks.ts'
import { forgeMany, modelOf } from '../support/many.ts'
import { makeOfficers } from '../support/officers.ts'
import { bothRun, streamsOf } from '../support/streams.ts'

/* A sender tells at most 1,000 voids of a stream; then the epoch must be raised (trust.md, Order, “Voids”). */
describe('as many voids as a waybill can tell', () => {
  let crossing: Crossing
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())

  it('one more is refused with the way out, and the way out works', async () => {
    const { low, clock } = crossing
    await forgeMany(crossing, await modelOf(crossing), 1001, { proofs: 1, waiting: 0 })
    const session = openSession({ clock, network: openGate })
    await session.call('desk.open', { place: session.place('desk', low), mode: 'write' })
    const ids: string[] = []
    for (let from = 0; ; from = ids.length) {
      const page = await session.call('consignment.list', { from })
      ids.push(...page.consignments.filter((one) => one.name !== 'payments-2026-11').map((one) => one.id))
      if (page.consignments.length === 0 || from + page.consignments.length >= page.matching) break
    }
    expect(ids.length).toBeGreaterThanOrEqual(1001)
    for (const id of ids.slice(0, 1000)) await session.call('consignment.drop', { id, reason: 'Lost' })
    await session.close()
    const { collect, drop, again } = streamsOf(() => crossing)
    const last = await collect('last-that-fits')
    await drop(ids[1000] ?? '')
    const full = await sallyport(['collect', last, '--desk', low], clock)
    expect(full.json.failure.code).toBe('voids-full')
    expect(full.json.failure.next).toContain('stream epoch payments --to N')
    const officers = await makeOfficers(crossing, low)
    await officers.seal()
    await bothRun(officers, 'stream', 'epoch', 'payments', '--to', '2')
    await again(last)
    const shown = await done(['consignment', 'show', last, '--desk', low], clock)
    expect({ state: shown.state, sequence: shown['sequence'] }).toEqual({ state: 'released', sequence: 1 })
  }, 300_000)
})

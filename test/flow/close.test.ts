import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { done, sallyport } from '../support/command-line.ts'
import { decideBoth, makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'

let crossing: Crossing
beforeEach(async () => {
  crossing = await makeCrossing()
})
afterEach(() => crossing.dispose())

const close = (desk: string, id: string) =>
  sallyport(['consignment', 'close', id, '--desk', desk], crossing.clock)

describe('closing a consignment', () => {
  it('is refused before it is decided, and ends exports and the keeping of content after', async () => {
    const { high, clock } = crossing
    const { folder } = await makeBundle(crossing, 'medium')
    const { id } = await done(['verify', folder, '--desk', high], clock)
    expect((await close(high, id)).json.failure.code).toBe('consignment-state')
    await decideBoth(crossing, id, 'accept')
    expect((await done(['prune', '--desk', high], clock)).blobs).toBe(0)
    expect((await close(high, id)).code).toBe(0)
    expect((await close(high, id)).json.failure.code).toBe('consignment-state')
    const out = join(crossing.folder, 'out')
    const late = await sallyport(['export', id, '--desk', high, '--to', `dir:${out}`], clock)
    expect(late.json.failure.code).toBe('consignment-state')
    expect((await done(['prune', '--desk', high], clock)).blobs).toBeGreaterThan(0)
    const shown = await done(['consignment', 'show', id, '--desk', high], clock)
    expect([shown.state, shown.decided]).toEqual(['closed', 'accept'])
    // It stays known: the same bundle is a replay for ever.
    const again = await sallyport(['verify', folder, '--desk', high], clock)
    expect([again.code, again.json.checks.find((check) => check.id === 'order.replay')?.result]).toEqual([
      4,
      'fail',
    ])
    expect((await done(['ledger', 'verify', '--desk', high], clock)).intact).toBe(true)
  })

  it('ends writing at the low side, and the next number of the channel goes on', async () => {
    const { low, clock } = crossing
    const { id } = await makeBundle(crossing, 'medium-1')
    expect((await close(low, id)).code).toBe(0)
    await mkdir(join(crossing.folder, 'medium-2'))
    const more = await sallyport(
      ['write', id, '--desk', low, '--to', join(crossing.folder, 'medium-2')],
      clock,
    )
    expect(more.json.failure.code).toBe('consignment-state')
    const next = await makeBundle(crossing, 'medium-3')
    expect((await done(['consignment', 'show', next.id, '--desk', low], clock)).sequence).toBe(2)
  })
})

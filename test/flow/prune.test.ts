import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done } from '../support/command-line.ts'
import {
  decideBoth,
  makeBundle,
  makeCrossing,
  release,
  writeFiles,
  writeRequest,
  type Crossing,
} from '../support/desks.ts'

describe('letting go of content', () => {
  let crossing: Crossing
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())

  it('keeps what is rejected until it is pruned on the record, and what is accepted for good', async () => {
    const { high, clock } = crossing
    const first = await makeBundle(crossing, 'medium-1', { 'kept.txt': 'kept\n' })
    const kept = await done(['verify', first.folder, '--desk', high], clock)
    await decideBoth(crossing, kept.id, 'accept')
    const second = await makeBundle(crossing, 'medium-2', { 'refused.txt': 'refused\n' })
    const refused = await done(['verify', second.folder, '--desk', high], clock)
    await decideBoth(crossing, refused.id, 'reject')
    const quarantine = join(high, 'store', 'quarantine', refused.id)
    expect(readdirSync(join(quarantine, 'blobs', 'sha256')).length).toBeGreaterThan(0)

    const pruned = await done(['prune', '--desk', high], clock)
    expect(pruned['consignments']).toEqual([refused.id])
    expect(existsSync(quarantine)).toBe(false)
    expect((await done(['prune', '--desk', high], clock))['consignments']).toEqual([])
    // The record stays: the rejected consignment is still shown and reported, the accepted one still goes out.
    expect((await done(['consignment', 'show', refused.id, '--desk', high], clock)).state).toBe('rejected')
    await done(['export', kept.id, '--desk', high, '--to', `dir:${join(crossing.folder, 'out')}`], clock)
    expect((await done(['ledger', 'verify', '--desk', high], clock)).intact).toBe(true)
  })

  it('lets go of what a low desk dropped, and of nothing that is still pinned', async () => {
    const { low, clock } = crossing
    const store = join(low, 'store', 'blobs', 'sha256')
    await done(['prune', '--desk', low], clock)
    const before = readdirSync(store).length
    const id = await release(
      crossing,
      await writeRequest(crossing, await writeFiles(crossing, { 'dropped.txt': 'dropped\n' })),
    )
    expect((await done(['prune', '--desk', low], clock))['blobs']).toBe(0)
    await done(['consignment', 'drop', id, '--desk', low, '--reason', 'Not wanted any more'], clock)
    expect((await done(['prune', '--desk', low], clock))['consignments']).toEqual([id])
    expect(readdirSync(store).length).toBe(before)
  })
})

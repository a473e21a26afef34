import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport } from '../support/command-line.ts'
import { decideBoth, makeBundle, makeCrossing, signing, type Crossing } from '../support/desks.ts'

describe('a crossing by the command line', () => {
  let crossing: Crossing
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())

  it('goes from a request to an accepted, reported consignment, in parts', async () => {
    const { low, high, clock, folder } = crossing
    const content = Buffer.alloc(300_000, 'a page of notes\n')
    const bundle = await makeBundle(crossing, 'medium-1', { 'notes.txt': content, 'empty.txt': '' }, [
      '--part-size',
      '100000',
    ])
    const names = await readdir(bundle.folder)
    expect(names.filter((name) => name.startsWith('bundle.tar')).length).toBe(4)

    const back = await done(['readback', bundle.folder, '--desk', low], clock)
    expect(back.outcome).toBe('passed')
    expect(JSON.stringify(back.notAsked)).toContain('destination')

    const verified = await done(['verify', join(folder, 'medium-1'), '--desk', high], clock)
    expect(verified.outcome).toBe('passed')
    expect(verified.scope).toBe('medium')
    expect(verified.checks.some((check) => check.id === 'desk.founding')).toBe(true)

    const halfway = await sallyport(
      ['export', verified.id, '--desk', high, '--to', `dir:${join(folder, 'out-early')}`],
      clock,
    )
    expect(halfway.code).toBe(1)

    await decideBoth(crossing, verified.id, 'accept')
    const out = join(folder, 'out')
    await done(['export', verified.id, '--desk', high, '--to', `dir:${out}`], clock)
    expect(await readFile(join(out, 'files', 'notes.txt'))).toEqual(content)
    expect((await readFile(join(out, 'files', 'empty.txt'))).length).toBe(0)

    const html = join(folder, 'report.html')
    await done(['report', verified.id, '--desk', high, '--format', 'html', '--out', html], clock)
    const page = await readFile(html, 'utf8')
    expect(page).toContain('Accepted by Dave Okoro and Erin Sand.')
    expect(page).toContain(verified.waybill)
    expect((await done(['ledger', 'verify', '--desk', high], clock)).intact).toBe(true)
  })

  it('refuses a replay with exit code 4 and leaves the acceptance as it is', async () => {
    const { high, clock, folder } = crossing
    const replay = await sallyport(['verify', join(folder, 'medium-1'), '--desk', high], clock)
    expect(replay.code).toBe(4)
    expect(replay.json.checks.find((check) => check.id === 'order.replay')?.result).toBe('fail')
    const shown = await done(['consignment', 'show', replay.json.id, '--desk', high], clock)
    expect(shown.state).toBe('exported')
  })

  it('refuses the second half of a decision by the same person', async () => {
    const { high, clock } = crossing
    const { folder } = await makeBundle(crossing, 'medium-2')
    const verified = await done(['verify', folder, '--desk', high], clock)
    const id = verified.id
    await done(['decide', id, '--desk', high, '--accept', ...signing(crossing, 'dave')], clock)
    const again = await sallyport(
      ['decide', id, '--desk', high, '--accept', ...signing(crossing, 'dave')],
      clock,
    )
    expect(again.code).toBe(1)
    expect(again.json.failure.code).toBe('same-person')
    const second = await done(['decide', id, '--desk', high, '--accept', ...signing(crossing, 'erin')], clock)
    expect(second).toMatchObject({ outcome: 'accept', missing: 0, people: ['dave', 'erin'] })
  })
})

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Statistics, StatisticId } from '../../../shared/statistics.ts'
import { decideBoth, makeBundle, type Crossing } from '../../support/desks.ts'
import { RegisterWorld } from '../../support/register-media.ts'

describe('papers of the register', () => {
  let world: RegisterWorld
  let crossing: Crossing
  beforeAll(async () => {
    world = await RegisterWorld.make()
    crossing = world.crossing
    for (const [label, kind] of [
      ['M-1', 'usb-stick'],
      ['D-1', 'disc'],
      ['T-1', 'tape'],
    ] as const)
      await world.must(
        world.low(
          'register',
          '--label',
          label,
          '--serial',
          `of ${label}`,
          '--kind',
          kind,
          '--marking',
          'OFFICIAL',
        ),
      )
  })
  afterAll(() => world.end())
  const how = [
    '--method',
    'overwritten <twice>',
    '--tool',
    'wipe 1.2',
    '--verified',
    'read in full',
    '--place',
    'Room 4',
  ]
  const sheet = async (kind: string, id: string): Promise<string> => {
    const out = join(crossing.folder, `${kind}-${id}.html`)
    await world.must(['sheet', id, '--kind', kind, '--desk', crossing.low, '--out', out])
    return readFile(out, 'utf8')
  }
  const counts = async (
    side: 'low' | 'high',
    ...more: string[]
  ): Promise<Record<StatisticId, number | null>> => {
    const { lines } = (await world.must([
      'media',
      'statistics',
      '--desk',
      crossing[side],
      ...more,
    ])) as unknown as Statistics
    return Object.fromEntries(lines.map(({ id, value }) => [id, value])) as Record<StatisticId, number | null>
  }

  it('a certificate has the fields of NIST SP 800-88, two lines for signatures, and says what sanitising does not do', async () => {
    const words = [
      'sheet',
      'M-1',
      '--kind',
      'certificate',
      '--desk',
      crossing.low,
      '--out',
      join(crossing.folder, 'no.html'),
    ]
    expect(await world.refused(words)).toBe('media-state')
    await world.must(world.low('state', 'M-1', 'sanitised', '--reason', 'Came back', ...how))
    await world.must(world.low('state', 'M-1', 'blank', '--reason', 'Ready'))
    const page = await sheet('certificate', 'M-1')
    for (const text of [
      'M-1',
      'of M-1',
      'USB stick',
      'OFFICIAL',
      'wipe 1.2',
      'read in full',
      'Room 4',
      'Came back',
      'ISM-0360',
    ])
      expect(page).toContain(text)
    expect(page).toContain('overwritten &lt;twice&gt;')
    expect(page.match(/<tbody>/g)?.length).toBe(2)
    await world.must(world.low('state', 'D-1', 'sanitised', '--reason', 'Tried', ...how))
    expect(await sheet('certificate', 'D-1')).toContain('ISM-0350')
    expect(
      await world.refused(['sheet', 'X', '--kind', 'certificate', '--desk', crossing.low, '--out', 'x']),
    ).toBe('media-unknown')
  })

  it('the numbers of a month are those of the ledger, and of no other month', async () => {
    const { id, folder } = await makeBundle(crossing, 'first', { a: 'x'.repeat(5000) })
    await world.must(['readback', folder, '--desk', crossing.low])
    crossing.clock.forward(3)
    await world.must(world.low('handover', id, '--seal', '1', '--to', 'Ray Tarn', '--place', 'Gate'))
    await world.must(world.low('state', 'T-1', 'lost', '--reason', 'Not found'))
    const verified = await world.must(['verify', folder, '--desk', crossing.high])
    await decideBoth(crossing, verified.id, 'accept')
    const low = await counts('low')
    expect(low).toMatchObject({
      'transfers.released': 1,
      'media.registered': 3,
      'media.written': 1,
      'media.read-back': 1,
      'media.handed': 1,
      'media.lost': 1,
      'media.sanitised': 2,
      'days.to-hand-over': 3,
      'transfers.accepted': 0,
    })
    expect(low['bytes.released']).toBeGreaterThan(4999)
    const high = await counts('high')
    expect(high).toMatchObject({ 'transfers.seen': 1, 'transfers.accepted': 1, 'days.to-hand-over': null })
    expect(high['bytes.accepted']).toBe(low['bytes.released'])
    expect(
      Object.values(await counts('low', '--month', '2020-01')).filter(
        (value) => value !== 0 && value !== null,
      ),
    ).toEqual([])
    expect(
      (await world.run(['media', 'statistics', '--desk', crossing.low, '--month', '2026-13'])).code,
    ).toBe(2)
  })

  it('are saved as a table that no spreadsheet runs, never over a file, and printed with a line to sign', async () => {
    const month = crossing.clock.now().toISOString().slice(0, 7)
    const out = join(crossing.folder, 'month.csv')
    await world.must(['media', 'statistics', '--desk', crossing.low, '--csv', out])
    const table = await readFile(out, 'utf8')
    expect(table.split('\r\n')[0]).toBe('"month","desk","statistic","meaning","value"')
    expect(table).toContain('"media.registered","Media registered","3"')
    expect(await world.refused(['media', 'statistics', '--desk', crossing.low, '--csv', out])).toBe(
      'file-exists',
    )
    expect(await sheet('statistics', month)).toContain('Signed by hand')
  })
})

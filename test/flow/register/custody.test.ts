import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CustodyView } from '../../../shared/views.ts'
import { transferIdOf } from '../../../shared/digest.ts'
import type { Digest } from '../../../shared/digest.ts'
import { parseEnvelope } from '../../../main/sigstore/envelope.ts'
import { decideBoth, release, writeFiles, writeRequest } from '../../support/desks.ts'
import { RegisterWorld } from '../../support/register-media.ts'
import { mayMount } from '../../support/volumes.ts'

describe.skipIf(!mayMount())('media on their way, sealed (needs root: mount)', () => {
  let world: RegisterWorld
  let id: string
  let stick: string
  let transfer: string
  beforeAll(async () => {
    world = await RegisterWorld.make()
    const { crossing } = world
    await world.person('high', 'gus', 'Gus Orr', 'security-officer')
    id = await release(crossing, await writeRequest(crossing, await writeFiles(crossing, { a: 'a' })))
    stick = world.stick('S-1')
    await world.must(world.low('register', '--label', 'M-0417', '--at', stick, '--marking', 'OFFICIAL'))
    await world.must(['write', id, '--desk', crossing.low, '--to', stick])
    const { waybill } = await world.must(['consignment', 'show', id, '--desk', crossing.low])
    transfer = transferIdOf(waybill as Digest)
  })
  afterAll(() => world.end())
  const custody = async (of: string, side: 'low' | 'high'): Promise<CustodyView> =>
    (await world.must(['consignment', 'show', of, '--desk', world.crossing[side]]))['custody'] as CustodyView
  const file = async (side: 'low' | 'high', words: readonly string[], name: string): Promise<string> => {
    const out = join(world.crossing.folder, name)
    await world.must([...words, '--desk', world.crossing[side], '--out', out])
    return readFile(out, 'utf8')
  }

  it('hands over only what was read back, each once, with a number that can be one', async () => {
    const hand = (...more: string[]): string[] => world.low('handover', id, '--to', 'Ray Tarn', ...more)
    expect((await world.run(hand('--seal', '004417'))).code).toBe(2)
    await world.must(['readback', stick, '--desk', world.crossing.low])
    expect(await world.refused(hand('--seal', '<b>'))).toBe('bad-input')
    expect(await world.refused(hand('--seal', '1', '--seal', '2'))).toBe('handover-none')
    expect(await world.refused(hand('--seal', '1', '--expected', '2026-02-30'))).toBe('bad-input')
    expect(
      await world.refused(
        hand('--seal', '1', '--to2', 'x')
          .filter((word) => word !== '--to2' && word !== 'x')
          .concat('--place', ' '),
      ),
    ).toBe('bad-input')
    expect((await custody(id, 'low')).handed).toEqual([])
    const done = await world.must(
      hand(
        '--seal',
        '1=004417',
        '--from',
        'Fay Root',
        '--place',
        'Gate 2',
        '--purpose',
        'To Delta-2',
        '--expected',
        '2026-12-04',
      ),
    )
    expect(done['media']).toMatchObject([{ label: 'M-0417', serial: 'S-1', copy: 1, seal: '004417' }])
    expect(await world.must(world.low('show', 'M-0417'))).toMatchObject({
      state: 'in-transit',
      seal: '004417',
    })
    expect(await world.refused(['write', id, '--desk', world.crossing.low, '--to', stick])).toBe(
      'media-state',
    )
  })

  it('prints label, seal, due date and the hand-over on the sheets, and the record has them', async () => {
    const sheet = await file('low', ['sheet', id, '--kind', 'custody'], 'custody.html')
    for (const text of ['M-0417', '004417', '2026-12-04', 'Fay Root', 'Ray Tarn'])
      expect(sheet).toContain(text)
    const label = await file('low', ['sheet', id, '--kind', 'label'], 'label.html')
    expect(label).toContain('Seal 004417')
    const page = await file('low', ['report', id, '--format', 'html'], 'low.html')
    for (const text of ['Custody', 'M-0417', '004417', '2026-12-04', 'Gate 2', 'To Delta-2'])
      expect(page).toContain(text)
    const table = await file('low', ['report', id, '--format', 'csv'], 'low.csv')
    expect(table).toContain('"handed"')
    const json = await file('low', ['report', id, '--format', 'json'], 'low.json')
    const { predicate } = JSON.parse(parseEnvelope(Buffer.from(json)).payload.toString('utf8')) as {
      predicate: { custody: { register: { label: string; marking: string }[] } }
    }
    expect(predicate.custody.register).toMatchObject([
      { label: 'M-0417', marking: 'OFFICIAL', state: 'in-transit' },
    ])
  })

  const arrive = (sheet: string, bag: string, ...more: string[]): string[] =>
    world.high(
      'arrive',
      '--transfer',
      transfer.slice(0, 8) + ' ' + transfer.slice(8),
      '--sheet',
      sheet,
      '--bag',
      bag,
      ...more,
    )
  const read = async (): Promise<{ code: number; seal: string | undefined; id: string }> => {
    const { code, json } = await world.run(['verify', stick, '--desk', world.crossing.high])
    const about = ({ id: one }: { id: string }): boolean => one === 'medium.seal'
    return { code, seal: json.checks.find(about)?.result ?? json.notAsked.find(about)?.reason, id: json.id }
  }

  it('a seal that was not typed is told; one that fits passes', async () => {
    expect(await read()).toMatchObject({ code: 0, seal: 'seal-not-recorded' })
    expect(await world.refused(world.high('arrive', '--sheet', '1', '--bag', '1'))).toBe('bad-input')
    expect(await world.refused(arrive('1', '1', '--label', 'M-0417'))).toBe('media-unknown')
    expect(await world.refused(world.high('arrive', '--transfer', 'xyz', '--sheet', '1', '--bag', '1'))).toBe(
      'bad-input',
    )
    expect(await world.must(arrive('004417', '00 4417', '--from', 'Ray Tarn'))).toMatchObject({
      alarm: false,
    })
    expect(await read()).toMatchObject({ code: 0, seal: 'pass' })
  })

  it.each([
    ['another number', ['004417', '004471']],
    ['not whole', ['004417', '004417', '--broken']],
  ] as const)('%s is refused and recorded, and nothing of it is let in', async (_, words) => {
    const [sheet, bag, ...more] = words
    expect(await world.refused(arrive(sheet, bag, ...more))).toBe('seal-differs')
    const seen = await read()
    expect(seen).toMatchObject({ code: 3, seal: 'fail' })
    expect((await custody(seen.id, 'high')).alarm).toBe(true)
    const half = ['decide', seen.id, '--desk', world.crossing.high, '--accept', ...world.signs('dave')]
    expect(await world.refused(half)).toBe('verdict-not-passed')
  })

  it('is cleared only by a security officer’s key on a comparison that fits', async () => {
    const again = await world.run(arrive('004417', '004417'))
    expect([again.code, again.json['alarm']]).toEqual([3, true])
    expect(await read()).toMatchObject({ code: 3, seal: 'fail' })
    expect(await world.refused(arrive('004417', '004417', ...world.signs('dave')))).toBe('role-missing')
    expect(await world.refused(arrive('004417', '004471', ...world.signs('gus')))).toBe('seal-differs')
    expect(await world.must(arrive('004417', '004417', ...world.signs('gus')))).toMatchObject({
      alarm: false,
    })
    const seen = await read()
    expect(seen).toMatchObject({ code: 0, seal: 'warn' })
    await decideBoth(world.crossing, seen.id, 'accept')
    const page = await file('high', ['report', seen.id, '--format', 'html'], 'high.html')
    for (const text of ['DIFFERS', 'Gus Orr', '004471']) expect(page).toContain(text)
    for (const side of ['low', 'high'] as const)
      expect((await world.must(['ledger', 'verify', '--desk', world.crossing[side]])).intact).toBe(true)
  })
})

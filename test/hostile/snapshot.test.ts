import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openSession } from '../../main/desk/session.ts'
import { keptHeads, type HeadsPort } from '../../main/ledger/kept-head.ts'
import { keptSnapshots, openSnapshot, sealSnapshot, type SnapshotsPort } from '../../main/ledger/snapshot.ts'
import { openGate } from '../../main/platform/network.ts'
import { stationSecret } from '../../main/sign/key-file.ts'
import { done, sallyport, type Ended } from '../support/command-line.ts'
import { makeBundle, makeCrossing, signing, type Crossing } from '../support/desks.ts'
import { forgeMany, modelOf } from '../support/many.ts'

/* What an account keeps of a long ledger, true and false. Desks of some 600 events, which is enough to keep one. */

let crossing: Crossing
let original: string
let bundle: string
let id: string
let heads: HeadsPort
let snapshots: SnapshotsPort
const build = 'one-program'

const at = (
  words: readonly string[],
  port: SnapshotsPort | null = snapshots,
  desk = crossing.high,
): Promise<Ended> =>
  sallyport([...words, '--desk', desk], crossing.clock, undefined, heads, port ?? undefined)
const account = (): string => join(crossing.folder, 'account')
const file = (): string => join(account(), 'snapshots', `${crossing.highId}.snapshot`)
const ledger = (): string => join(crossing.high, 'ledger.jsonl')
const lines = async (): Promise<number> => (await readFile(ledger(), 'utf8')).split('\n').length - 1

beforeAll(async () => {
  crossing = await makeCrossing()
  await forgeMany(crossing, await modelOf(crossing), 120, { proofs: 1, waiting: 0 })
  bundle = (await makeBundle(crossing, 'next')).folder
  ;({ id } = await done(['verify', bundle, '--desk', crossing.high], crossing.clock))
  original = join(crossing.folder, 'original')
  await cp(crossing.high, original, { recursive: true })
})
afterAll(() => crossing.dispose())
beforeEach(async () => {
  await rm(account(), { recursive: true, force: true })
  await rm(crossing.high, { recursive: true })
  await cp(original, crossing.high, { recursive: true })
  heads = keptHeads(account())
  snapshots = keptSnapshots(account(), build)
})

interface Kept {
  readonly lines: { lengths: number[]; type: number[]; types: string[]; sha256: string }
  readonly state: {
    people: { name: string; key: string; fingerprint: string }[]
    floor: string | null
    consignments: { id: string; state?: string; decided?: string; halves?: { person: string }[] }[]
    causes: string[]
    order: { streams: [string, { seen: { digest: string; sequence: number; decided: string | null }[] }][] }
  }
}

/** Puts something else into the kept snapshot, by somebody who reads the account's data and the station's key. */
async function keepFalse(change: (kept: Kept) => void): Promise<void> {
  const secret = stationSecret(await readFile(join(crossing.high, 'station.key'), 'utf8'))
  const plain = openSnapshot(await readFile(file()), secret, crossing.highId, build)
  const [head = '', consignments = ''] = String(plain).split('\n')
  const kept = JSON.parse(head) as Kept
  kept.state.consignments = JSON.parse(consignments) as Kept['state']['consignments']
  change(kept)
  const { consignments: changed, ...state } = kept.state
  const text = `${JSON.stringify({ ...kept, state })}\n${JSON.stringify(changed)}`
  const sealed = sealSnapshot(Buffer.from(text), secret, crossing.highId, build)
  await writeFile(file(), sealed)
}

const asked: readonly (readonly string[])[] = [
  ['desk', 'show'],
  ['consignment', 'list'],
  ['change', 'list'],
  ['trust', 'list'],
]

describe('a snapshot', () => {
  it('is kept at the first opening of a long ledger, and tells what the lines tell', async () => {
    // Everything but the second in which it was asked.
    const answersOf = async (port: SnapshotsPort | null): Promise<unknown> =>
      (await Promise.all(asked.map((words) => at(words, port)))).map(({ json }) => ({
        ...json,
        clock: { ...(json['clock'] as object | undefined), now: null },
      }))
    const bare = await answersOf(null)
    const first = await Promise.all([at(['consignment', 'show', id], null), at(['desk', 'show'])])
    expect(first.map(({ code }) => code)).toEqual([0, 0])
    const kept = await readFile(file())
    expect(await answersOf(snapshots)).toEqual(bare)
    expect((await at(['consignment', 'show', id])).json).toEqual(first[0].json)
    // Nothing new came: it is the same one.
    expect(await readFile(file())).toEqual(kept)
    expect((await at(['ledger', 'verify'])).json).toMatchObject({ intact: true })
  })

  it('gives the same events by type, by text and by number, read from the file when they are asked for', async () => {
    await at(['desk', 'show'])
    const answers = await Promise.all(
      [snapshots, null].map(async (port) => {
        const session = openSession({
          clock: crossing.clock,
          network: openGate,
          ...(port && { snapshots: port }),
        })
        await session.call('desk.open', { place: session.place('desk', crossing.high), mode: 'read' })
        const page = { from: 0, count: 20, newestFirst: true, text: '', type: null }
        const found = [
          await session.call('ledger.events', page),
          await session.call('ledger.events', { ...page, type: 'decision.signed', newestFirst: false }),
          await session.call('ledger.events', { ...page, type: 'trust.added' }),
          await session.call('ledger.events', { ...page, text: 'payments-00040' }),
          await session.call('ledger.event', { sequence: 1 }),
          await session.call('ledger.event', { sequence: 600 }),
        ]
        await session.close()
        return found
      }),
    )
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]?.slice(0, 4).every((one) => 'matching' in one && one.matching > 1)).toBe(true)
  })

  it('of a short ledger is none', async () => {
    await at(['desk', 'show'], snapshots, crossing.low)
    await at(['desk', 'show'])
    const low = await snapshots.read(crossing.lowId)
    expect({ low: low !== null, high: (await snapshots.read(crossing.highId)) !== null }).toEqual({
      low: false,
      high: true,
    })
  })

  it('takes acts and what comes after it, to the same ledger that replays without it', async () => {
    await at(['desk', 'show'])
    for (const person of ['dave', 'erin'] as const) {
      const decided = await at(['decide', id, '--accept', ...signing(crossing, person)])
      expect(decided.code, decided.stdout).toBe(0)
    }
    const target = join(crossing.folder, `out-${Math.random()}`)
    await mkdir(target)
    expect((await at(['export', id, '--to', `dir:${target}`])).code).toBe(0)
    const shown = await at(['consignment', 'show', id])
    expect(shown.json).toEqual((await at(['consignment', 'show', id], null)).json)
    expect((await at(['ledger', 'verify'])).json).toMatchObject({ intact: true })
  })

  it('gives the same report, with every statement of the crossing', async () => {
    await at(['desk', 'show'])
    const save = async (port: SnapshotsPort | null): Promise<unknown> => {
      const out = join(crossing.folder, `report-${Math.random()}.json`)
      expect((await at(['report', id, '--format', 'json', '--out', out], port)).code).toBe(0)
      const { dsseEnvelope } = JSON.parse(await readFile(out, 'utf8')) as {
        dsseEnvelope: { payload: string }
      }
      return JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8'))
    }
    expect(await save(snapshots)).toEqual(await save(null))
  })
})

describe('a ledger that was changed behind a snapshot', () => {
  const changed: Record<string, (text: string) => string> = {
    'a word in an early line': (text) => text.replace('OFFICIAL', 'OFFICIOL'),
    'an early line removed': (text) => text.split('\n').toSpliced(40, 1).join('\n'),
    'two early lines exchanged': (text) => {
      const all = text.split('\n')
      return all.toSpliced(40, 2, all[41] ?? '', all[40] ?? '').join('\n')
    },
    'an early line doubled': (text) => {
      const all = text.split('\n')
      return all.toSpliced(40, 0, all[40] ?? '').join('\n')
    },
    'its end cut off': (text) => text.split('\n').slice(0, -3).join('\n') + '\n',
  }
  for (const [what, change] of Object.entries(changed)) {
    it(`is refused as without one: ${what}`, async () => {
      await at(['desk', 'show'])
      await writeFile(ledger(), change(await readFile(ledger(), 'utf8')))
      const { code, json } = await at(['desk', 'show'])
      expect({ code, failure: json.failure }).toEqual({
        code: 1,
        failure: (await at(['desk', 'show'], null)).json.failure,
      })
      expect(json.failure.code).toBe('ledger-damaged')
    })
  }

  it('is told as put back where its folder is an older one', async () => {
    const backup = join(crossing.folder, 'backup')
    await rm(backup, { recursive: true, force: true })
    await cp(crossing.high, backup, { recursive: true })
    await at(['decide', id, '--hold', '--reason', 'wait', ...signing(crossing, 'dave')])
    await rm(crossing.high, { recursive: true })
    await cp(backup, crossing.high, { recursive: true })
    const { json } = await at(['decide', id, '--hold', '--reason', 'wait', ...signing(crossing, 'dave')])
    expect(json.failure.code).toBe('desk-put-back')
  })
})

describe('a snapshot that does not verify is thrown away', () => {
  const damaged: Record<string, (sealed: Buffer) => Buffer> = {
    'one bit of it is another': (sealed) => {
      const other = Buffer.from(sealed)
      other[1000] = (other[1000] ?? 0) ^ 1
      return other
    },
    'its end is missing': (sealed) => sealed.subarray(0, -20),
    'it is empty': () => Buffer.alloc(0),
    'it is something else': () => Buffer.from('{"lines":{},"state":{}}'),
  }
  for (const [what, change] of Object.entries(damaged)) {
    it(`because ${what}`, async () => {
      const shown = (await at(['consignment', 'list'])).json
      await writeFile(file(), change(await readFile(file())))
      expect((await at(['consignment', 'list'])).json).toEqual(shown)
    })
  }

  it('because another program or another desk made it', async () => {
    await at(['desk', 'show'])
    await keepFalse(({ state }) => (state.floor = '2030-01-01T00:00:00Z'))
    const floorOf = async (port: SnapshotsPort): Promise<unknown> =>
      ((await at(['desk', 'show'], port)).json['clock'] as { floor: string }).floor
    expect(await floorOf(snapshots)).toBe('2030-01-01T00:00:00Z')
    const secret = stationSecret(await readFile(join(crossing.high, 'station.key'), 'utf8'))
    expect(openSnapshot(await readFile(file()), secret, crossing.highId, 'another')).toBeNull()
    expect(openSnapshot(await readFile(file()), secret, crossing.lowId, build)).toBeNull()
    expect(await floorOf(keptSnapshots(account(), 'another'))).not.toBe('2030-01-01T00:00:00Z')
  })
})

describe('a snapshot that says what the ledger does not, by somebody who holds the station’s key as well', () => {
  const decide = (person: 'dave' | 'erin' = 'dave'): Promise<Ended> =>
    at(['decide', id, '--accept', ...signing(crossing, person)])

  const everywhere: Record<string, (kept: Kept) => void> = {
    'another key of somebody': ({ state }) => {
      const [dave, erin] = state.people
      if (dave !== undefined && erin !== undefined)
        Object.assign(dave, { ...erin, id: 'dave', name: dave.name })
    },
    'a lower floor of the clock': ({ state }) => (state.floor = '2026-01-01T00:00:00Z'),
    'a cause that nobody named': ({ state }) => void state.causes.push(`sha256:${'0'.repeat(64)}`),
  }
  it.each(Object.keys(everywhere))('is not asked by an act: %s', async (what) => {
    await at(['desk', 'show'])
    await keepFalse(everywhere[what] ?? (() => undefined))
    const decided = await decide()
    expect(decided.code, decided.stdout).toBe(0)
    expect((await at(['desk', 'show'])).json['people']).toEqual(
      (await at(['desk', 'show'], null)).json['people'],
    )
  })

  const lies: Record<string, (kept: Kept) => void> = {
    'a half that nobody signed': ({ state }) => {
      const one = state.consignments.find((other) => other.id === id)
      const half = state.consignments.flatMap((other) => other.halves ?? [])[0]
      if (one !== undefined && half !== undefined) one.halves = [{ ...half, person: 'erin' }]
    },
    'another verdict': ({ state }) => {
      const one = state.consignments.find((other) => other.id === id) as { verdict?: object } | undefined
      if (one !== undefined) one.verdict = { ...one.verdict, outcome: 'passed', at: '2026-01-01T00:00:00Z' }
    },
    'a lower last number': ({ state }) => {
      const seen = state.order.streams[0]?.[1].seen ?? []
      const last = seen.findLast((one) => one.decided === 'accepted')
      if (last !== undefined) last.decided = 'rejected'
    },
    'something that was never decided': ({ state }) => {
      const one = state.consignments.find((other) => other.decided === 'reject')
      if (one !== undefined) Object.assign(one, { decided: 'accept', state: 'accepted' })
    },
  }
  for (const [what, change] of Object.entries(lies).slice(0, 3)) {
    it(`stops the act and goes: ${what}`, async () => {
      await at(['desk', 'show'])
      await keepFalse(change)
      const before = await lines()
      const refused = await decide()
      expect({ code: refused.code, failure: refused.json.failure.code, lines: await lines() }).toEqual({
        code: 1,
        failure: 'snapshot-differs',
        lines: before,
      })
      // As the refusal says: done again, by the ledger alone.
      const again = await decide()
      expect(again.code, again.stdout).toBe(0)
    })
  }

  it('exports nothing that was not accepted', async () => {
    await at(['desk', 'show'])
    await keepFalse(({ state }) => {
      const one = state.consignments.find((other) => other.id === id)
      if (one !== undefined) Object.assign(one, { decided: 'accept', state: 'accepted', moved: true })
    })
    const target = join(crossing.folder, 'stolen')
    await mkdir(target)
    const started = await at(['export', id, '--to', `dir:${target}`])
    expect(started.json.failure.code).toBe('snapshot-differs')
    const again = await at(['export', id, '--to', `dir:${target}`])
    expect(again.json.failure.code).toBe('consignment-state')
  })

  it('prints nothing false', async () => {
    await at(['desk', 'show'])
    await keepFalse(lies['something that was never decided'] ?? (() => undefined))
    const { consignments } = (await at(['consignment', 'list'], null)).json as unknown as {
      consignments: { id: string; state: string }[]
    }
    const rejected = consignments.findLast((one) => one.state === 'rejected')?.id ?? ''
    const out = join(crossing.folder, 'false.json')
    const printed = await at(['report', rejected, '--format', 'json', '--out', out])
    expect(printed.json.failure.code).toBe('snapshot-differs')
    await expect(readFile(out)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

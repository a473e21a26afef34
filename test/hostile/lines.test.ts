import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession, type Session } from '../../main/desk/session.ts'
import type { HeadsPort } from '../../main/ledger/kept-head.ts'
import { asFailure } from '../../main/platform/failure.ts'
import { openGate } from '../../main/platform/network.ts'
import { DeskCopies } from '../support/desk-copies.ts'
import { makeCrossing, writeRequest, writeFiles, type Crossing } from '../support/desks.ts'
import { makeEveryEvent } from '../support/every-event.ts'

/* Every line of a ledger in which everything happened, and every mix of files of its past, by somebody without a key. */

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')
const linesOf = async (desk: string): Promise<string[]> =>
  (await readFile(join(desk, 'ledger.jsonl'), 'utf8')).split('\n').slice(0, -1)

/** What an opened desk shows, or the failure with which it does not open. */
async function opened(
  session: Session,
  desk: string,
  mode: 'read' | 'write' = 'read',
): Promise<Record<string, unknown>> {
  try {
    const { clock, recovered, ...shown } = await session.call('desk.open', {
      place: session.place('desk', desk),
      mode,
    })
    await session.call('desk.close', {})
    return { shown, floor: clock.floor, recovered }
  } catch (error) {
    return { code: asFailure(error).code }
  }
}

describe.each(['low', 'high'] as const)('a line of the ledger of a %s desk', (side) => {
  let crossing: Crossing
  let copies: DeskCopies
  let lines: string[]
  beforeAll(async () => {
    crossing = await makeEveryEvent()
    copies = await DeskCopies.make(crossing, crossing[side])
    lines = await linesOf(crossing[side])
  })
  afterAll(async () => {
    await copies.end()
    await crossing.dispose()
  })

  interface Case {
    readonly changed: readonly string[]
    /** Where that is found, from 1. */
    readonly at: readonly number[]
  }
  /** Each is refused as damaged at its line, does not open, and stays as it is. */
  async function expectDamaged(cases: readonly Case[]): Promise<void> {
    expect(cases.length).toBe(lines.length)
    await copies.each(cases, async ({ folder, session }, { changed, at }) => {
      const bytes = text(changed)
      await writeFile(join(folder, 'ledger.jsonl'), bytes)
      const { bad } = await session.call('ledger.verify', { place: session.place('desk', folder) })
      expect(at).toContain(bad?.line)
      expect(await opened(session, folder)).toEqual({ code: 'ledger-damaged' })
      expect(await readFile(join(folder, 'ledger.jsonl'), 'utf8')).toBe(bytes)
    })
  }
  const forEach = (of: (line: string, i: number) => Case): Promise<void> => expectDamaged(lines.map(of))

  it('opens as it is', async () => {
    const shown = await copies.each([null], ({ folder, session }) => opened(session, folder))
    expect(shown).toEqual([expect.objectContaining({ recovered: [] })])
  })

  it('changed in one letter, wherever it is', () =>
    forEach((line, i) => {
      // Another place in each line, so that all of its fields have their turn.
      const at = (i * 37 + 11) % line.length
      const letter = line[at] === 'a' ? 'b' : 'a'
      const changed = line.slice(0, at) + letter + line.slice(at + 1)
      // A changed content is found by the hash in the line behind it.
      return { changed: lines.with(i, changed), at: [i + 1, i + 2] }
    }))

  it('removed, there twice, moved to another place, or put behind the last', () =>
    forEach((line, i) => {
      const to = (i + 1 + ((i * 13) % (lines.length - 1))) % lines.length
      const kinds: readonly Case[] = [
        { changed: lines.toSpliced(i, 1), at: [i + 1] },
        { changed: lines.toSpliced(i, 0, line), at: [i + 2] },
        { changed: lines.toSpliced(i, 1).toSpliced(to, 0, line), at: [Math.min(i, to) + 1] },
        { changed: [...lines, line], at: [lines.length + 1] },
      ]
      return kinds[i % kinds.length]!
    }))
})

describe('files of a ledger’s past, mixed', () => {
  let crossing: Crossing
  let copies: DeskCopies
  let lines: string[]
  /** Each head that the desk signed, by its size. */
  const heads = new Map<number, string>()
  const kept: HeadsPort = {
    read: async () => heads.get(Math.max(...heads.keys())) ?? null,
    write: async (_desk, checkpoint) => void heads.set(Number(checkpoint.split('\n')[1]), checkpoint),
  }
  beforeAll(async () => {
    crossing = await makeCrossing()
    const session = openSession({ clock: crossing.clock, network: openGate, heads: kept })
    await session.call('desk.open', { place: session.place('desk', crossing.low), mode: 'write' })
    const request = await writeRequest(crossing, await writeFiles(crossing, { 'a.txt': 'a' }))
    for (let n = 0; n < 2; n++) {
      const { job } = await session.call('collect.start', { request: session.place('request', request) })
      const { consignment } = await session.call('job.wait', { job })
      await session.call('consignment.drop', { id: consignment ?? '', reason: 'Not needed' })
    }
    await session.close()
    lines = await linesOf(crossing.low)
    copies = await DeskCopies.make(crossing, crossing.low, kept)
  })
  afterAll(async () => {
    await copies.end()
    await crossing.dispose()
  })

  interface Mix {
    /** How many lines, the size of the head, and the size of the one that was announced. */
    readonly size: number
    readonly newest: number
    readonly next: number | null
  }
  async function put(folder: string, { size, newest, next }: Mix): Promise<void> {
    await writeFile(join(folder, 'ledger.jsonl'), text(lines.slice(0, size)))
    await writeFile(join(folder, 'checkpoint'), heads.get(newest) ?? '')
    const file = join(folder, 'checkpoint.next')
    if (next === null) await rm(file, { force: true })
    else await writeFile(file, heads.get(next) ?? '')
  }
  const look = (mixes: readonly Mix[]): Promise<Record<string, unknown>[]> =>
    copies.each(mixes, async ({ folder, session }, mix) => {
      await put(folder, mix)
      return opened(session, folder)
    })

  it('open as a whole of one time or not at all, and an earlier time is told', async () => {
    const sizes = [...heads.keys()]
    expect({ last: Math.max(...sizes), sizes: sizes.length }).toEqual({ last: lines.length, sizes: 7 })
    const whole = await look(sizes.map((size) => ({ size, newest: size, next: null })))
    expect(new Set(whole.map((one) => JSON.stringify(one))).size).toBe(sizes.length)
    const putBack = whole.map((one) => (one['shown'] as { putBack: unknown }).putBack !== null)
    expect(putBack).toEqual(sizes.map((size) => size < lines.length))
    const mixes = sizes.flatMap((size) =>
      sizes.flatMap((newest) => [null, ...sizes].map((next): Mix => ({ size, newest, next }))),
    )
    const found = await look(mixes)
    for (const [i, { size, newest, next }] of mixes.entries()) {
      const fits = newest === size || (newest === size - 1 && next === size)
      const wanted = fits ? whole[sizes.indexOf(size)] : { code: 'ledger-damaged' }
      expect({ size, newest, next, found: found[i] }).toEqual({ size, newest, next, found: wanted })
    }
  })

  it('of an earlier time take no act', async () => {
    const earlier = [...heads.keys()].filter((size) => size < lines.length)
    const answers = await copies.each(earlier, async ({ folder, session }, size) => {
      await put(folder, { size, newest: size, next: null })
      await session.call('desk.open', { place: session.place('desk', folder), mode: 'write' })
      const answer = await session.answer('prune.run', {})
      await session.call('desk.close', {})
      expect(await linesOf(folder)).toEqual(lines.slice(0, size))
      return answer.ok ? 'done' : answer.failure.code
    })
    expect(answers).toEqual(earlier.map(() => 'desk-put-back'))
  })
})

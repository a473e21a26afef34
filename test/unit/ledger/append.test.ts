import { appendFile, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readCheckpoint } from '../../../main/ledger/checkpoint.ts'
import type { LedgerEvent, NewEvent } from '../../../main/ledger/event.ts'
import {
  checkHead,
  mendLedger,
  newLedger,
  openLedger,
  readLedger,
  type Ledger,
} from '../../../main/ledger/ledger.ts'
import { leafHash, rootOf } from '../../../main/ledger/merkle.ts'
import { canonical } from '../../../main/platform/json.ts'
import { createStationKey } from '../../../main/sign/key-file.ts'

const desk = 'a'.repeat(64)
const { signer } = await createStationKey()
let folder: string
let ledger: Ledger
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-ledger-'))
  ledger = newLedger(folder, desk, signer)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const file = (name = 'ledger.jsonl'): string => join(folder, name)
const event = (more: Partial<NewEvent> = {}): NewEvent => ({
  type: 'desk.marking',
  at: '2026-11-22T09:00:00Z',
  actors: [],
  rules: 2,
  ...more,
})
async function add(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await ledger.append(ledger.next(event({ facts: { i } })))
}
const lines = async (): Promise<string[]> => (await readFile(file(), 'utf8')).split('\n').slice(0, -1)
async function reopen(): Promise<Ledger> {
  const read = await readLedger(folder)
  const checked = await checkHead(folder, desk, signer.key, read)
  expect({ read: read.bad, head: checked.bad }).toEqual({ read: null, head: null })
  await mendLedger(folder, read, checked)
  return openLedger(folder, desk, signer, read, checked.signed)
}
const eventsOf = ({ lines }: Ledger): LedgerEvent[] =>
  Array.from({ length: lines.size }, (_, place) => lines.at(place)).filter((one) => one !== undefined)
async function badHead(): Promise<object | null> {
  const read = await readLedger(folder)
  return (await checkHead(folder, desk, signer.key, read)).bad
}

describe('appending', () => {
  it('writes one canonical line, chained to the one before, and the signed head over all of them', async () => {
    await add(3)
    const written = await lines()
    expect(written.map((line) => (JSON.parse(line) as LedgerEvent).sequence)).toEqual([1, 2, 3])
    expect(written.map((line) => canonical(JSON.parse(line)).toString('utf8'))).toEqual(written)
    const root = rootOf(written.map((line) => leafHash(Buffer.from(line))))
    expect(ledger.head()).toEqual({ size: 3, root })
    expect(readCheckpoint(await readFile(file('checkpoint'), 'utf8'), desk, signer.key)).toEqual({
      size: 3,
      root,
    })
    expect((await readdir(folder)).sort()).toEqual(['checkpoint', 'ledger.jsonl'])
    expect(eventsOf(ledger).map((one) => one.sequence)).toEqual([1, 2, 3])
  })

  it('has one checkpoint for one head: the one on the disc', async () => {
    await add(2)
    expect(await ledger.checkpoint()).toBe(await readFile(file('checkpoint'), 'utf8'))
    expect(await ledger.checkpoint()).toBe(await ledger.checkpoint())
    const again = await reopen()
    expect(await again.checkpoint()).toBe(await readFile(file('checkpoint'), 'utf8'))
    // Before the first line there is a head as well, signed once.
    const empty = newLedger(join(folder, 'none'), desk, signer)
    expect(await empty.checkpoint()).toBe(await empty.checkpoint())
    expect(readCheckpoint(await empty.checkpoint(), desk, signer.key)?.size).toBe(0)
  })

  it('knows leaves, proofs and roots of what it has, and of no more', async () => {
    await add(3)
    const leaves = (await lines()).map((line) => leafHash(Buffer.from(line)))
    expect([1, 2, 3, 4].map((sequence) => ledger.leaf(sequence))).toEqual([...leaves, null])
    expect(ledger.rootAt(2)).toEqual(rootOf(leaves, 0, 2))
    expect(ledger.rootAt(3)).toEqual(rootOf(leaves))
    expect(ledger.rootAt(4)).toBeNull()
    expect(ledger.proof(3)).toEqual([])
  })

  it('keeps what is said of an event, and nothing that was not', async () => {
    const subjects = [`sha256:${'1'.repeat(64)}`]
    await ledger.append(
      ledger.next(event({ subjects, outcome: 'passed', statements: ['{}'], facts: { a: 1 } })),
    )
    await ledger.append(ledger.next(event()))
    const [first, second] = (await lines()).map((line) => JSON.parse(line) as LedgerEvent)
    expect(first).toMatchObject({
      subjects,
      outcome: 'passed',
      statements: ['{}'],
      facts: { a: 1 },
      rules: 2,
    })
    expect(second).toMatchObject({ subjects: [], outcome: null, statements: [], facts: {} })
    expect(() => ledger.next(event({ type: 'Not A Type' }))).toThrow()
  })

  it('takes only the event that is next, and goes on after one that was not', async () => {
    await add(1)
    const next = ledger.next(event())
    await expect(ledger.append({ ...next, sequence: 3 })).rejects.toMatchObject({
      code: 'ledger-damaged',
      facts: { expected: 'event 2', found: 'event 3' },
    })
    await expect(ledger.append({ ...next, sequence: 1 })).rejects.toMatchObject({ code: 'ledger-damaged' })
    expect(await lines()).toHaveLength(1)
    await ledger.append(next)
    // One that was made before another came in has lost its place.
    await expect(ledger.append(next)).rejects.toMatchObject({ facts: { found: 'event 2' } })
    expect(eventsOf(await reopen())).toHaveLength(2)
  })

  it('goes on from where another process left off', async () => {
    await add(2)
    ledger = await reopen()
    await add(2)
    expect(eventsOf(await reopen())).toHaveLength(4)
    expect((await stat(file())).mode & 0o777).toBe(0o600)
  })
})

describe('a line that cannot be written', () => {
  it('ends the ledger of this process: nothing more is written, also once the disc is well again', async () => {
    await add(2)
    await rename(file(), file('kept'))
    await mkdir(file())
    await expect(ledger.append(ledger.next(event()))).rejects.toMatchObject({
      code: 'disk-failed',
      facts: { found: 'EISDIR' },
    })
    await rm(file(), { recursive: true })
    await rename(file('kept'), file())
    const before = await readFile(file())
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(ledger.append(ledger.next(event()))).rejects.toMatchObject({
        code: 'ledger-damaged',
        facts: { found: 'a failed append' },
      })
    }
    expect(await readFile(file())).toEqual(before)
    expect({ events: ledger.lines.size, head: ledger.head().size }).toEqual({ events: 2, head: 2 })
    // The next process goes on from what is on the disc.
    ledger = await reopen()
    await add(1)
    expect(eventsOf(await reopen())).toHaveLength(3)
  })

  it('is not written where the file is longer, or shorter, than what was read', async () => {
    await add(2)
    const whole = await readFile(file())
    await appendFile(file(), '{}\n')
    await expect(ledger.append(ledger.next(event()))).rejects.toMatchObject({ code: 'ledger-damaged' })
    expect(await readFile(file())).toEqual(Buffer.concat([whole, Buffer.from('{}\n')]))
    await writeFile(file(), whole)
    ledger = await reopen()
    await writeFile(file(), whole.subarray(0, whole.indexOf(10) + 1))
    await expect(ledger.append(ledger.next(event()))).rejects.toMatchObject({
      code: 'ledger-damaged',
      facts: { found: `${whole.indexOf(10) + 1} bytes` },
    })
    expect((await readdir(folder)).includes('checkpoint.next')).toBe(false)
  })

  it('is announced before it is written: a head that cannot be announced leaves no line', async () => {
    await add(1)
    const before = await readFile(file())
    await mkdir(file('checkpoint.next'))
    await expect(ledger.append(ledger.next(event()))).rejects.toMatchObject({ code: 'disk-failed' })
    expect(await readFile(file())).toEqual(before)
  })
})

describe('what a crash left', () => {
  it('a ledger cut by exactly one line, or by all of them, is shorter than its checkpoint', async () => {
    await add(3)
    const all = await lines()
    for (const left of [2, 1, 0]) {
      await writeFile(
        file(),
        all
          .slice(0, left)
          .map((line) => `${line}\n`)
          .join(''),
      )
      expect(await badHead()).toEqual({
        line: left + 1,
        expected: '3 events, as the checkpoint says',
        found: `${left} events`,
      })
    }
  })

  it('a line that its announced head signs is taken, and the head takes its place', async () => {
    await add(2)
    const older = await readFile(file('checkpoint'))
    await add(1)
    await rename(file('checkpoint'), file('checkpoint.next'))
    await writeFile(file('checkpoint'), older)
    const again = await reopen()
    expect(eventsOf(again)).toHaveLength(3)
    expect(await readdir(folder)).not.toContain('checkpoint.next')
    expect(await badHead()).toBeNull()
    expect(await again.checkpoint()).toBe(await readFile(file('checkpoint'), 'utf8'))
  })

  it('an announced head whose line never came is forgotten', async () => {
    await add(2)
    await writeFile(file('checkpoint.next'), await readFile(file('checkpoint')))
    await reopen()
    expect(await readdir(folder)).not.toContain('checkpoint.next')
  })

  it('a torn line is set aside, each under a name of its own, and only the torn line', async () => {
    await add(2)
    const whole = await readFile(file())
    for (const torn of ['{"a', '{"b', '{"c']) {
      await appendFile(file(), torn)
      const read = await readLedger(folder)
      expect(read.torn?.toString('utf8')).toBe(torn)
      await mendLedger(folder, read, await checkHead(folder, desk, signer.key, read))
      expect(await readFile(file())).toEqual(whole)
    }
    const kept = (await readdir(folder)).filter((name) => name.startsWith('ledger.torn')).sort()
    expect(await Promise.all(kept.map((name) => readFile(file(name), 'utf8')))).toEqual(['{"a', '{"b', '{"c'])
    await reopen()
    expect((await readdir(folder)).filter((name) => name.startsWith('ledger.torn'))).toHaveLength(3)
  })
})

describe('reading', () => {
  it('names the first line that is not as it must be, and what it is', async () => {
    await add(3)
    const all = await lines()
    const second = JSON.parse(all[1] ?? '') as LedgerEvent
    const other = (more: object): string => canonical({ ...second, ...more }).toString('utf8')
    const zeros = '0'.repeat(64)
    for (const [line, expected, found] of [
      [`${all[1] ?? ''} `, 'an event in canonical form', /^(?!something else)/],
      ['{', 'an event in canonical form', /^(?!something else)/],
      ['', 'an event in canonical form', /^(?!something else)/],
      [other({ more: 1 }), 'an event as this version writes it', /more/],
      [other({ format: 'sallyport.event/v2' }), 'an event as this version writes it', /^format: ./],
      [other({ sequence: 3 }), 'event 2', /^event 3$/],
      [other({ previous: null }), `previous ${second.previous ?? ''}`, /^previous null$/],
      [other({ previous: zeros }), `previous ${second.previous ?? ''}`, /^previous 0{64}$/],
    ] as const) {
      await writeFile(file(), `${all[0] ?? ''}\n${line}\n${all[2] ?? ''}\n`)
      const read = await readLedger(folder)
      expect({ line: read.bad?.line, expected: read.bad?.expected }).toEqual({ line: 2, expected })
      expect(read.bad?.found).toMatch(found)
      expect({ events: read.events.length, size: read.tree.size }).toEqual({ events: 1, size: 1 })
    }
    await writeFile(file(), `${all[1] ?? ''}\n`)
    expect((await readLedger(folder)).bad).toMatchObject({ line: 1, expected: 'event 1', found: 'event 2' })
    await writeFile(file(), `${canonical({ ...second, sequence: 1 }).toString('utf8')}\n`)
    expect((await readLedger(folder)).bad).toMatchObject({ line: 1, expected: 'previous null' })
  })

  it('lines that go beyond one piece of the file, up to the longest that a line may be', async () => {
    const mib = 1024 * 1024
    for (let i = 0; i < 4; i++) {
      await ledger.append(ledger.next(event({ statements: [String(i).repeat(0.7 * mib)] })))
    }
    const again = await reopen()
    expect(eventsOf(again).map((one) => one.statements[0]?.[0])).toEqual(['0', '1', '2', '3'])
    expect(again.head()).toEqual(ledger.head())
    // A line as long as one may be is read to its end; a longer one is no line, and not held in memory.
    await writeFile(file(), `${'a'.repeat(32 * mib)}\n`)
    expect((await readLedger(folder)).bad?.line).toBe(1)
    await writeFile(file(), `${'a'.repeat(36 * mib)}\n`)
    const long = await readLedger(folder)
    expect({ bad: long.bad, torn: long.torn?.length }).toEqual({ bad: null, torn: 33 * mib })
  })

  it('a last line of the same length that says something else is found by the root', async () => {
    await add(2)
    const all = await lines()
    await writeFile(file(), `${all[0] ?? ''}\n${all[1]?.replace('"i":1', '"i":2') ?? ''}\n`)
    const bad = (await badHead()) as { line: number; expected: string; found: string } | null
    expect(bad?.line).toBe(2)
    expect(bad?.expected).toMatch(/^root [0-9a-f]{64}, as the checkpoint says$/)
    expect(bad?.found).toMatch(/^root [0-9a-f]{64}$/)
  })

  it('a file that is not there, or cannot be read, is said to be that', async () => {
    await expect(readLedger(folder)).rejects.toMatchObject({
      code: 'ledger-damaged',
      facts: { found: 'ENOENT' },
    })
    await mkdir(file())
    await expect(readLedger(folder)).rejects.toMatchObject({ code: 'ledger-damaged' })
  })

  it('an empty file is an empty ledger, which no checkpoint of one event fits', async () => {
    await add(1)
    await writeFile(file(), '')
    const read = await readLedger(folder)
    expect({
      events: read.events,
      last: read.last,
      length: read.length,
      torn: read.torn,
      bad: read.bad,
    }).toEqual({ events: [], last: null, length: 0, torn: null, bad: null })
    expect(await badHead()).toMatchObject({ line: 1, found: '0 events' })
  })
})

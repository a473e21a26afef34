import { appendFile, cp, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signCheckpoint } from '../../main/ledger/checkpoint.ts'
import { leafHash, rootOf } from '../../main/ledger/merkle.ts'
import { canonical } from '../../main/platform/json.ts'
import { createStationKey, openStationKey } from '../../main/sign/key-file.ts'
import { done, sallyport, testClock, type Said } from '../support/command-line.ts'
import {
  decideBoth,
  makeBundle,
  makeCrossing,
  release,
  writeFiles,
  writeRequest,
  writeTo,
  type Crossing,
} from '../support/desks.ts'
import { forge, honestContent, honestWaybill } from '../support/forge.ts'
import { expectRefused } from '../support/refusal.ts'
import { openSession } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'

let crossing: Crossing
let count = 0
async function copyOf(desk: string): Promise<string> {
  const copy = join(crossing.folder, `desk-copy-${++count}`)
  await cp(desk, copy, { recursive: true })
  return copy
}
const ledgerOf = async (desk: string): Promise<string[]> =>
  (await readFile(join(desk, 'ledger.jsonl'), 'utf8')).split('\n').slice(0, -1)
const write = (desk: string, lines: readonly string[]): Promise<void> =>
  writeFile(join(desk, 'ledger.jsonl'), lines.map((line) => `${line}\n`).join(''))
async function snapshot(desk: string): Promise<string> {
  const names = (await readdir(desk, { recursive: true, withFileTypes: true })).filter((one) => one.isFile())
  const parts = names.map(async (one) => {
    const path = join(one.parentPath, one.name)
    return `${path} ${(await readFile(path)).toString('base64')}`
  })
  return (await Promise.all(parts)).sort().join('\n')
}
async function ledgerVerify(desk: string): Promise<{ code: number; said: Said }> {
  const before = await snapshot(desk)
  const ended = await sallyport(['ledger', 'verify', '--desk', desk], crossing.clock)
  expect(await snapshot(desk)).toBe(before)
  return { code: ended.code, said: ended.json }
}

describe('a ledger that somebody changed', () => {
  let desk: string
  let lines: string[]
  beforeAll(async () => {
    crossing = await makeCrossing()
    desk = crossing.low
    await makeBundle(crossing, 'medium')
    lines = await ledgerOf(desk)
  })
  afterAll(() => crossing.dispose())

  async function expectBad(change: (copy: string) => Promise<unknown>, line: number): Promise<void> {
    const copy = await copyOf(desk)
    await change(copy)
    const { code, said } = await ledgerVerify(copy)
    expect({ code, intact: said.intact, line: said.bad?.line }).toEqual({ code: 3, intact: false, line })
    for (const words of [
      ['desk', 'show', '--desk', copy],
      ['consignment', 'list', '--desk', copy],
      ['policy', 'set', '/dev/null', '--desk', copy],
    ]) {
      const ended = await sallyport(words, crossing.clock)
      expect({ code: ended.code, failure: ended.json.failure.code }).toEqual({
        code: 1,
        failure: 'ledger-damaged',
      })
    }
  }

  it('a line changed: a bit, a blank, a word, another order of keys', async () => {
    const middle = 3
    const changes: ((line: string) => string)[] = [
      (line) => line.replace('"at":"2026', '"at":"2027'),
      (line) => line.replace('":', '": '),
      (line) => `${line} `,
      (line) => line.replace(/"sequence":\d+/, '"sequence":99'),
      (line) => line.replace('{"actors"', '{"aaa":1,"actors"'),
      () => '',
    ]
    for (const [i, change] of changes.entries()) {
      const bad = lines.map((line, at) => (at === middle ? change(line) : line))
      // A changed content is found by the hash in the line behind it.
      await expectBad((copy) => write(copy, bad), i === 0 ? middle + 2 : middle + 1)
    }
  })

  it('the last line changed is found by the checkpoint', async () => {
    const last = lines.length
    const bad = lines.map((line, at) => (at === last - 1 ? line.replace('"at":"2026', '"at":"2027') : line))
    await expectBad((copy) => write(copy, bad), last)
  })

  it('a line removed, two swapped, one twice, the first removed, all removed', async () => {
    await expectBad((copy) => write(copy, lines.toSpliced(2, 1)), 3)
    await expectBad((copy) => write(copy, lines.toSpliced(2, 2, lines[3] ?? '', lines[2] ?? '')), 3)
    await expectBad((copy) => write(copy, lines.toSpliced(2, 0, lines[2] ?? '')), 4)
    await expectBad((copy) => write(copy, lines.slice(1)), 1)
    await expectBad((copy) => write(copy, []), 1)
  })

  it('the tail cut at a line end: shorter than the checkpoint', () =>
    expectBad((copy) => write(copy, lines.slice(0, -2)), lines.length - 1))

  it('the checkpoint changed, missing, of another station, of another desk', async () => {
    const stranger = openStationKey(await readFile(join(crossing.high, 'station.key'), 'utf8'))
    const own = openStationKey(await readFile(join(desk, 'station.key'), 'utf8'))
    const leaves = lines.map((line) => leafHash(Buffer.from(line)))
    const head = { size: leaves.length, root: rootOf(leaves) }
    const texts = [
      'x',
      '',
      (await readFile(join(desk, 'checkpoint'), 'utf8')).replace(/\n(\d+)\n/, '\n1\n'),
      await signCheckpoint(crossing.lowId, head, stranger),
      await signCheckpoint(crossing.highId, head, own),
    ]
    for (const text of texts) {
      await expectBad((copy) => writeFile(join(copy, 'checkpoint'), text), lines.length + 1)
    }
  })

  it('a whole ledger written anew by somebody without the station key', async () => {
    const rewritten: string[] = []
    let previous: string | null = null
    const { createHash } = await import('node:crypto')
    for (const line of lines) {
      const event = { ...(JSON.parse(line) as object), previous }
      const text: string = canonical(event).toString('utf8').replaceAll('Bob Lind', 'Bob Lund')
      rewritten.push(text)
      previous = createHash('sha256').update(text).digest('hex')
    }
    await expectBad((copy) => write(copy, rewritten), lines.length)
  })

  it('a torn last line: told and left alone; the next act that writes sets it aside and records that', async () => {
    const copy = await copyOf(desk)
    const torn = '{"actors":[],"facts'
    await appendFile(join(copy, 'ledger.jsonl'), torn)
    const { code, said } = await ledgerVerify(copy)
    expect({ code, line: said.bad?.line }).toEqual({ code: 3, line: lines.length + 1 })
    // Reading goes on without it and changes nothing.
    const before = await snapshot(copy)
    await done(['desk', 'show', '--desk', copy], crossing.clock)
    expect(await snapshot(copy)).toBe(before)
    const policy = join(crossing.folder, 'policy.yaml')
    await writeFile(policy, 'sallyport: policy/v1\nversion: 2\n')
    await done(['policy', 'set', policy, '--desk', copy], crossing.clock)
    expect(await readFile(join(copy, 'ledger.torn'), 'utf8')).toBe(torn)
    const after = await ledgerOf(copy)
    expect(after[lines.length]).toContain('desk.recovered')
    expect(after[lines.length]).toContain('torn')
    expect((await ledgerVerify(copy)).code).toBe(0)
  })

  it('a line behind the checkpoint is taken only if the announced head signs exactly it', async () => {
    const own = openStationKey(await readFile(join(desk, 'station.key'), 'utf8'))
    const leaves = lines.map((line) => leafHash(Buffer.from(line)))
    const headOf = (size: number, of = leaves): Promise<string> =>
      signCheckpoint(crossing.lowId, { size, root: rootOf(of, 0, size) }, own)
    const all = leaves.length
    const other = [...leaves.slice(0, -1), leafHash(Buffer.from('another line'))]
    const stranger = (await createStationKey()).signer
    const cases: readonly (readonly [string, string | null, number | null])[] = [
      [await headOf(all - 1), await headOf(all), null],
      [await headOf(all - 1), null, all],
      [await headOf(all - 1), await headOf(all - 1), all],
      [await headOf(all - 1), await headOf(all, other), all],
      [
        await headOf(all - 1),
        await signCheckpoint(crossing.lowId, { size: all, root: rootOf(leaves) }, stranger),
        all,
      ],
      [await headOf(all - 2), await headOf(all), all - 1],
      [await headOf(all - 2), await headOf(all - 1), all - 1],
      // Announced, and the line never came: that is no damage.
      [await headOf(all), await headOf(all), null],
    ]
    for (const [newest, next, line] of cases) {
      const copy = await copyOf(desk)
      await writeFile(join(copy, 'checkpoint'), newest)
      if (next !== null) await writeFile(join(copy, 'checkpoint.next'), next)
      const { code, said } = await ledgerVerify(copy)
      expect({ code, line: said.bad?.line ?? null }).toEqual({ code: line === null ? 0 : 3, line })
    }
    // The next act that writes puts the head in its place.
    const copy = await copyOf(desk)
    await writeFile(join(copy, 'checkpoint'), await headOf(all - 1))
    await writeFile(join(copy, 'checkpoint.next'), await headOf(all))
    const policy = join(crossing.folder, 'next.yaml')
    await writeFile(policy, 'sallyport: policy/v1\nversion: 2\n')
    await done(['policy', 'set', policy, '--desk', copy], crossing.clock)
    expect((await readdir(copy)).filter((name) => name.startsWith('checkpoint'))).toEqual(['checkpoint'])
    expect((await ledgerVerify(copy)).code).toBe(0)
  })

  it('a second torn line keeps the first', async () => {
    const copy = await copyOf(desk)
    for (const [number, torn] of ['{"first', '{"second'].entries()) {
      await appendFile(join(copy, 'ledger.jsonl'), torn)
      const policy = join(crossing.folder, `torn-${number}.yaml`)
      await writeFile(policy, `sallyport: policy/v1\nversion: ${number + 2}\n`)
      await done(['policy', 'set', policy, '--desk', copy], crossing.clock)
    }
    expect(await readFile(join(copy, 'ledger.torn'), 'utf8')).toBe('{"first')
    expect(await readFile(join(copy, 'ledger.torn.2'), 'utf8')).toBe('{"second')
  })

  it('a line that somebody else wrote meanwhile: nothing more is written', async () => {
    const copy = await copyOf(desk)
    const session = openSession({ clock: crossing.clock, network: openGate })
    try {
      await session.call('desk.open', { place: session.place('desk', copy), mode: 'write' })
      await appendFile(join(copy, 'ledger.jsonl'), '{}\n')
      const policy = join(crossing.folder, 'meanwhile.yaml')
      await writeFile(policy, 'sallyport: policy/v1\nversion: 2\n')
      const before = await readFile(join(copy, 'ledger.jsonl'))
      for (let attempt = 0; attempt < 2; attempt++) {
        const set = session.call('policy.set', { place: session.place('policy', policy) })
        await expect(set).rejects.toMatchObject({ code: 'ledger-damaged' })
      }
      expect(await readFile(join(copy, 'ledger.jsonl'))).toEqual(before)
      expect((await session.call('desk.show', {})).policy.document.version).toBe(1)
    } finally {
      await session.close()
    }
  })

  it('a forged line with a head of the station is still not an event of ours', async () => {
    const own = openStationKey(await readFile(join(desk, 'station.key'), 'utf8'))
    const leaves = lines.slice(0, -1).map((line) => leafHash(Buffer.from(line)))
    const unknown = await copyOf(desk)
    const last = lines.at(-1) ?? ''
    await write(unknown, [...lines.slice(0, -1), last.replace(/"type":"[^"]*"/, '"type":"desk.opened"')])
    const strange = leafHash(Buffer.from((await ledgerOf(unknown)).at(-1) ?? ''))
    const all = [...leaves, strange]
    await writeFile(
      join(unknown, 'checkpoint'),
      await signCheckpoint(crossing.lowId, { size: all.length, root: rootOf(all) }, own),
    )
    const { code, said } = await ledgerVerify(unknown)
    expect({ code, line: said.bad?.line }).toEqual({ code: 3, line: lines.length })
  })

  it('people, trust and policy files are caches: a change is named and changes no verdict', async () => {
    for (const name of ['people.json', 'trust/signers.json', 'policy/policy.yaml']) {
      const copy = await copyOf(desk)
      await appendFile(join(copy, name), ' ')
      const { code, said } = await ledgerVerify(copy)
      expect({ code, differing: said['differing'] }).toEqual({ code: 3, differing: [name] })
    }
    const copy = await copyOf(crossing.high)
    await writeFile(join(copy, 'trust', 'signers.json'), '{}')
    const policy = join(crossing.folder, 'policy-high.yaml')
    await writeFile(policy, 'sallyport: policy/v1\nversion: 2\n')
    await done(['policy', 'set', policy, '--desk', copy], crossing.clock)
    expect(JSON.stringify(await done(['desk', 'show', '--desk', copy]))).toContain('Bob Lind')
    expect((await ledgerVerify(copy)).code).toBe(0)
  })

  it('the desk card or the station key is another', async () => {
    const card = await copyOf(desk)
    const text = await readFile(join(card, 'desk.json'), 'utf8')
    await writeFile(join(card, 'desk.json'), text.replace('Hill-1', 'Hill-2'))
    const shown = await sallyport(['desk', 'show', '--desk', card], crossing.clock)
    expect(shown.code).toBe(1)
    expect(['desk-damaged', 'ledger-damaged']).toContain(shown.json.failure.code)
    expect((await ledgerVerify(card)).code).toBe(3)
    await writeFile(join(card, 'desk.json'), `${text} `)
    expect((await sallyport(['desk', 'show', '--desk', card])).json.failure.code).toBe('desk-damaged')
    const key = await copyOf(desk)
    await cp(join(crossing.high, 'station.key'), join(key, 'station.key'))
    const policy = join(crossing.folder, 'policy-key.yaml')
    await writeFile(policy, 'sallyport: policy/v1\nversion: 2\n')
    const set = await sallyport(['policy', 'set', policy, '--desk', key], crossing.clock)
    expect({ code: set.code, failure: set.json.failure.code }).toEqual({ code: 1, failure: 'desk-damaged' })
  })
})

describe('the sender’s ledger between bundles', () => {
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())
  const verify = (path: string): ReturnType<typeof sallyport> =>
    sallyport(['verify', path, '--desk', crossing.high], crossing.clock)
  const consistency = (said: Said): string[] =>
    said.checks.filter((check) => check.id === 'ledger.consistency').map((check) => check.result)

  it('three bundles: the first asks nothing, the others are proven', async () => {
    for (const name of ['one', 'two', 'three']) {
      const ended = await verify((await makeBundle(crossing, name)).folder)
      expect(ended.code).toBe(0)
      const expected = { one: [], two: ['pass'], three: ['pass', 'pass'] }[name]
      expect(consistency(ended.json)).toEqual(expected)
      await decideBoth(crossing, ended.json.id, 'accept')
    }
  })

  it('proofs left out, of another root, and a head that nobody signed', async () => {
    const { folder } = await makeBundle(crossing, 'four')
    const base = await honestWaybill(folder)
    const content = await honestContent(folder)
    const forged = (ledger: object, name: string): Promise<string> =>
      forge(crossing, base, { content, change: (w) => ({ ...w, ledger: { ...w.ledger, ...ledger } }) }, name)
    const without = await verify(await forged({ proofs: [] }, 'no-proofs'))
    expect(without.code).toBe(5)
    expect(consistency(without.json)).toContain('not-checked')
    const [proof] = base.ledger.proofs
    const wrong = base.ledger.proofs.map((one) => ({
      ...one,
      hashes: one.hashes.map(() => proof?.root ?? ''),
    }))
    await expectRefused(crossing, await forged({ proofs: wrong }, 'wrong'), 3, 'ledger.consistency')
    await expectRefused(crossing, await forged({ checkpoint: 'x' }, 'no-head'), 3, 'ledger.consistency')
    const other = base.ledger.checkpoint.replace(/\n(\d+)\n/, '\n1\n')
    await expectRefused(crossing, await forged({ checkpoint: other }, 'other-head'), 3, 'ledger.consistency')
  })

  it('a sender whose ledger was cut and went on from there', async () => {
    await crossing.dispose()
    crossing = await makeCrossing()
    const { low } = crossing
    const cut = join(crossing.folder, 'cut')
    const before = await ledgerOf(low)
    const one = await makeBundle(crossing, 'one')
    const seen = await verify(one.folder)
    expect(seen.code).toBe(0)
    await decideBoth(crossing, seen.json.id, 'accept')
    // The desk as it stood before the first bundle, with a clock an hour later, releases another.
    await cp(low, cut, { recursive: true })
    await write(cut, before)
    const own = openStationKey(await readFile(join(low, 'station.key'), 'utf8'))
    const leaves = before.map((line) => leafHash(Buffer.from(line)))
    const head = { size: leaves.length, root: rootOf(leaves) }
    await writeFile(join(cut, 'checkpoint'), await signCheckpoint(crossing.lowId, head, own))
    const twin = { ...crossing, low: cut, clock: testClock('2026-11-22T10:00:00Z') }
    const items = await writeFiles(twin, { 'more.txt': 'more\n' })
    const ids = [
      await release(twin, await writeRequest(twin, items)),
      await release(twin, await writeRequest(twin, items)),
    ]
    const folder = await writeTo(twin, ids[1] ?? '', 'second')
    // Opening found contents that its shorter ledger does not name and recorded that: no proof can reach the old head.
    const ended = await verify(folder)
    expect(ended.code).toBe(4)
    expect(consistency(ended.json)).toEqual(['not-checked'])
  })

  it('a sender whose ledger was cut, with nothing else left to tell', async () => {
    const cut = join(crossing.folder, 'cut')
    const low = await copyOf(cut)
    const first = (await makeBundle({ ...crossing, low: cut }, 'left', { 'left.txt': 'left' })).folder
    const second = (await makeBundle({ ...crossing, low }, 'right', { 'right.txt': 'right' })).folder
    await verify(first)
    const said = await expectRefused(crossing, second, 3, 'ledger.consistency')
    expect(consistency(said)).toContain('fail')
  })
})

import { spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import { done, sallyport } from '../support/command-line.ts'
import { makeCrossing, type Crossing } from '../support/desks.ts'
import { fatVolume, has, mayMount } from '../support/volumes.ts'

const source = (path: string): string => join(import.meta.dirname, '..', '..', 'main', path)
const cli = source('cli.ts')
const canUnshare =
  process.platform === 'linux' && spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0

describe('two processes on one desk', () => {
  let crossing: Crossing
  let policies = 1
  beforeAll(async () => {
    crossing = await makeCrossing()
  })
  afterAll(() => crossing.dispose())

  /** A small act that writes. */
  async function write(): ReturnType<typeof sallyport> {
    const path = join(crossing.folder, 'policy.yaml')
    await writeFile(path, `sallyport: policy/v1\nversion: ${++policies}\n`)
    return sallyport(['policy', 'set', path, '--desk', crossing.low], crossing.clock)
  }
  const unlock = (reason: string): ReturnType<typeof sallyport> =>
    sallyport(['desk', 'unlock', '--desk', crossing.low, '--reason', reason], crossing.clock)
  const lock = (): string => join(crossing.low, 'desk.lock')

  it('the second is told who holds it; reading goes on; afterwards the desk is free', async () => {
    const session = openSession({ clock: crossing.clock, network: openGate })
    await session.call('desk.open', { place: session.place('desk', crossing.low), mode: 'write' })
    const ended = await write()
    expect({ code: ended.code, failure: ended.json.failure.code }).toEqual({ code: 1, failure: 'desk-busy' })
    expect(ended.json.failure.facts).toMatchObject({ pid: process.pid, host: hostname() })
    for (const words of [
      ['desk', 'show'],
      ['consignment', 'list'],
      ['ledger', 'verify'],
    ]) {
      expect((await sallyport([...words, '--desk', crossing.low], crossing.clock)).code).toBe(0)
    }
    await session.close()
    expect((await write()).code).toBe(0)
    expect(await readdir(crossing.low)).not.toContain('desk.lock')
  })

  // A holder that is a process of its own and ends without a word.
  async function abandon(): Promise<number> {
    const words = [
      `import { openSession } from '${source('desk/session.ts')}'`,
      `import { openGate } from '${source('platform/network.ts')}'`,
      `import { systemClock } from '${source('platform/clock.ts')}'`,
      'const session = openSession({ clock: systemClock(), network: openGate })',
      `const place = session.place('desk', ${JSON.stringify(crossing.low)})`,
      `await session.call('desk.open', { place, mode: 'write' })`,
      `process.stdout.write('held')`,
      'setInterval(() => undefined, 1000)',
    ]
    const holder = spawn(process.execPath, ['--input-type=module', '-e', words.join('\n')])
    await once(holder.stdout, 'data')
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    return holder.pid ?? 0
  }
  /** What a holder that is gone left of itself. */
  async function holder(change: object): Promise<void> {
    const path = join(crossing.low, 'desk.holder')
    await writeFile(
      path,
      JSON.stringify({ ...(JSON.parse(await readFile(path, 'utf8')) as object), ...change }),
    )
  }

  it('a lock whose process is gone is taken over, recorded and told', async () => {
    const pid = await abandon()
    expect(await readdir(crossing.low)).toContain('desk.lock')
    const ended = await write()
    expect(ended.code, ended.stdout).toBe(0)
    expect(JSON.stringify(ended.json['recovered'])).toContain(`process ${pid}`)
    const ledger = await readFile(join(crossing.low, 'ledger.jsonl'), 'utf8')
    expect(ledger).toContain(`The lock of process ${pid}`)
  })

  it('a holder that answers is never passed by, whatever is written about it', async () => {
    const session = openSession({ clock: crossing.clock, network: openGate })
    await session.call('desk.open', { place: session.place('desk', crossing.low), mode: 'write' })
    await holder({ pid: 1_000_000_000, host: 'elsewhere', machine: 'another', boot: 'another' })
    const ended = await write()
    expect(ended.json.failure).toMatchObject({ code: 'desk-busy', facts: { pid: process.pid } })
    const lifted = await unlock('it must be gone')
    expect(lifted.json.failure.code).toBe('desk-busy')
    await session.close()
  })

  it.each([
    ['another computer', { machine: 'f'.repeat(32) }],
    ['a computer that has no number', { machine: 'unknown' }],
  ])('a lock that %s left is lifted by a person alone, with a reason, on the record', async (_, left) => {
    const pid = await abandon()
    await holder({ ...left, host: 'far-away' })
    const ended = await write()
    expect(ended.json.failure).toMatchObject({ code: 'desk-busy', facts: { pid, host: 'far-away' } })
    expect((await unlock('x'.repeat(501))).json.failure.code).toBe('bad-input')
    expect((await write()).json.failure.code).toBe('desk-busy')
    const lifted = await unlock('The old server was scrapped')
    expect(lifted.code, lifted.stdout).toBe(0)
    const ledger = await readFile(join(crossing.low, 'ledger.jsonl'), 'utf8')
    expect(ledger).toMatch(
      /The lock of process \d+ on far-away, since [^ ]+ was lifted: The old server was scrapped/,
    )
    expect((await write()).code).toBe(0)
    expect((await unlock('again')).json.failure.code).toBe('nothing-to-change')
  })

  it('a lock of which nothing is known, or that is no socket, is lifted in the same way', async () => {
    await abandon()
    await rm(join(crossing.low, 'desk.holder'))
    expect((await write()).json.failure.code).toBe('desk-busy')
    expect((await unlock('nobody knows')).code).toBe(0)
    for (const text of ['', '{}', 'x'.repeat(100)]) {
      await writeFile(lock(), text)
      expect((await write()).json.failure.code).toBe('desk-busy')
      expect(await readFile(lock(), 'utf8')).toBe(text)
      expect((await unlock('left by an older version')).code).toBe(0)
    }
    expect((await write()).code).toBe(0)
  })

  it.each([
    ['a process of this computer', {}, 0],
    ['one of another computer', { machine: 'f'.repeat(32) }, 1],
  ])(
    'a lock whose holder ended before it could write who it is: by the claim of %s',
    async (_, left, code) => {
      const pid = await abandon()
      await holder(left)
      await rename(join(crossing.low, 'desk.holder'), join(crossing.low, `desk.holder.${randomUUID()}`))
      const ended = await write()
      expect(ended.code, ended.stdout).toBe(code)
      if (code === 0) expect(JSON.stringify(ended.json['recovered'])).toContain(`process ${pid}`)
      else expect((await unlock('it is scrapped')).code).toBe(0)
      expect((await write()).code).toBe(0)
      expect((await readdir(crossing.low)).filter((name) => /^desk\.(lock|holder)/.test(name))).toEqual([])
    },
  )

  it('whoever lost the lock to another writes nothing more', async () => {
    const session = openSession({ clock: crossing.clock, network: openGate })
    await session.call('desk.open', { place: session.place('desk', crossing.low), mode: 'write' })
    // By force, as no program of ours does it.
    await rm(lock())
    const path = join(crossing.folder, 'late.yaml')
    await writeFile(path, `sallyport: policy/v1\nversion: ${++policies}\n`)
    const before = await readFile(join(crossing.low, 'ledger.jsonl'))
    const place = session.place('policy', path)
    const late = await session.answer('policy.set', { place })
    expect(late).toMatchObject({ ok: false, failure: { code: 'desk-busy' } })
    expect(await readFile(join(crossing.low, 'ledger.jsonl'))).toEqual(before)
    // And takes nobody's lock away when it ends.
    const other = openSession({ clock: crossing.clock, network: openGate })
    await other.call('desk.open', { place: other.place('desk', crossing.low), mode: 'write' })
    await session.close()
    expect((await write()).json.failure.code).toBe('desk-busy')
    await other.close()
    expect((await write()).code).toBe(0)
  })

  it.skipIf(!canUnshare)('a holder in another world of processes is busy there (needs unshare)', async () => {
    const words = ['--pid', '--fork', '--mount-proc', process.execPath, cli]
    const path = join(crossing.folder, 'inside.yaml')
    await writeFile(path, `sallyport: policy/v1\nversion: ${++policies}\n`)
    const session = openSession({ clock: crossing.clock, network: openGate })
    await session.call('desk.open', { place: session.place('desk', crossing.low), mode: 'write' })
    const inside = spawnSync('unshare', [...words, 'policy', 'set', path, '--desk', crossing.low, '--json'])
    expect(inside.status, String(inside.stderr)).toBe(1)
    expect(JSON.parse(String(inside.stdout))).toMatchObject({ failure: { code: 'desk-busy' } })
    await session.close()
  })

  it('holds in a folder whose name is longer than a socket may be called', async () => {
    const deep = join(crossing.folder, 'd'.repeat(100), 'e'.repeat(100))
    await mkdir(deep, { recursive: true })
    const desk = join(deep, 'desk')
    await done(['desk', 'create', desk, '--side', 'low', '--name', 'Deep'], crossing.clock)
    const session = openSession({ clock: crossing.clock, network: openGate })
    await session.call('desk.open', { place: session.place('desk', desk), mode: 'write' })
    const here = process.cwd()
    const ended = await sallyport(['prune', '--desk', desk], crossing.clock)
    expect(ended.json.failure.code).toBe('desk-busy')
    await session.close()
    expect(process.cwd()).toBe(here)
    expect(await readdir(desk)).not.toContain('desk.lock')
  })

  it.skipIf(!mayMount() || !has('fusefat'))(
    'where no socket can be made, a file stands for it; that the place has no owners is said (needs mount, fusefat)',
    async () => {
      const place = join(crossing.folder, 'stick')
      const unmount = fatVolume(place, 64 * 1024 * 1024)
      try {
        const desk = join(place, 'desk')
        await done(['desk', 'create', desk, '--side', 'low', '--name', 'Stick'], crossing.clock)
        const shown = await sallyport(['desk', 'show', '--desk', desk], crossing.clock)
        expect(shown.json['warnings']).toEqual([expect.stringContaining('has no owners')])
        const session = openSession({ clock: crossing.clock, network: openGate })
        await session.call('desk.open', { place: session.place('desk', desk), mode: 'write' })
        const prune = ['prune', '--desk', desk]
        expect((await sallyport(prune, crossing.clock)).json.failure.code).toBe('desk-busy')
        await session.close()
        const after = await sallyport(prune, crossing.clock)
        expect(after.code, after.stdout).toBe(0)
        expect(after.stderr).toContain('has no owners')
        expect(await readdir(desk)).not.toContain('desk.lock')
      } finally {
        unmount()
      }
    },
  )

  it('of many that start at once on a stale lock, the ledger stays one chain', async () => {
    await abandon()
    const path = join(crossing.folder, 'policy.yaml')
    await writeFile(path, `sallyport: policy/v1\nversion: ${++policies}\n`)
    const all = await Promise.all(
      Array.from({ length: 12 }, () =>
        sallyport(['policy', 'set', path, '--desk', crossing.low], crossing.clock),
      ),
    )
    const codes = all.map((one) => (one.json.ok ? 'done' : one.json.failure.code))
    expect(codes.filter((code) => code === 'done')).toHaveLength(1)
    expect(codes.every((code) => ['done', 'desk-busy', 'policy-version'].includes(code))).toBe(true)
    expect((await done(['ledger', 'verify', '--desk', crossing.low])).intact).toBe(true)
  })
})

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import { done, sallyport } from '../support/command-line.ts'
import { makeCrossing, type Crossing } from '../support/desks.ts'

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

  async function gone(child: ChildProcess): Promise<number> {
    const pid = child.pid ?? 0
    child.kill('SIGKILL')
    await once(child, 'exit')
    return pid
  }
  async function holder(change: object): Promise<void> {
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
    const held = { pid: process.pid, started: '1', boot, host: hostname(), since: '2026-11-22T08:00:00Z' }
    await writeFile(lock(), JSON.stringify({ ...held, ...change }))
  }

  it.skipIf(process.platform !== 'linux')(
    'a lock whose process is gone is taken over, recorded and told (Linux: needs /proc)',
    async () => {
      const pid = await gone(spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']))
      await holder({ pid })
      const ended = await write()
      expect(ended.code).toBe(0)
      expect(JSON.stringify(ended.json['recovered'])).toContain(`process ${pid}`)
      const ledger = await readFile(join(crossing.low, 'ledger.jsonl'), 'utf8')
      expect(ledger).toContain(`The lock of process ${pid}`)
      // The same number, another process: its start time tells.
      await holder({ started: '2' })
      expect((await write()).code).toBe(0)
    },
  )

  it('a lock of another host, of a process that lives, or that cannot be read is never taken over', async () => {
    const started =
      (await readFile(`/proc/${process.pid}/stat`, 'utf8').catch(() => '')).split(' ')[21] ?? '1'
    for (const change of [
      { host: 'another-host', pid: 1_000_000_000 },
      { pid: process.pid, started },
    ]) {
      await holder(change)
      const ended = await write()
      expect({ change, failure: ended.json.failure.code }).toEqual({ change, failure: 'desk-busy' })
    }
    for (const text of ['', '{}', 'x'.repeat(100)]) {
      await writeFile(lock(), text)
      expect((await write()).json.failure.code).toBe('desk-busy')
      expect(await readFile(lock(), 'utf8')).toBe(text)
    }
    await rm(lock())
    expect((await write()).code).toBe(0)
  })

  it('of many that start at once on a stale lock, the ledger stays one chain', async () => {
    const pid = await gone(spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']))
    await holder({ pid })
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

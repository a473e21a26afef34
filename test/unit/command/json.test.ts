import { readFileSync } from 'node:fs'
import { Readable, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readArguments, UsageError } from '../../../main/command/arguments.ts'
import { commands } from '../../../main/command/index.ts'
import { run } from '../../../main/command/run.ts'
import { openSession } from '../../../main/desk/session.ts'
import { systemClock } from '../../../main/platform/clock.ts'
import { openGate } from '../../../main/platform/network.ts'

const ports = { clock: systemClock(), network: openGate }

async function said(words: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const texts = ['', '']
  const sink = (place: number): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, next) {
        texts[place] = `${texts[place] ?? ''}${chunk.toString('utf8')}`
        next()
      },
    })
  const terminal = {
    input: Readable.from([]),
    output: sink(0),
    errors: sink(1),
    signal: new AbortController().signal,
  }
  const code = await run(words, ports, terminal)
  return { code, stdout: texts[0] ?? '', stderr: texts[1] ?? '' }
}

describe('--json is one object on stdout, whatever happens', () => {
  const lines: readonly (readonly [number, readonly string[]])[] = [
    [2, ['--json']],
    [2, ['no-such', '--json']],
    [2, ['desk', '--json']],
    [2, ['verify', '--json']],
    [2, ['verify', 'x', '--json']],
    [2, ['verify', 'x', '--desk', '--json']],
    [2, ['readback', 'x', 'y', '--desk', 'z', '--json']],
    [2, ['verify', 'x', '--desk', 'a', '--desk', 'b', '--json']],
    [2, ['verify', 'x', '--dsk', 'a', '--json']],
    [2, ['verify', 'x', '--desk', 'a', '--constructor', '--json']],
    [2, ['constructor', '--json']],
    [2, ['__proto__', '--json']],
    [2, ['decide', 'x', '--desk', 'a', '--accept', '--reject', '--person', 'p', '--key', 'k', '--json']],
    [2, ['decide', 'x', '--desk', 'a', '--person', 'p', '--key', 'k', '--json']],
    [2, ['export', 'x', '--desk', 'a', '--to', 'ftp:x', '--json']],
    [2, ['export', 'x', '--desk', 'a', '--to', 'dir:', '--json']],
    [1, ['desk', 'show', '--desk', '/no/such/desk', '--json']],
    [1, ['--json', 'desk', 'show', '--desk', '/no/such/desk']],
    [1, ['ledger', 'verify', '--desk', '/no/such/desk', '--json']],
  ]
  for (const [code, words] of lines) {
    it(`${words.join(' ')} → ${code}`, async () => {
      const ended = await said(words)
      expect(ended.code).toBe(code)
      expect(ended.stdout.split('\n')).toHaveLength(2)
      const value = JSON.parse(ended.stdout) as { ok: boolean; failure: Record<string, unknown> }
      expect(value.ok).toBe(false)
      expect(Object.keys(value.failure).sort()).toEqual(['code', 'facts', 'happened', 'next', 'safe'])
      expect(value.failure['code'] === 'usage').toBe(code === 2)
      for (const line of ended.stderr.split('\n').slice(0, -1))
        expect(JSON.parse(line)).toHaveProperty('event', 'job')
    })
  }

  it('every command has help, and no help runs it', async () => {
    for (const name of Object.keys(commands)) {
      const ended = await said([...name.split(' '), '--help'])
      expect({ name, code: ended.code }).toEqual({ name, code: 0 })
      expect(ended.stdout).toContain(name)
      const json = await said([...name.split(' '), '--help', '--json'])
      expect(() => JSON.parse(json.stdout) as unknown).not.toThrow()
    }
    expect((await said([])).code).toBe(2)
    expect((await said(['--help'])).code).toBe(0)
  })
})

describe('arguments', () => {
  const spec = {
    positional: ['PATH', 'MORE?'],
    options: {
      desk: { value: 'FOLDER', required: true },
      role: { value: 'ROLE', many: true },
      yes: { value: null },
    },
  }
  it('are read strictly', () => {
    const read = readArguments(spec, ['a', '--desk=x=y', '--role', 'r', '--role=s', '--yes', '--', '--b'])
    expect([read.at(0), read.at(1), read.need('desk'), read.has('yes')]).toEqual(['a', '--b', 'x=y', true])
    expect(read.all('role')).toEqual(['r', 's'])
    for (const words of [
      ['--desk', 'x'],
      ['a'],
      ['a', 'b', 'c', '--desk', 'x'],
      ['a', '--desk', 'x', '--yes=1'],
      ['a', '--desk', 'x', '--yes', '--yes'],
    ]) {
      expect(() => readArguments(spec, words)).toThrow(UsageError)
    }
  })
})

describe('the contract', () => {
  it('refuses unknown calls, fields more, places that were not given or are for something else', async () => {
    const session = openSession(ports)
    const code = async (name: string, input: unknown): Promise<string> => {
      const answer = await session.answer(name, input)
      return answer.ok ? 'ok' : (answer as { failure: { code: string } }).failure.code
    }
    expect(await code('desk.erase', {})).toBe('not-allowed')
    expect(await code('constructor', {})).toBe('not-allowed')
    expect(await code('__proto__', {})).toBe('not-allowed')
    expect(await code('desk.open', { place: 'x', mode: 'read', more: 1 })).toBe('bad-input')
    expect(await code('desk.open', { mode: 'read' })).toBe('bad-input')
    expect(await code('desk.open', null)).toBe('bad-input')
    expect(await code('desk.show', {})).toBe('no-desk')
    const key = session.place('key', '/etc/hostname')
    expect(await code('desk.open', { place: key, mode: 'read' })).toBe('place-unknown')
    expect(await code('desk.open', { place: '/etc', mode: 'read' })).toMatch(/place-unknown|bad-input/)
    await session.close()
  })

  it('the version is that of package.json wherever it is said', () => {
    const root = new URL('../../../', import.meta.url)
    const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string }
    const lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as { version: string }
    expect(lock.version).toBe(version)
  })
})

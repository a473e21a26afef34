import { execFileSync, spawn } from 'node:child_process'
import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openGate } from '../../main/platform/network.ts'
import { openSession, type Session } from '../../main/desk/session.ts'
import { Failure } from '../../main/platform/failure.ts'
import { limits } from '../../main/platform/limits.ts'
import { openPool } from '../../main/platform/workers.ts'
import type { Purpose } from '../../shared/calls/place.ts'
import type { CallInput } from '../../shared/contract.ts'
import { done, testClock } from '../support/command-line.ts'
import { Content } from '../support/images.ts'
import { makeTrustedRoot } from '../support/trusted-root.ts'
import { layDown, makeTufRepository } from '../support/tuf.ts'

/* Hosts that answer as no host should, or not at all: every act ends, and none ends as a success. */

/** A host that says these words to whoever asks; `null` to say nothing. */
class OddHost {
  host = ''
  readonly connections: Socket[] = []
  private readonly server: Server
  constructor(say: (socket: Socket) => void) {
    this.server = createServer((socket) => {
      this.connections.push(socket)
      socket.on('error', () => undefined)
      socket.once('data', () => say(socket))
    })
  }
  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`
    return this
  }
  async close(): Promise<void> {
    for (const socket of this.connections) socket.destroy()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

const switching = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: tls\r\n\r\n'
const answers: Record<string, { readonly say: (socket: Socket) => void; readonly found: RegExp }> = {
  'another protocol': { say: (socket) => void socket.write(switching), found: /^status 101/ },
  'the end of the connection': {
    say: (socket) => socket.end(),
    found: /socket hang up|ECONNRESET|no answer/,
  },
  'half an answer': {
    say: (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le'),
    found: /socket hang up|ECONNRESET|HPE|no answer/,
  },
  'no http at all': { say: (socket) => socket.end('220 ready\r\n'), found: /HPE/ },
  'answers before the answer, without end': {
    say: (socket) => {
      const more = (): boolean => socket.writable && socket.write('HTTP/1.1 100 Continue\r\n\r\n', more)
      more()
    },
    found: new RegExp(`^more than ${limits.interimAnswers} answers`),
  },
}

describe('a host that answers with', () => {
  for (const [what, { say, found }] of Object.entries(answers)) {
    it(`${what} is a failure with words`, async () => {
      const odd = await new OddHost(say).open()
      const gate = openGate({ hosts: 'any', plainHttp: [odd.host], ca: {} })
      const act = gate.request(new URL(`http://${odd.host}/v2/`), { method: 'GET' })
      const failure = await act.catch((error: unknown) => error)
      await odd.close()
      expect(failure).toBeInstanceOf(Failure)
      expect((failure as Failure).code).toBe('registry-unreachable')
      expect(String((failure as Failure).facts.found)).toMatch(found)
    })
  }
})

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

describe('a command, as a process of its own', () => {
  let folder: string
  let host: OddHost | null = null
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-ends-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  afterEach(async () => {
    await host?.close()
    host = null
  })
  const cli = join(import.meta.dirname, '..', '..', 'main', 'cli.ts')
  const program = (words: readonly string[], before?: string) => {
    const options = { env: { ...process.env, HOME: folder }, stdio: ['ignore', 'pipe', 'pipe'] as const }
    const start = before === undefined ? [] : ['--import', before]
    return spawn(process.execPath, [...start, cli, ...words], { ...options, stdio: [...options.stdio] })
  }
  const ended = (child: ReturnType<typeof program>): Promise<Ended> =>
    new Promise((resolve) => {
      let [stdout, stderr] = ['', '']
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
      child.on('close', (code) => resolve({ code, stdout, stderr }))
    })
  const evidence = (at: string): string[] => ['evidence', `${at}/team/app:1`, '--plain-http', '--json']

  it('ends as a failure where the host switches protocols', async () => {
    host = await new OddHost((socket) => void socket.write(switching)).open()
    const { code, stdout } = await ended(program(evidence(host.host)))
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, failure: { code: 'registry-unreachable' } })
  })

  describe('whose host never answers', () => {
    let asked: Promise<void>
    let silent: OddHost
    beforeEach(async () => {
      asked = new Promise((resolve) => {
        silent = new OddHost(() => resolve())
      })
      host = await silent.open()
    })
    const stopped = async (words: readonly string[], signal: NodeJS.Signals): Promise<void> => {
      const child = program(words)
      const end = ended(child)
      await asked
      child.kill(signal)
      const { code, stdout } = await end
      expect({ signal, code }).toEqual({ signal, code: 130 })
      // One object, progress is said elsewhere.
      expect(JSON.parse(stdout)).toMatchObject({ ok: false, failure: { code: 'cancelled' } })
    }

    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      it(`evidence: ends as cancelled, in words, by ${signal}`, async () => {
        await stopped(evidence(silent.host), signal)
      })
    }

    it('trust package make: ends as cancelled, and makes no file', async () => {
      const [desk, out] = [join(folder, 'low'), join(folder, 'package.json')]
      await done(['desk', 'create', desk, '--side', 'low', '--name', 'Low'])
      const root = join(folder, 'root.json')
      await writeFile(root, makeTufRepository().root(1, '2999-01-01T00:00:00Z'))
      const from = ['--from', `http://${silent.host}/`, '--root', root, '--desk', desk, '--json']
      await stopped(['trust', 'package', 'make', out, ...from], 'SIGINT')
      expect((await readdir(folder)).filter((name) => name.startsWith('package'))).toEqual([])
    })
  })

  it('says that it stopped, with exit code 1, when nothing is left to wait for', async () => {
    // A promise that never settles, wherever it comes from: here the reading of any file.
    const before = join(folder, 'never.mjs')
    await writeFile(
      before,
      `import { syncBuiltinESMExports } from 'node:module'
       import fs from 'node:fs/promises'
       const open = fs.open
       fs.open = (path, ...rest) => (String(path).endsWith('never.pub') ? new Promise(() => {}) : open(path, ...rest))
       syncBuiltinESMExports()`,
    )
    const key = join(folder, 'never.pub')
    await writeFile(key, '')
    const spoken = await ended(program(['key', 'show', key], before))
    expect(spoken.code).toBe(1)
    expect(spoken.stderr).toContain('stopped before its work was done')
    const said = await ended(program(['key', 'show', key, '--json'], before))
    expect(said.code).toBe(1)
    expect(JSON.parse(said.stdout)).toMatchObject({ ok: false, failure: { code: 'stopped' } })
  })
})

describe('a thread that waits for the system', () => {
  it('goes when its work is cancelled, and the next one does the next work', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-thread-'))
    const pool = openPool(1)
    const abort = new AbortController()
    // To open a pipe to write waits until somebody reads it.
    execFileSync('mkfifo', [join(folder, 'pipe')])
    await writeFile(join(folder, 'file'), 'x')
    const copy = (to: string, signal?: AbortSignal): Promise<unknown> => {
      const from = { path: join(folder, 'file'), position: 0, size: null }
      const orders = [{ from, to: join(folder, to), digest: null, size: 1 }]
      const cursor = new SharedArrayBuffer(4)
      return pool.run('copy-blobs', { orders, cursor, flush: false, mode: 0o600, inside: true }, { signal })
    }
    const codeOf = (act: Promise<unknown>): Promise<unknown> =>
      act.catch((error: unknown) => (error as Failure).code)
    const work = [codeOf(copy('pipe', abort.signal)), codeOf(copy('never', abort.signal)), copy('next')]
    abort.abort()
    expect(await Promise.all(work)).toEqual([
      'cancelled',
      'cancelled',
      [expect.objectContaining({ size: 1 })],
    ])
    expect(await readdir(folder)).not.toContain('never')
    // Lets the thread go that still waits.
    execFileSync('cat', [join(folder, 'pipe')])
    await pool.close()
    await rm(folder, { recursive: true })
  })
})

describe('a session that ends', () => {
  let silent: OddHost
  let asked: Promise<void>
  beforeEach(async () => {
    asked = new Promise((resolve) => {
      silent = new OddHost(() => resolve())
    })
    await silent.open()
  })
  afterEach(() => silent.close())
  const ask = () => ({ image: `${silent.host}/team/app:1`, roots: [], keys: [], plainHttp: true })
  const codeOf = (answer: Promise<{ ok: boolean } & object>): Promise<string> =>
    answer.then((one) => (one.ok ? 'done' : (one as unknown as { failure: { code: string } }).failure.code))

  it('cancels what waits for a host, and begins nothing that waited or comes after', async () => {
    const session = openSession({ clock: testClock(), network: openGate })
    const { job } = await session.call('evidence.show', ask())
    const ended = session.call('job.wait', { job })
    const second = codeOf(session.answer('evidence.show', ask()))
    await asked
    await session.close()
    const late = codeOf(session.answer('evidence.show', ask()))
    expect(await Promise.all([second, late])).toEqual(['job-running', 'cancelled'])
    expect(await ended).toMatchObject({ state: 'cancelled', failure: { code: 'cancelled' } })
    expect(silent.connections).toHaveLength(1)
  })

  it('takes only so many calls that wait for one another', async () => {
    const session = openSession({ clock: testClock(), network: openGate })
    const codes = await Promise.all(
      Array.from({ length: 300 }, () => codeOf(session.answer('ledger.verify', {}))),
    )
    await session.close()
    expect(codes).toEqual([...Array<string>(256).fill('no-desk'), ...Array<string>(44).fill('busy')])
  })
})

describe('work that is cancelled', () => {
  let folder: string
  let session: Session
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-cancel-'))
    session = openSession({ clock: testClock(), network: openGate })
  })
  afterEach(async () => {
    await session.close()
    await rm(folder, { recursive: true })
  })
  const place = (purpose: Purpose, name: string): string => session.place(purpose, join(folder, name))
  const layout = async (): Promise<CallInput<'evidence.show'>> => {
    const content = new Content()
    const root = content.image({ os: 'linux', architecture: 'amd64' }, [Buffer.from('layer')])
    await content.writeLayout(join(folder, 'images'), [{ named: root }])
    const image = { layout: place('layout', 'images'), name: '' }
    return { image, roots: [], keys: [], plainHttp: false }
  }
  const end = async (started: Promise<{ job: string }>, cancel: boolean): Promise<string> => {
    const { job } = await started
    if (cancel) await session.call('job.cancel', { job })
    const ended = await session.call('job.wait', { job })
    return ended.failure?.code ?? ended.state
  }

  it('evidence of a host that never answers: back at once, and the next call works', async () => {
    let heard = (): void => undefined
    const asked = new Promise<void>((resolve) => (heard = resolve))
    const silent = await new OddHost(() => heard()).open()
    const image = `${silent.host}/team/app:1`
    const { job } = await session.call('evidence.show', { image, roots: [], keys: [], plainHttp: true })
    await asked
    await session.call('job.cancel', { job })
    expect(await session.call('job.wait', { job })).toMatchObject({ state: 'cancelled' })
    await silent.close()
    expect(await end(session.call('evidence.show', await layout()), false)).toBe('done')
  })

  it('evidence of a layout, which asks nobody, is not looked at to its end', async () => {
    expect(await end(session.call('evidence.show', await layout()), true)).toBe('cancelled')
  })

  it('a trust package from a folder is not written', async () => {
    const repository = makeTufRepository()
    const first = repository.root(1, '2999-01-01T00:00:00Z')
    const content = makeTrustedRoot('one.test').bytes
    await layDown(join(folder, 'mirror'), {
      '1.root.json': first,
      ...repository.state(5, content, '2999-01-01T00:00:00Z'),
    })
    await writeFile(join(folder, 'root.json'), first)
    await done(['desk', 'create', join(folder, 'low'), '--side', 'low', '--name', 'Low'])
    await session.call('desk.open', { place: place('desk', 'low'), mode: 'read' })
    const input = {
      from: { folder: place('folder', 'mirror') },
      root: place('trusted-root', 'root.json'),
      to: place('package', 'package.json'),
    }
    expect(await end(session.call('package.make', input), true)).toBe('cancelled')
    expect(await readdir(folder)).not.toContain('package.json')
    expect(await end(session.call('package.make', input), false)).toBe('done')
    expect(await readdir(folder)).toContain('package.json')
  })

  it('no desk is opened beside what runs without one', async () => {
    await done(['desk', 'create', join(folder, 'high'), '--side', 'high', '--name', 'High'])
    const started = session.call('evidence.show', await layout())
    const opened = await session.answer('desk.open', { place: place('desk', 'high'), mode: 'read' })
    expect(opened).toMatchObject({ ok: false, failure: { code: 'job-running' } })
    expect(await end(started, true)).toBe('cancelled')
  })
})

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAccount, type Account } from '../../build/runtime/account.ts'
import { pack, packed } from '../../build/runtime/package.ts'
import { canRunApp } from '../support/app.ts'
import { openDisplay, type Display } from '../support/display.ts'
import { fusesOf, setFuse } from '../support/release.ts'

const inspect = 3

/** Descriptors of a process that listen for TCP. */
function listening(pid: number): string[] {
  const inodes = ['tcp', 'tcp6'].flatMap((name) =>
    readFileSync(`/proc/${pid}/net/${name}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A')
      .map((fields) => fields[9] ?? ''),
  )
  return readdirSync(`/proc/${pid}/fd`)
    .map((name) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${name}`)
      } catch {
        return ''
      }
    })
    .filter((target) => inodes.some((inode) => target === `socket:[${inode}]`))
}

const canSee = canRunApp && existsSync('/usr/bin/xwininfo')

describe.skipIf(!canSee)('the app with the fuses of a release (needs Linux, Xvfb and xwininfo)', () => {
  let folder: string
  let account: Account
  let display: Display
  const running: ChildProcess[] = []
  beforeAll(async () => {
    await pack()
    folder = join(tmpdir(), `sallyport-release-${process.pid}`)
    cpSync(packed.folder, folder, { recursive: true, verbatimSymlinks: true })
    setFuse(join(folder, packed.program), inspect, '0')
    // Code that lies beside the archive, as somebody with the folder at hand could put it there.
    mkdirSync(join(folder, 'resources', 'app'))
    writeFileSync(join(folder, 'resources', 'app', 'package.json'), '{"main":"index.js"}')
    writeFileSync(
      join(folder, 'resources', 'app', 'index.js'),
      "require('node:fs').writeFileSync(require('node:path').join(process.env.HOME, 'loose'), 'x')",
    )
    account = openAccount(folder, packed.program)
    display = await openDisplay()
  })
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL')
    await Promise.all(
      running.map(async (child) => {
        if ((child.exitCode ?? child.signalCode) === null)
          await new Promise((done) => child.once('exit', done))
      }),
    )
    await display.close()
    account.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const environment = (more: Record<string, string> = {}) => ({
    PATH: process.env['PATH'],
    ...account.environment,
    DISPLAY: display.name,
    ...more,
  })
  const titles = () =>
    spawnSync('xwininfo', ['-display', display.name, '-root', '-tree'], { encoding: 'utf8' }).stdout

  it('row 16: differs from the build of the tests in one fuse', () => {
    expect(fusesOf(join(folder, packed.program)).slice(0, 7)).toBe('0000110')
  })

  it.each([
    ['--inspect'],
    ['--inspect=0'],
    ['--inspect-brk'],
    ['--remote-debugging-port=0'],
    ['--js-flags=--allow-natives-syntax'],
  ])('row 16: does not start with %s', (word) => {
    const { status, stderr } = spawnSync(account.program, [word], { encoding: 'utf8', env: environment() })
    expect(status).toBe(2)
    expect(stderr).not.toContain('Debugger listening')
  })

  it('rows 16, 18 and 22: starts, and neither a variable, a signal nor a loose folder opens it', async () => {
    const mark = join(account.home, 'mark')
    const script = join(account.home, 'mark.cjs')
    writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(mark)}, 'x')`)
    account.own()
    const child = spawn(account.program, [], {
      env: environment({ NODE_OPTIONS: `--inspect=0 --require ${script}`, ELECTRON_RUN_AS_NODE: '1' }),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    running.push(child)
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
    await expect.poll(titles, { timeout: 30_000 }).toContain('No desk is open · Sallyport')
    const pid = child.pid ?? 0
    // Node opens its inspector on this signal where it may.
    process.kill(pid, 'SIGUSR1')
    const alive = () => {
      try {
        process.kill(pid, 0)
        return true
      } catch {
        return false
      }
    }
    await new Promise((done) => setTimeout(done, 500))
    expect(said).not.toContain('Debugger')
    expect(existsSync(mark)).toBe(false)
    expect(existsSync(join(account.home, 'loose'))).toBe(false)
    if (alive()) expect(listening(pid)).toEqual([])
  })
})

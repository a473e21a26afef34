import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** Who runs the app, and where that account's files lie. */
export interface Account {
  /** A new folder of that account; its home while the app runs. */
  readonly home: string
  /** The program to start instead of the one packed: the same, as that account. */
  readonly program: string
  readonly environment: Readonly<Record<string, string>>
  /** Gives the account everything below its home; call it after putting files there. */
  own(): void
  /** Removes the account and its files. */
  close(): void
}

function run(program: string, words: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr.trim()}`)
}

const prefix = 'sallyport-app-'
const quiet = { DBUS_SESSION_BUS_ADDRESS: 'disabled:', DBUS_SYSTEM_BUS_ADDRESS: 'disabled:' }

function homeOf(folder: string): { home: string; environment: Record<string, string> } {
  const home = join(folder, 'home')
  mkdirSync(home)
  // A variable that is not set would let the app find the files of whoever started it.
  const environment = {
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
  }
  return { home, environment: { ...environment, XDG_RUNTIME_DIR: home, TMPDIR: tmpdir(), ...quiet } }
}

// A run that was killed could not remove its user: the next one does. The name holds the number of its process.
function sweep(): void {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name = '', , , , , home = ''] = line.split(':')
    const owner = /^sallyport-(\d+)-[a-z0-9]{6}$/.exec(name)?.[1]
    if (owner === undefined || existsSync(`/proc/${owner}`)) continue
    spawnSync('userdel', ['--force', name], { stdio: 'ignore' })
    const folder = dirname(home)
    if (basename(folder).startsWith(prefix)) rmSync(folder, { recursive: true, force: true })
  }
}

/** Chromium does not run as root with its sandbox on: root gets a throw-away user and a copy that it can read. */
function throwAwayUser(folder: string, packed: string, program: string): Account {
  sweep()
  const name = `sallyport-${process.pid}-${folder
    .slice(-6)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '0')}`
  const { home, environment } = homeOf(folder)
  run('useradd', ['--no-create-home', '--home-dir', home, '--shell', '/usr/sbin/nologin', name])
  const copy = join(folder, 'app')
  cpSync(packed, copy, { recursive: true, verbatimSymlinks: true })
  run('chmod', ['-R', 'a+rX', copy])
  chmodSync(folder, 0o755)
  const starter = join(folder, 'start')
  const change = `setpriv --reuid=${name} --regid=${name} --clear-groups --`
  writeFileSync(starter, `#!/bin/sh\nexec ${change} '${join(copy, program)}' "$@"\n`, { mode: 0o755 })
  chmodSync(starter, 0o755)
  const own = (): void => run('chown', ['-R', `${name}:${name}`, home])
  own()
  return {
    home,
    program: starter,
    environment,
    own,
    close() {
      // What the user still runs would keep the account from being removed.
      spawnSync('userdel', ['--force', name], { stdio: 'ignore' })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * An ordinary account to run the packed app as: the current one with a home of its own, or for root a throw-away user.
 *
 * @param packed the folder of the packed app
 * @param program what starts it, in that folder
 * @throws Error when root cannot make a user here
 */
export function openAccount(packed: string, program: string): Account {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  if (!statSync(packed).isDirectory()) throw new Error(`Not packed yet: ${packed}`)
  if (process.getuid?.() === 0) return throwAwayUser(folder, packed, program)
  const { home, environment } = homeOf(folder)
  return {
    home,
    program: join(packed, program),
    environment,
    own: () => undefined,
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

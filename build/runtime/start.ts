import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, existsSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { openAccount, type Account } from './account.ts'
import { pack, packed } from './package.ts'

/*
 * `npm start [-- FOLDER]`: the packed app on the runtime found, with the desk in FOLDER. Chromium's sandbox does not
 * work for root: root starts it as a throw-away user, on a copy of the desk.
 */

function follow(child: ChildProcess): Promise<number> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('exit', (code, signal) => done(code ?? (signal === null ? 1 : 130)))
  })
}

/** A copy of the desk that the throw-away user may write; gone with it. */
function copyDesk(account: Account, desk: string): string {
  const copy = join(account.home, basename(desk))
  cpSync(desk, copy, { recursive: true })
  account.own()
  console.log(`The desk is opened as a copy: what is done in this window is not kept.`)
  return copy
}

async function startAsRoot(desk: string | null): Promise<number> {
  console.log('Root cannot run Chromium with its sandbox on: starting as a throw-away user.')
  const account = openAccount(packed.folder, packed.program)
  try {
    const words = desk === null ? [] : [copyDesk(account, desk)]
    const display = {
      DISPLAY: process.env['DISPLAY'] ?? '',
      WAYLAND_DISPLAY: process.env['WAYLAND_DISPLAY'] ?? '',
    }
    return await follow(
      spawn(account.program, words, {
        cwd: account.home,
        stdio: 'inherit',
        env: { PATH: process.env['PATH'], LANG: process.env['LANG'], ...account.environment, ...display },
      }),
    )
  } finally {
    account.close()
  }
}

const named = process.argv[2]
const desk = named === undefined ? null : resolve(named)
if (desk !== null && !(existsSync(desk) && statSync(desk).isDirectory())) {
  console.error(`There is no folder ${desk}.`)
  process.exitCode = 2
} else if (
  process.platform === 'linux' &&
  [process.env['DISPLAY'], process.env['WAYLAND_DISPLAY']].every((one) => (one ?? '') === '')
) {
  console.error('There is no screen here: neither DISPLAY nor WAYLAND_DISPLAY is set.')
  process.exitCode = 1
} else {
  await pack()
  process.exitCode =
    process.getuid?.() === 0
      ? await startAsRoot(desk)
      : await follow(
          spawn(join(packed.folder, packed.program), desk === null ? [] : [desk], { stdio: 'inherit' }),
        )
}

import { spawn, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { gzipSync } from 'node:zlib'
import { openAccount, type Account } from '../../build/runtime/account.ts'
import { pack, packed } from '../../build/runtime/package.ts'
import { findRuntime } from '../../build/runtime/runtime.ts'
import { openDisplay } from '../support/display.ts'
import { line, median } from './measure.ts'

const rounds = 9

/** The least that Electron can show: one window with one heading. */
const emptyMain = `
const { app, BrowserWindow } = require('electron')
app.enableSandbox()
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 800, show: false })
  window.once('ready-to-show', () => window.show())
  window.loadFile('index.html')
})
`

/** The runtime with nothing but that app in it. */
function emptyApp(runtime: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-empty-'))
  cpSync(runtime, folder, { recursive: true, verbatimSymlinks: true })
  const app = join(folder, 'resources', 'app')
  mkdirSync(app, { recursive: true })
  writeFileSync(join(app, 'package.json'), '{"name":"empty","main":"main.cjs"}')
  writeFileSync(join(app, 'main.cjs'), emptyMain)
  writeFileSync(join(app, 'index.html'), '<!doctype html><title>Empty is here</title><h1>Empty</h1>')
  return folder
}

/** Seconds from the start of a process until a window with this title is on the screen; nothing looks into the process. */
async function untilShown(account: Account, display: string, title: string): Promise<number> {
  const start = performance.now()
  const child = spawn(account.program, [], {
    cwd: account.home,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], ...account.environment, DISPLAY: display },
  })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const shown = (): boolean => {
    const tree = spawnSync('xwininfo', ['-display', display, '-root', '-tree'], { encoding: 'utf8' }).stdout
    const id = tree
      .split('\n')
      .find((one) => one.includes(title))
      ?.trim()
      .split(' ')[0]
    if (id === undefined) return false
    return spawnSync('xwininfo', ['-display', display, '-id', id], { encoding: 'utf8' }).stdout.includes(
      'IsViewable',
    )
  }
  while (!shown()) {
    if (performance.now() - start > 60_000) throw new Error(`no window “${title}”`)
    await new Promise((next) => setTimeout(next, 5))
  }
  const seconds = (performance.now() - start) / 1000
  child.kill()
  await ended
  return seconds
}

/** From process start to usable window, against an empty Electron window on the same runtime, in turn. */
export async function startBench(): Promise<void> {
  if (!existsSync('/usr/bin/xwininfo') || !existsSync('/usr/bin/Xvfb')) {
    line('start of the app', 'not measured: xwininfo (x11-utils) or Xvfb is not installed')
    return
  }
  await pack()
  const runtime = await findRuntime()
  const empty = emptyApp(runtime.folder)
  const [ours, theirs] = [openAccount(packed.folder, packed.program), openAccount(empty, 'electron')]
  const display = await openDisplay()
  try {
    const times = { ours: [] as number[], theirs: [] as number[], ratio: [] as number[] }
    for (let round = 0; round <= rounds; round++) {
      const bare = await untilShown(theirs, display.name, 'Empty is here')
      const app = await untilShown(ours, display.name, 'No desk is open · Sallyport')
      // The first pair only fills the caches.
      if (round === 0) continue
      times.theirs.push(bare)
      times.ours.push(app)
      times.ratio.push(app / bare)
    }
    const seconds = `${median(times.ours).toFixed(2)} s, ${median(times.theirs).toFixed(2)} s`
    line(
      'start to usable window',
      `${median(times.ratio).toFixed(2)} × an empty Electron window (${seconds}, ${rounds} pairs)`,
    )
  } finally {
    await display.close()
    ours.close()
    theirs.close()
    rmSync(empty, { recursive: true, force: true })
  }
}

/** Size of what the page loads. */
export function bundleBench(): void {
  const folder = join('out', 'renderer')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  )
  for (const ends of ['.js', '.css', '.html']) {
    const found = files.filter((name) => name.endsWith(ends)).map((name) => readFileSync(join(folder, name)))
    const bytes = found.reduce((sum, one) => sum + one.length, 0)
    const packedBytes = found.reduce((sum, one) => sum + gzipSync(one).length, 0)
    line(
      `the page’s ${ends}`,
      `${found.length} files, ${(bytes / 1000).toFixed(0)} kB (${(packedBytes / 1000).toFixed(0)} kB by gzip)`,
    )
  }
}

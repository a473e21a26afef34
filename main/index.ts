import inspector from 'node:inspector'
import { join } from 'node:path'
import { app, session as sessions, type BrowserWindow } from 'electron'
import { shellWords } from '../shared/text/shell.ts'
import { readStart } from './shell/arguments.ts'
import { connect } from './shell/bridge.ts'
import { driverIsReady } from './shell/driver.ts'
import { installMenu, lockProcess, lockSession } from './shell/install.ts'
import { windowPartition } from './shell/lockdown.ts'
import { servePages } from './shell/scheme.ts'
import { bringForward, loadStart, makeWindow, sayFailure } from './shell/window.ts'

async function start(desk: string | null, driven: boolean): Promise<void> {
  lockProcess()
  const held = driven ? driverIsReady() : undefined
  let window: BrowserWindow | null = null
  app.on('second-instance', () => {
    if (window !== null) bringForward(window)
  })
  await Promise.all([app.whenReady(), held])
  installMenu()
  const pages = sessions.fromPartition(windowPartition)
  lockSession(sessions.defaultSession)
  lockSession(pages)
  const made = makeWindow(join(app.getAppPath(), 'out/preload/preload.cjs'), driven)
  window = made
  // The engine is read while the page's process starts: what the page asks first waits for it.
  const engine = import('./shell/engine.ts').then(({ startEngine }) => startEngine(made, desk))
  const session = engine.then((one) => one.session)
  servePages(pages, join(app.getAppPath(), 'out/renderer'), session)
  connect(made, session)
  const [{ failure }] = await Promise.all([engine, loadStart(made)])
  if (failure !== null) await sayFailure(made, shellWords.deskNotOpened, failure)
}

process.umask(0o077)
// Only a build whose fuse allows it can be inspected: no switch, variable or file opens the app to a driver.
const driven = inspector.url() !== undefined
const { desk, refused } = readStart(process.argv.slice(1), driven)
if (refused !== null) {
  process.stderr.write(`${shellWords.refusedSwitch.replace('{found}', refused)}\n`)
  app.exit(2)
} else if (!app.requestSingleInstanceLock()) {
  process.stderr.write(`${shellWords.alreadyRunning}\n`)
  app.exit(0)
} else {
  start(desk, driven).catch((error: unknown) => {
    process.stderr.write(`Sallyport stopped: ${error instanceof Error ? error.message : 'unknown'}\n`)
    app.exit(1)
  })
}

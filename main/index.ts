import inspector from 'node:inspector'
import { join, resolve } from 'node:path'
import { app, session as sessions, type BrowserWindow } from 'electron'
import type { FailureView } from '../shared/failure.ts'
import { shellWords } from '../shared/text/shell.ts'
import { openSession, type Session } from './desk/session.ts'
import { systemClock } from './platform/clock.ts'
import { openGate } from './platform/network.ts'
import { readStart } from './shell/arguments.ts'
import { connect } from './shell/bridge.ts'
import { closeWithCare } from './shell/closing.ts'
import { choosing } from './shell/dialogs.ts'
import { installMenu, lockProcess, lockSession } from './shell/install.ts'
import { windowPartition } from './shell/lockdown.ts'
import { printPdf } from './shell/print.ts'
import { keptSettings } from './shell/settings.ts'
import { servePages } from './shell/scheme.ts'
import { bringForward, loadStart, makeWindow, sayFailure } from './shell/window.ts'

/** Opens the desk that the start named. Gives why not, for the window to say once it is there. */
async function openNamed(session: Session, folder: string | null): Promise<FailureView | null> {
  if (folder === null) return null
  const place = session.place('desk', resolve(folder))
  const answer = await session.answer('desk.open', { place, mode: 'write' })
  return answer.ok ? null : answer.failure
}

async function start(desk: string | null, driven: boolean): Promise<void> {
  lockProcess()
  let window: BrowserWindow | null = null
  app.on('second-instance', () => {
    if (window !== null) bringForward(window)
  })
  await app.whenReady()
  installMenu()
  const session = openSession({
    clock: systemClock(),
    network: openGate,
    choose: choosing(() => window),
    print: printPdf,
    settings: keptSettings(app.getPath('userData')),
  })
  const failure = await openNamed(session, desk)
  const pages = sessions.fromPartition(windowPartition)
  lockSession(sessions.defaultSession)
  lockSession(pages)
  servePages(pages, join(app.getAppPath(), 'out/renderer'), session)
  window = makeWindow(join(app.getAppPath(), 'out/preload/preload.cjs'), driven)
  connect(window, session)
  closeWithCare(window, session)
  await loadStart(window)
  if (failure !== null) await sayFailure(window, shellWords.deskNotOpened, failure)
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

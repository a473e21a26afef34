import { resolve } from 'node:path'
import { app, powerSaveBlocker, type BrowserWindow } from 'electron'
import type { FailureView } from '../../shared/failure.ts'
import { accountPorts } from '../desk/work/account-ports.ts'
import { drivesHere } from '../desk/work/drive-port.ts'
import { openSession, readActs, type Session } from '../desk/session.ts'
import { systemClock } from '../platform/clock.ts'
import { openGate } from '../platform/network.ts'
import { closeWithCare } from './closing.ts'
import { choosing } from './dialogs.ts'
import { printing, printPdf } from './print.ts'
import { keptSettings } from './settings.ts'
import { keepTitle } from './title.ts'

export interface Engine {
  readonly session: Session
  /** Why the desk that the start named is not open, for the window to say. */
  readonly failure: FailureView | null
}

/** Keeps the computer awake, its screen may go dark. Gives how to let it sleep again. */
function stayAwake(): () => void {
  const id = powerSaveBlocker.start('prevent-app-suspension')
  return () => void powerSaveBlocker.stop(id)
}

/** Milliseconds after which a window that was shown has drawn its first page. */
const idle = 500

/** Opens the desk that the start named. Gives why not, for the window to say once it is there. */
async function openNamed(session: Session, folder: string | null): Promise<FailureView | null> {
  if (folder === null) return null
  const place = session.place('desk', resolve(folder))
  const answer = await session.answer('desk.open', { place, mode: 'write' })
  return answer.ok ? null : answer.failure
}

/** The engine behind the window: a session, and the desk that the start named. */
export async function startEngine(window: BrowserWindow, desk: string | null): Promise<Engine> {
  const session = openSession({
    clock: systemClock(),
    network: openGate,
    face: 'window',
    connectsOnlyWithDesk: true,
    ...accountPorts(),
    choose: choosing(() => window),
    drives: drivesHere,
    stayAwake,
    print: printPdf,
    printOut: printing(),
    settings: keptSettings(app.getPath('userData')),
  })
  closeWithCare(window, session)
  keepTitle(window, session)
  // Whoever opens a desk waits for less; nobody sees it who reads the first page meanwhile.
  window.once('show', () => setTimeout(() => void readActs(), idle).unref())
  return { session, failure: await openNamed(session, desk) }
}

import { app, dialog, type BrowserWindow } from 'electron'
import { shellWords } from '../../shared/text/shell.ts'
import type { Session } from '../desk/session.ts'

/** What is under way, in words; `null` when nothing is. */
async function workUnderWay(session: Session): Promise<string | null> {
  const { jobs } = await session.call('job.list', {})
  for (const { state, kind } of jobs) {
    // A look ahead is nothing that anybody waits for.
    if (state === 'running' && kind !== 'preview') return shellWords.jobs[kind]
  }
  return null
}

async function mayClose(window: BrowserWindow, session: Session): Promise<boolean> {
  const work = await workUnderWay(session)
  if (work === null) return true
  const words = shellWords.closing
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: words.happened.replace('{work}', work),
    detail: words.safe,
    buttons: [words.stay, words.leave],
    defaultId: 0,
    cancelId: 0,
  })
  return response === 1
}

/** Closing the window asks while work is under way, then stops it, frees the desk's lock and ends the app. */
export function closeWithCare(window: BrowserWindow, session: Session): void {
  let asking = false
  const leave = async (): Promise<void> => {
    await session.close().catch(() => undefined)
    if (!window.isDestroyed()) window.destroy()
    app.quit()
  }
  const close = async (): Promise<void> => {
    if (await mayClose(window, session)) await leave()
  }
  // The system asks nobody, and waits only so long.
  process.on('SIGTERM', () => void leave())
  window.on('close', (event) => {
    event.preventDefault()
    if (asking) return
    asking = true
    void close().finally(() => (asking = false))
  })
}

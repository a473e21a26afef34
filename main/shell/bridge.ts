import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron'
import type { Answer, Session } from '../desk/session.ts'
import { callChannel, dropChannel, eventChannel } from './channels.ts'
import { isOurs, type Caller } from './lockdown.ts'

/** Where a call comes from; `null` when that frame is gone already. */
export function callerOf(event: IpcMainInvokeEvent, window: BrowserWindow): Caller | null {
  const frame = event.senderFrame
  if (frame === null || window.isDestroyed()) return null
  const ours = window.webContents
  return {
    url: frame.url,
    origin: frame.origin,
    top: frame.parent === null,
    window: event.sender.id === ours.id && frame.routingId === ours.mainFrame.routingId,
  }
}

async function refuse(found: string): Promise<Answer> {
  const { Failure } = await import('../platform/failure.ts')
  return { ok: false, failure: new Failure('not-allowed', { found }).view('window') }
}

/**
 * Joins the window to the session: calls come in, events go out. Who calls is decided before what is called, and before
 * the session is there.
 */
export function connect(window: BrowserWindow, coming: Promise<Session>): void {
  ipcMain.handle(callChannel, async (event, name: unknown, input: unknown) => {
    if (!isOurs(callerOf(event, window))) return refuse('a call from outside the window')
    if (typeof name !== 'string') return refuse('a call without a name')
    return (await coming).answer(name, input)
  })
  ipcMain.handle(dropChannel, async (event, paths: unknown) => {
    if (isOurs(callerOf(event, window))) await (await coming).dropped(paths)
  })
  let stop = (): void => undefined
  const listen = (session: Session): void => {
    if (window.isDestroyed()) return
    stop = session.on((...told) => {
      if (!window.isDestroyed()) window.webContents.send(eventChannel, ...told)
    })
  }
  // Whoever makes the session says why it did not come.
  coming.then(listen, () => undefined)
  window.on('closed', () => {
    stop()
    ipcMain.removeHandler(callChannel)
    ipcMain.removeHandler(dropChannel)
  })
}

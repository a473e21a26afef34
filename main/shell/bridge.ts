import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron'
import type { Answer, Session } from '../desk/session.ts'
import { Failure } from '../platform/failure.ts'
import { callChannel, eventChannel } from './channels.ts'
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

const refuse = (found: string): Answer => ({
  ok: false,
  failure: new Failure('not-allowed', { found }).view(),
})

/** Joins the window to the session: calls come in, events go out. Who calls is decided before what is called. */
export function connect(window: BrowserWindow, session: Session): void {
  ipcMain.handle(callChannel, (event, name: unknown, input: unknown) => {
    if (!isOurs(callerOf(event, window))) return refuse('a call from outside the window')
    if (typeof name !== 'string') return refuse('a call without a name')
    return session.answer(name, input)
  })
  const stop = session.on((event, value) => {
    if (!window.isDestroyed()) window.webContents.send(eventChannel, event, value)
  })
  window.on('closed', () => {
    stop()
    ipcMain.removeHandler(callChannel)
  })
}

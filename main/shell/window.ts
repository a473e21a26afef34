import { BrowserWindow, dialog } from 'electron'
import type { FailureView } from '../../shared/failure.ts'
import { shellWords } from '../../shared/text/shell.ts'
import { mayNavigate, startPage, windowOptions } from './lockdown.ts'
import { hearPrintKey } from './print-key.ts'

/** Makes the one window, not loaded yet. */
export function makeWindow(preload: string, driven: boolean): BrowserWindow {
  const window = new BrowserWindow(windowOptions(preload, driven))
  window.once('ready-to-show', () => window.show())
  hearPrintKey(window)
  window.webContents.on('render-process-gone', () => void offerReload(window))
  // Chromium asks nobody before it goes to about:blank, where the bridge answers nothing: come back at once.
  window.webContents.on('did-navigate', (_event, url) => {
    if (!mayNavigate(url)) void loadStart(window)
  })
  return window
}

/** Loads the first page; the work of main does not depend on it. */
export async function loadStart(window: BrowserWindow): Promise<void> {
  await window.loadURL(startPage)
}

async function offerReload(window: BrowserWindow): Promise<void> {
  const words = shellWords.pageEnded
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message: words.happened,
    detail: `${words.safe} ${words.next}`,
    buttons: [words.again, words.close],
    defaultId: 0,
    cancelId: 1,
  })
  if (window.isDestroyed()) return
  if (response === 0) await loadStart(window)
  else window.close()
}

/** Brings the window to the front, as a second start does. */
export function bringForward(window: BrowserWindow): void {
  if (window.isDestroyed()) return
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** A failure that happened before a page could show it, in the form that every failure has. */
export async function sayFailure(
  window: BrowserWindow,
  message: string,
  failure: FailureView,
): Promise<void> {
  const { code, happened, safe, next } = failure
  await dialog.showMessageBox(window, {
    type: 'error',
    message,
    detail: `${happened} ${safe} ${next} (${code})`,
    buttons: [shellWords.proceed],
  })
}

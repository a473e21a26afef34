import type { BrowserWindow, Input } from 'electron'
import type { Told } from '../../shared/contract.ts'
import { eventChannel } from './channels.ts'

/** Whether a key asks for printing: Ctrl+P, on a Mac Cmd+P, and nothing else held. */
export function isPrintKey(input: Input, platform: NodeJS.Platform): boolean {
  const [wanted, other] = platform === 'darwin' ? [input.meta, input.control] : [input.control, input.meta]
  const alone = wanted && !other && !input.alt && !input.shift
  return input.type === 'keyDown' && alone && !input.isAutoRepeat && input.key.toLowerCase() === 'p'
}

/**
 * Tells the page when its person asks by keyboard for what is shown to be printed. Heard here and not in the page: a
 * report has the focus in a frame of its own, which runs nothing and tells its page nothing.
 */
export function hearPrintKey(window: BrowserWindow): void {
  const told: Told = ['print', {}]
  window.webContents.on('before-input-event', (event, input) => {
    if (!isPrintKey(input, process.platform)) return
    event.preventDefault()
    window.webContents.send(eventChannel, ...told)
  })
}

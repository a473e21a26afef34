import { contextBridge, ipcRenderer } from 'electron'
import type { Bridge } from '../shared/bridge.ts'
import { callChannel, eventChannel } from './shell/channels.ts'

// The page gets two functions and no event object: nothing else of Electron is within its reach.
const bridge: Bridge = {
  call: (name, input) => ipcRenderer.invoke(callChannel, name, input),
  on: (listener) => {
    const hear = (_event: unknown, ...told: Parameters<typeof listener>): void => listener(...told)
    ipcRenderer.on(eventChannel, hear)
    return () => void ipcRenderer.removeListener(eventChannel, hear)
  },
}
contextBridge.exposeInMainWorld('bridge', bridge)

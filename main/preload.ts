import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Bridge } from '../shared/bridge.ts'
import { callChannel, dropChannel, eventChannel } from './shell/channels.ts'

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

type Dropped = Parameters<typeof webUtils.getPathForFile>[0]
interface Drop {
  readonly isTrusted: boolean
  readonly dataTransfer: { readonly files: ArrayLike<Dropped> } | null
}

function pathOf(file: Dropped): string {
  // Older Electrons have the path at the file itself.
  const utils = webUtils as typeof webUtils | undefined
  return utils === undefined ? String(Reflect.get(file, 'path') ?? '') : utils.getPathForFile(file)
}

// What a person drops where the page takes it is heard here, in a world of its own: its path goes to main, and the page is
// told a place. A drop that a script made up is none.
const world = globalThis as unknown as { addEventListener(name: 'drop', hear: (event: Drop) => void): void }
world.addEventListener('drop', ({ isTrusted, dataTransfer }) => {
  if (isTrusted) void ipcRenderer.invoke(dropChannel, Array.from(dataTransfer?.files ?? [], pathOf))
})

import { createConnection, createServer, type Server } from 'node:net'

/*
 * Sockets of this computer, by the name of a file: they live as long as the process that holds them, whatever number it
 * has and wherever it runs. Nothing here reaches a network.
 */

/** A socket that this process holds. */
export interface LocalSocket {
  /** Frees its name and then itself. Whatever has the name goes with it: only for whoever knows that it is this one. */
  close(): Promise<void>
}

/** Names of sockets are short on every system; a longer one is bound from inside its folder. */
const longest = 100
/** Milliseconds that a living holder has to answer. */
const patience = 1000
const answerBytes = 4096

function near<Result>(folder: string, name: string, act: (path: string) => Result): Result {
  const path = `${folder}/${name}`
  if (Buffer.byteLength(path) <= longest) return act(path)
  const back = process.cwd()
  process.chdir(folder)
  try {
    // Node hands the name to the system before it returns.
    return act(`./${name}`)
  } finally {
    process.chdir(back)
  }
}

const addressOf = (folder: string, name: string, act: (path: string) => void): void => {
  if (process.platform === 'win32') act(`\\\\.\\pipe\\${name}`)
  else near(folder, name, act)
}

/**
 * Binds a socket that tells whoever asks who holds it.
 *
 * @throws NodeJS.ErrnoException `EADDRINUSE` where something has that name; others where no socket can be
 */
export function holdSocket(folder: string, name: string, answer: string): Promise<LocalSocket> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.end(answer)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.unref()
      resolve({
        close: () => new Promise((done) => addressOf(folder, name, () => void server.close(() => done()))),
      })
    })
    addressOf(folder, name, (path) => server.listen(path))
  })
}

/** What is behind the name of a socket: nothing, nobody any more, or somebody who says this (`null`: nothing in time). */
export type Behind =
  { readonly kind: 'none' | 'gone' } | { readonly kind: 'alive'; readonly says: string | null }

/** Asks who holds a socket. Never throws: what cannot be told is somebody. */
export function askSocket(folder: string, name: string): Promise<Behind> {
  return new Promise((resolve) => {
    let says = ''
    addressOf(folder, name, (path) => {
      const socket = createConnection(path)
      const end = (behind: Behind): void => {
        socket.destroy()
        resolve(behind)
      }
      socket.setTimeout(patience, () => end({ kind: 'alive', says: null }))
      socket.on('data', (piece: Buffer) => {
        says += piece.toString('utf8')
        if (says.length > answerBytes) end({ kind: 'alive', says: null })
      })
      socket.on('end', () => end({ kind: 'alive', says }))
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') end({ kind: 'none' })
        else end(error.code === 'ECONNREFUSED' ? { kind: 'gone' } : { kind: 'alive', says: null })
      })
    })
  })
}

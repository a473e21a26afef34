import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A page that answers a browser once it came back. Plain text: nothing of the address is shown. */
const page = 'You are signed in. You can close this page and go back to Sallyport.\n'

/** A listener on this computer for the one answer that a browser is sent back with. */
export interface Listener {
  /** The address to be sent back to. */
  readonly address: URL
  /** What the browser brought. */
  readonly answer: Promise<URLSearchParams>
  close(): Promise<void>
}

/** The query of a request for exactly this path; whatever else a request may ask for (`//[`, a whole address) is none. */
function queryFor(path: string, target: string): URLSearchParams | null {
  const mark = target.indexOf('?')
  if ((mark < 0 ? target : target.slice(0, mark)) !== path) return null
  return new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1))
}

/**
 * Listens on a free port of the loopback address, for the first GET of one path with a query that is meant for us.
 * Everything else is 404, and changes nothing: whoever may send requests to this computer may send any.
 */
export async function listenFor(
  path: string,
  isMeant: (query: URLSearchParams) => boolean,
): Promise<Listener> {
  let heard: (answer: URLSearchParams) => void = () => undefined
  const answer = new Promise<URLSearchParams>((resolve) => {
    heard = resolve
  })
  const server = createServer({ maxHeaderSize: 16 * 1024 }, (request, response) => {
    const query = request.method === 'GET' ? queryFor(path, request.url ?? '') : null
    const ours = query !== null && isMeant(query)
    response.writeHead(ours ? 200 : 404, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      connection: 'close',
    })
    response.end(ours ? page : '')
    if (ours) heard(query)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  // What goes wrong with one connection ends that connection.
  server.on('error', () => undefined)
  const { port } = server.address() as AddressInfo
  return {
    address: new URL(path, `http://127.0.0.1:${port}`),
    answer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

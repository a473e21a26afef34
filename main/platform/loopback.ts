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

/** Listens on a free port of the loopback address, for GET of one path; everything else is 404. */
export async function listenOnce(path: string): Promise<Listener> {
  let heard: (answer: URLSearchParams) => void = () => undefined
  const answer = new Promise<URLSearchParams>((resolve) => {
    heard = resolve
  })
  const server = createServer({ maxHeaderSize: 16 * 1024 }, (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const ours = request.method === 'GET' && url.pathname === path
    response.writeHead(ours ? 200 : 404, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      connection: 'close',
    })
    response.end(ours ? page : '')
    if (ours) heard(url.searchParams)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
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

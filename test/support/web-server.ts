import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Answers a request instead of the file; `true` when it has. */
type Fault = (request: IncomingMessage, response: ServerResponse) => boolean

/** Files of the web on this computer, which can be made to misbehave. Knows ranges, and says a strong ETag. */
export class WebServer {
  readonly files = new Map<string, Buffer>()
  readonly heard: { readonly path: string; readonly range: string | undefined; readonly secret: boolean }[] =
    []
  fault: Fault | null = null
  host = ''
  private readonly server: Server = createServer((request, response) => this.answer(request, response))

  async start(): Promise<this> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done))
    this.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`
    return this
  }

  put(path: string, content: Buffer | string): string {
    this.files.set(path, Buffer.from(content))
    return `http://${this.host}${path}`
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').replace(/\?.*$/, '')
    const { range, authorization } = request.headers
    this.heard.push({ path, range, secret: authorization !== undefined })
    if (this.fault?.(request, response) === true) return
    const content = this.files.get(decodeURIComponent(path))
    if (content === undefined) {
      response.writeHead(404).end('nothing')
      return
    }
    const etag = `"${content.length}"`
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? Number.NaN)
    if (Number.isNaN(from) || request.headers['if-range'] !== etag) {
      response.writeHead(200, { 'content-length': content.length, etag }).end(content)
      return
    }
    const rest = content.subarray(from)
    const headers = { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}`, etag }
    response.writeHead(206, { ...headers, 'content-length': rest.length }).end(rest)
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((done) => this.server.close(done))
  }
}

/** Sends half of a file and breaks off, so many times. */
export function stopsHalfway(content: Buffer, times: number): Fault {
  let left = times
  return (_request, response) => {
    if (left === 0) return false
    left -= 1
    response.writeHead(200, { 'content-length': content.length, etag: `"${content.length}"` })
    response.write(content.subarray(0, Math.floor(content.length / 2)), () => response.destroy())
    return true
  }
}

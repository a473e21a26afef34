import {
  createServer,
  request as ask,
  type ClientRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

/** What is done to an answer on its way. */
export type Fault =
  /** Only so many bytes come, then the connection is cut. */
  | { readonly kind: 'stop'; readonly after: number }
  /** So many bytes come, and then nothing, or what is left in small pieces. */
  | { readonly kind: 'slow'; readonly piece: number }
  /** As long as it should be, but a byte in the middle is another. */
  | { readonly kind: 'lie' }
  /** An answer of the proxy’s own. */
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Cut before any answer. */
  | { readonly kind: 'reset' }
  /** Passed on, and cut in the place of the answer. */
  | { readonly kind: 'mute' }
  /** Only so many bytes of what is sent are passed on, then both sides are cut. */
  | { readonly kind: 'cut'; readonly after: number }
  /** What is sent is passed on in small pieces. */
  | { readonly kind: 'drag'; readonly piece: number }
  /** Passed on, and answered with other headers besides. */
  | { readonly kind: 'headers'; readonly headers: Readonly<Record<string, string>> }

/** Which fault a request meets; `count` is how often this path was asked for, with this one. `null`: none. */
export type Faults = (path: string, count: number, request: IncomingMessage) => Fault | null

/** A reverse proxy in front of a real registry that makes answers fail. */
export class FaultyProxy {
  readonly heard: { readonly method: string; readonly path: string; readonly range: string | undefined }[] =
    []
  faults: Faults = () => null
  host = ''
  private readonly counts = new Map<string, number>()
  private readonly server: Server
  private readonly target: string

  /** @param target `host:port` of the registry */
  constructor(target: string) {
    this.target = target
    this.server = createServer((request, response) => this.handle(request, response))
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`
    return this
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '/'
    const count = (this.counts.get(path) ?? 0) + 1
    this.counts.set(path, count)
    this.heard.push({ method: request.method ?? '', path, range: request.headers.range })
    const fault = this.faults(path, count, request)
    if (fault?.kind === 'reset') request.socket.resetAndDestroy()
    else if (fault?.kind === 'answer') {
      // What is sent is read first, as gates before a registry do.
      request.on('end', () => response.writeHead(fault.status, fault.headers).end()).resume()
    } else this.forward(request, response, fault)
  }

  private forward(request: IncomingMessage, response: ServerResponse, fault: Fault | null): void {
    const [host = '', port = ''] = this.target.split(':')
    // What was redirected to is where it always was.
    const path = (request.url ?? '/').replace(/^\/moved/, '')
    const { method, headers } = request
    const forwarded = ask(
      { host, port, path, method, headers: { ...headers, host: this.host } },
      (answer) => {
        if (fault?.kind === 'mute') {
          answer.resume()
          request.socket.resetAndDestroy()
          return
        }
        const more = fault?.kind === 'headers' ? fault.headers : {}
        response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...more })
        this.spoil(answer, response, fault).catch(() => response.destroy())
      },
    )
    forwarded.on('error', () => response.destroy())
    response.on('close', () => forwarded.destroy())
    if (fault?.kind === 'cut' || fault?.kind === 'drag')
      pass(request, forwarded, fault).catch(() => request.socket.destroy())
    else request.pipe(forwarded)
  }

  private async spoil(answer: IncomingMessage, response: ServerResponse, fault: Fault | null): Promise<void> {
    const write = (bytes: Buffer): Promise<void> =>
      new Promise((resolve, reject) => {
        response.write(bytes, (error) => (error ? reject(error) : resolve()))
      })
    let passed = 0
    for await (const piece of answer) {
      let bytes = Buffer.from(piece as Buffer)
      if (fault?.kind === 'stop' && passed + bytes.length >= fault.after) {
        await write(bytes.subarray(0, fault.after - passed))
        response.destroy()
        return
      }
      if (fault?.kind === 'lie' && passed === 0)
        bytes = Buffer.concat([Buffer.of((bytes[0] ?? 0) ^ 1), bytes.subarray(1)])
      passed += bytes.length
      const step = fault?.kind === 'slow' ? fault.piece : bytes.length
      for (let at = 0; at < bytes.length; at += step) {
        await write(bytes.subarray(at, at + step))
        if (fault?.kind === 'slow') await new Promise((next) => setImmediate(next))
      }
    }
    response.end()
  }
}

/** Passes on what is sent, as slowly or as far as the fault says. */
async function pass(
  request: IncomingMessage,
  forwarded: ClientRequest,
  fault: Extract<Fault, { kind: 'cut' | 'drag' }>,
): Promise<void> {
  let passed = 0
  for await (const bytes of request as AsyncIterable<Buffer>) {
    const most = fault.kind === 'cut' ? fault.after - passed : bytes.length
    const step = fault.kind === 'drag' ? fault.piece : most
    for (let at = 0; at < Math.min(most, bytes.length); at += step) {
      const piece = bytes.subarray(at, Math.min(at + step, most))
      await new Promise<void>((resolve, reject) => {
        forwarded.write(piece, (error) => (error ? reject(error) : resolve()))
      })
    }
    passed += Math.min(most, bytes.length)
    if (fault.kind === 'cut' && passed >= fault.after) {
      forwarded.destroy()
      request.socket.resetAndDestroy()
      return
    }
  }
  forwarded.end()
}

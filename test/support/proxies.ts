import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createSecureServer } from 'node:tls'
import type { TestCertificate } from './tls.ts'

/* Proxies on this computer, of our own: they know names that nobody else does, and can be made to misbehave. */

export interface ProxyOptions {
  /** Where names lead that only the proxy knows: `registry.test:443` to `127.0.0.1:PORT`. */
  readonly names?: Readonly<Record<string, string>>
  /** `user:password`; without, everybody is let through. */
  readonly login?: string
  /** CONNECT inside TLS. */
  readonly tls?: TestCertificate
  /** Said instead of an answer, byte for byte. */
  readonly says?: string | Buffer
  /** Ways are cut once so many bytes came back through them, so often. */
  readonly cut?: { readonly after: number; times: number }
}

/** What both kinds of proxy have. */
abstract class TestProxy {
  /** Whom it was asked for, in order. */
  readonly asked: string[] = []
  /** All that clients said to the proxy itself, before there was a way. */
  said = ''
  host = ''
  protected readonly options: ProxyOptions
  private readonly server: Server
  private readonly sockets = new Set<Socket>()

  constructor(options: ProxyOptions = {}) {
    this.options = options
    const take = (socket: Socket): void => {
      this.keep(socket)
      this.serve(socket).catch(() => socket.destroy())
    }
    this.server =
      options.tls === undefined ? createServer(take) : createSecureServer({ ...options.tls }, take)
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`
    return this
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.server.close(resolve))
  }

  protected abstract serve(socket: Socket): Promise<void>

  protected keep(socket: Socket): void {
    this.sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => this.sockets.delete(socket))
  }

  /** Waits for what a client says next. */
  protected async hear(socket: Socket, done: (held: Buffer) => boolean): Promise<Buffer> {
    let held = Buffer.alloc(0)
    while (!done(held)) {
      const piece = socket.read() as Buffer | null
      if (piece !== null) held = Buffer.concat([held, piece])
      else if (socket.destroyed || socket.readableEnded) throw new Error('ended')
      else
        await new Promise<void>((resolve) => {
          for (const event of ['readable', 'end', 'close']) socket.once(event, () => resolve())
        })
    }
    this.said += held.toString('latin1')
    return held
  }

  /** Joins a client with where it wants to go; `null` where the proxy knows no such name. */
  protected async lead(target: string): Promise<Socket | null> {
    this.asked.push(target)
    const to = this.options.names?.[target]
    if (to === undefined) return null
    const [host = '', port = ''] = to.split(':')
    const far = connect({ host, port: Number(port) })
    this.keep(far)
    await new Promise((resolve) => far.once('connect', resolve))
    return far
  }

  protected join(near: Socket, far: Socket): void {
    const { cut } = this.options
    let left = cut?.after ?? Infinity
    near.on('data', (piece: Buffer) => far.write(piece))
    far.on('data', (piece: Buffer) => {
      near.write(piece)
      left -= piece.length
      if (cut === undefined || left > 0 || cut.times === 0) return
      cut.times -= 1
      near.destroySoon()
    })
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  }
}

/** A proxy that is asked by CONNECT. */
export class ConnectProxy extends TestProxy {
  get url(): string {
    return `${this.options.tls === undefined ? 'http' : 'https'}://${this.host}`
  }

  protected async serve(socket: Socket): Promise<void> {
    const head = (await this.hear(socket, (held) => held.includes('\r\n\r\n'))).toString('latin1')
    const { says, login } = this.options
    if (says !== undefined) {
      socket.end(says)
      return
    }
    const proof = /^proxy-authorization: basic (\S+)/im.exec(head)?.[1] ?? ''
    if (login !== undefined && Buffer.from(proof, 'base64').toString() !== login) {
      socket.end('HTTP/1.1 407 Log In\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n')
      return
    }
    const target = /^CONNECT (\S+) HTTP\/1\.1\r\n/.exec(head)?.[1] ?? ''
    const far = await this.lead(target)
    if (far === null) {
      socket.end('HTTP/1.1 503 No Such Name\r\nContent-Length: 0\r\n\r\n')
      return
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    this.join(socket, far)
  }
}

/** A proxy that speaks SOCKS 5 (RFC 1928 and 1929). */
export class SocksProxy extends TestProxy {
  get url(): string {
    return `socks5://${this.host}`
  }

  private async loggedIn(socket: Socket, methods: Buffer): Promise<boolean> {
    const { login } = this.options
    const method = login === undefined ? 0 : 2
    if (!methods.includes(method)) {
      socket.end(Buffer.of(5, 255))
      return false
    }
    socket.write(Buffer.of(5, method))
    if (login === undefined) return true
    const whole = (held: Buffer): boolean => {
      const user = held[1] ?? 255
      return held.length > 2 + user && held.length >= 3 + user + (held[2 + user] ?? 255)
    }
    const said = await this.hear(socket, whole)
    const user = said.subarray(2, 2 + (said[1] ?? 0)).toString()
    const right = `${user}:${said.subarray(3 + user.length).toString()}` === login
    if (right) socket.write(Buffer.of(1, 0))
    else socket.end(Buffer.of(1, 1))
    return right
  }

  protected async serve(socket: Socket): Promise<void> {
    const hello = await this.hear(socket, (held) => held.length >= 2 && held.length >= 2 + (held[1] ?? 0))
    if (this.options.says !== undefined) {
      socket.end(this.options.says)
      return
    }
    if (!(await this.loggedIn(socket, hello.subarray(2)))) return
    const asked = await this.hear(socket, (held) => held.length > 6 && held.length >= sizeOf(held))
    const end = asked.length - 2
    const host =
      asked[3] === 3
        ? asked.subarray(5, end).toString()
        : asked[3] === 1
          ? [...asked.subarray(4, end)].join('.')
          : `[${asked.subarray(4, end).toString('hex')}]`
    const far = await this.lead(`${host}:${asked.readUInt16BE(end)}`)
    const nowhere = Buffer.of(0, 1, 0, 0, 0, 0, 0, 0)
    if (far === null) {
      socket.end(Buffer.concat([Buffer.of(5, 4), nowhere]))
      return
    }
    socket.write(Buffer.concat([Buffer.of(5, 0), nowhere]))
    this.join(socket, far)
  }
}

const sizeOf = (asked: Buffer): number =>
  ({ 1: 10, 3: 7 + (asked[4] ?? 0), 4: 22 })[asked[3] ?? 0] ?? Infinity

import { Agent as SecureAgent, type RequestOptions } from 'node:https'
import { connect as plainConnect, isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as secureConnect, type SecureContext } from 'node:tls'
import { asFailure, causeOf, Failure } from './failure.ts'
import { limits } from './limits.ts'
import { nameOfProxy, type Proxy } from './proxy.ts'
import { speaksNoTls, untrusted } from './tls-words.ts'
import { Wire } from './wire.ts'

interface Order {
  readonly proxy: Proxy
  /** What proves the proxy itself, where that is spoken to inside TLS. */
  readonly secureContext: SecureContext | null
  readonly idleTime: number
  readonly host: string
  readonly port: number
}

type Code = 'proxy-unreachable' | 'proxy-auth' | 'proxy-refused' | 'proxy-no-way' | 'proxy-answer'

function failure(order: Order, code: Code, found: string): Failure {
  const host = `${isIP(order.host) === 6 ? `[${order.host}]` : order.host}:${order.port}`
  const facts = { proxy: nameOfProxy(order.proxy), host, found }
  return new Failure(code, facts)
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 100)

// RFC 9110, 9.3.6. The one thing that is sent is where to; what is said inside is for the registry alone.
async function connectBy(wire: Wire, order: Order): Promise<void> {
  const { login } = order.proxy
  const target = `${isIP(order.host) === 6 ? `[${order.host}]` : order.host}:${order.port}`
  const proof =
    login === null
      ? ''
      : `Proxy-Authorization: Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}\r\n`
  wire.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\nUser-Agent: sallyport\r\n${proof}\r\n`)
  const head = (await wire.upTo('\r\n\r\n')).toString('latin1')
  const [, text = '', words = ''] = /^HTTP\/1\.[01] (\d{3})(?: ([^\r\n]*))?\r\n/.exec(head) ?? []
  const status = Number(text)
  if (status >= 200 && status < 300) return
  if (status === 407) {
    const asked = [...head.matchAll(/^proxy-authenticate:[ \t]*([A-Za-z-]+)/gim)].map(([, one = '']) => one)
    const knows = asked.length === 0 || asked.some((one) => one.toLowerCase() === 'basic')
    const sent = login === null ? 'no log-in was given' : 'the log-in that was sent is not taken'
    const found = knows ? sent : `it asks for ${printable(asked.join(', '))}, and only Basic is known here`
    throw failure(order, 'proxy-auth', found)
  }
  if (status < 300) throw failure(order, 'proxy-answer', text === '' ? 'no answer of HTTP' : `status ${text}`)
  throw failure(
    order,
    status >= 500 ? 'proxy-no-way' : 'proxy-refused',
    printable(`status ${text} ${words}`.trim()),
  )
}

const socksWords: Readonly<Record<number, string>> = {
  1: 'general failure',
  2: 'not allowed by its rules',
  3: 'network unreachable',
  4: 'host unreachable',
  5: 'connection refused',
  6: 'time to live expired',
  7: 'command not supported',
  8: 'kind of address not supported',
}

// RFC 1929.
async function logIn(wire: Wire, order: Order): Promise<void> {
  const { user = '', password = '' } = order.proxy.login ?? {}
  const [name, secret] = [Buffer.from(user), Buffer.from(password)]
  wire.write(Buffer.concat([Buffer.of(1, name.length), name, Buffer.of(secret.length), secret]))
  const [version, status] = await wire.exactly(2)
  if (version !== 1) throw failure(order, 'proxy-answer', 'no answer of SOCKS 5 to a log-in')
  if (status !== 0) throw failure(order, 'proxy-auth', 'the log-in that was sent is not taken')
}

function addressOf(host: string): Buffer {
  const version = isIP(host)
  if (version === 4) return Buffer.of(1, ...host.split('.').map(Number))
  if (version === 0) return Buffer.concat([Buffer.of(3, Buffer.byteLength(host)), Buffer.from(host)])
  const [before = '', after] = host.split('::')
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((one) => parseInt(one, 16))
  const [first, last] = [groups(before), groups(after ?? '')]
  const all = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last]
  return Buffer.of(4, ...all.flatMap((group) => [group >> 8, group & 255]))
}

// RFC 1928. A name goes as a name: who resolves it is the proxy.
async function socksBy(wire: Wire, order: Order): Promise<void> {
  const { login } = order.proxy
  wire.write(login === null ? Buffer.of(5, 1, 0) : Buffer.of(5, 2, 0, 2))
  const [version, method] = await wire.exactly(2)
  if (version !== 5) throw failure(order, 'proxy-answer', 'no answer of SOCKS 5')
  if (method === 255) {
    const found = login === null ? 'no log-in was given' : 'it takes no user and password'
    throw failure(order, 'proxy-auth', found)
  }
  if (method === 2 && login !== null) await logIn(wire, order)
  else if (method !== 0)
    throw failure(order, 'proxy-answer', `a way to log in that was not offered (${method})`)
  const port = Buffer.of(order.port >> 8, order.port & 255)
  wire.write(Buffer.concat([Buffer.of(5, 1, 0), addressOf(order.host), port]))
  const [again, code = 0, , kind] = await wire.exactly(4)
  if (again !== 5) throw failure(order, 'proxy-answer', 'no answer of SOCKS 5')
  if (code !== 0) {
    const refused = code === 2 || code === 7 || code === 8
    const found = `${socksWords[code] ?? 'a code that is not known'} (SOCKS ${code})`
    throw failure(order, refused ? 'proxy-refused' : 'proxy-no-way', found)
  }
  const rest = kind === 1 ? 4 : kind === 4 ? 16 : kind === 3 ? ((await wire.exactly(1))[0] ?? 0) : null
  if (rest === null) throw failure(order, 'proxy-answer', 'an address of no known kind')
  await wire.exactly(rest + 2)
}

function connectTo({ proxy: { kind, host, port }, secureContext }: Order): Socket {
  if (kind !== 'https') return plainConnect({ host, port })
  const servername = isIP(host) === 0 ? host : ''
  return secureConnect({
    host,
    port,
    servername,
    rejectUnauthorized: true,
    ...(secureContext === null ? {} : { secureContext }),
  })
}

// Before the proxy said anything it cannot be reached; once it is spoken to, an end without an answer is no answer.
function broken(order: Order, connected: boolean, error: unknown): Failure {
  if (error instanceof Failure) return error
  const found = causeOf(error)
  if (connected) return failure(order, 'proxy-answer', found)
  if (untrusted.test(found)) {
    return new Failure('tls-untrusted', { host: `${order.proxy.host}:${order.proxy.port}`, found }, error)
  }
  return failure(
    order,
    'proxy-unreachable',
    speaksNoTls(error) ? `it answers, but speaks no TLS (${found})` : found,
  )
}

/**
 * Opens a way through a proxy to a host: what is sent then is between the two ends.
 *
 * @throws Failure `proxy-unreachable`, `proxy-auth`, `proxy-refused`, `proxy-no-way`, `proxy-answer`, `tls-untrusted`,
 * `cancelled`
 */
export async function openTunnel(order: Order, signal?: AbortSignal): Promise<Socket> {
  if (signal?.aborted === true) throw new Failure('cancelled')
  const socket = connectTo(order)
  const wire = new Wire(socket, limits.proxyAnswerBytes)
  const stop = (): void => void socket.destroy(new Failure('cancelled'))
  signal?.addEventListener('abort', stop, { once: true })
  const late = failure(order, 'proxy-unreachable', `no way for ${order.idleTime / 1000} seconds`)
  const timer = setTimeout(() => socket.destroy(late), order.idleTime)
  let connected = false
  try {
    await wire.once(order.proxy.kind === 'https' ? 'secureConnect' : 'connect')
    connected = true
    await (order.proxy.kind === 'socks5' ? socksBy(wire, order) : connectBy(wire, order))
    // A server of TLS speaks second: whatever came already is the proxy's own.
    if (!wire.release()) throw failure(order, 'proxy-answer', 'more than an answer')
    return socket
  } catch (error) {
    wire.release()
    socket.on('error', () => undefined)
    socket.destroy()
    throw broken(order, connected, error)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

/** What a request through the agent has besides what Node knows of. */
export interface TunnelOptions extends RequestOptions {
  readonly secureContext: SecureContext
  /** Ends the opening; Node keeps a request's own signal from its agent. */
  readonly stop: AbortSignal | undefined
}

/** Connections through one proxy, each with TLS to its own end inside; they are kept open like others. */
export class TunnelAgent extends SecureAgent {
  private readonly way: Omit<Order, 'host' | 'port'>

  constructor(way: Omit<Order, 'host' | 'port'>) {
    super({ keepAlive: true, maxSockets: 8 })
    this.way = way
  }

  override createConnection(
    options: TunnelOptions,
    done: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const { secureContext, stop } = options
    const host = options.host ?? ''
    openTunnel({ ...this.way, host, port: Number(options.port ?? 443) }, stop).then(
      (socket) => {
        const servername = isIP(host) === 0 ? host : ''
        done(null, secureConnect({ socket, host, servername, secureContext, rejectUnauthorized: true }))
      },
      // Node takes no stream beside an error.
      (error: unknown) => done(asFailure(error), undefined as never),
    )
  }
}

import { lookup as systemLookup, type LookupAddress, type LookupAllOptions } from 'node:dns'
import { Agent as PlainAgent, request as plainRequest, type IncomingHttpHeaders } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { LookupFunction } from 'node:net'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import type { Duplex, Readable } from 'node:stream'
import { causeOf, Failure } from './failure.ts'
import { checkHop, isFurtherIn, isLoopback, zoneOf, type Zone } from './hop.ts'
import { limits } from './limits.ts'
import { isExcepted } from './no-proxy.ts'
import type { Proxy, Proxying } from './proxy.ts'
import { speaksNoTls, untrusted, wantsCertificate } from './tls-words.ts'
import { TunnelAgent } from './tunnel.ts'

/** Whom a gate lets through. Plain data, so that a worker thread can make the same gate. Hosts are `name[:port]`. */
export interface GateRules {
  readonly hosts: 'any' | readonly { readonly host: string; readonly plainHttp: boolean }[]
  /** Hosts that may be spoken to without TLS; honoured for loopback only. */
  readonly plainHttp: readonly string[]
  /** For each host its own certificate authorities (PEM), instead of the public ones. */
  readonly ca: Readonly<Record<string, string>>
  /** For each host what proves to it who asks, where somebody gave that: to nobody else, however one is sent on. */
  readonly clients?: Readonly<Record<string, ClientCertificate>>
  /** How TLS goes out, where a person has set it. Who may be spoken to is asked of the host itself all the same. */
  readonly proxying?: Proxying | null
}

/** A certificate with its chain, and its key: PEM, not encrypted. */
export interface ClientCertificate {
  readonly cert: string
  readonly key: string
}

/** Somebody that answered: the address, and how far inside it lay when it was spoken to. */
export interface Spoken {
  readonly url: URL
  readonly zone: Zone
}

export interface GateRequest {
  readonly method: string
  /** Whose answer named this address (a realm, a place to upload to, a next page): it is judged like a redirect. */
  readonly from?: Spoken | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** A function is called anew for each hop; a bare stream cannot follow a redirect. */
  readonly body?: Uint8Array | Readable | (() => Readable)
  readonly signal?: AbortSignal | undefined
}

/** `url` and `zone` are those of whoever answered, after redirects. */
export interface GateAnswer extends Spoken {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Must be read to its end or destroyed. */
  readonly body: Readable
}

/** The only way out of this process. */
export interface Gate {
  /**
   * Asks a host, following redirects that are allowed. Refuses before any socket exists what the rules do not name.
   *
   * @throws Failure `network-refused`, `redirect-refused`, `tls-untrusted`, `tls-none`, `tls-client`, `registry-unreachable`,
   * `cancelled`, and those of `openTunnel`
   */
  request(url: URL, init: GateRequest): Promise<GateAnswer>
}

function names(rule: string, url: URL): boolean {
  const [, host = rule, port = ''] = /^(.*?)(?::(\d+))?$/.exec(rule.toLowerCase()) ?? []
  if (host !== url.hostname.toLowerCase()) return false
  const standard = url.protocol === 'https:' ? '443' : '80'
  return (port === '' ? standard : port) === (url.port === '' ? standard : url.port)
}

function checkRules(rules: GateRules, url: URL): void {
  const refuse = (expected: string): never => {
    throw new Failure('network-refused', { host: url.host, expected })
  }
  if (url.username !== '' || url.password !== '') refuse('an address without a password in it')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') refuse('https')
  const listed = rules.hosts === 'any' ? undefined : rules.hosts.find((rule) => names(rule.host, url))
  if (rules.hosts !== 'any' && listed === undefined) {
    const open = rules.hosts.map((rule) => rule.host).join(', ')
    refuse(open === '' ? 'no connection at all' : `only ${open}`)
  }
  if (url.protocol === 'https:') return
  const plain = listed?.plainHttp === true || rules.plainHttp.some((rule) => names(rule, url))
  if (!plain || !isLoopback(url.host)) refuse(plainHere)
}

function ofHost<Value>(table: Readonly<Record<string, Value>>, url: URL): Value | undefined {
  return Object.entries(table).find(([host]) => names(host, url))?.[1]
}

const plainHere = 'https, or plain http that is allowed by name and on this computer'

function connectionFailure(url: URL, error: unknown): Failure {
  if (error instanceof Failure) return error
  if (error instanceof Error && error.name === 'AbortError') return new Failure('cancelled', {}, error)
  const found = causeOf(error)
  if (speaksNoTls(error)) return new Failure('tls-none', { host: url.host, found }, error)
  if (wantsCertificate(error)) return new Failure('tls-client', { host: url.host, found }, error)
  const code = untrusted.test(found) ? 'tls-untrusted' : 'registry-unreachable'
  return new Failure(code, { host: url.host, found }, error)
}

/** How names become addresses: all that one has. */
export type Lookup = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void

/** Resolves a name, but only to addresses that are not further in than allowed, or only to this computer. */
function guardedLookup(url: URL, from: Zone | null, lookup: Lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, '', 0)
        return
      }
      const far = url.protocol === 'http:' ? found.find(({ address }) => !isLoopback(address)) : undefined
      const near = found.find(({ address }) => from !== null && leadsIn(from, zoneOf(address)))
      if (far !== undefined) {
        const facts = { host: url.host, found: far.address, expected: plainHere }
        callback(new Failure('network-refused', facts), '', 0)
      } else if (near !== undefined) {
        const expected = 'an address as public as the one we asked'
        callback(new Failure('redirect-refused', { host: url.host, found: near.address, expected }), '', 0)
      } else if (options.all === true) callback(null, found)
      else callback(null, found[0]?.address ?? '', found[0]?.family)
    })
  }
}

// A name inside an organisation resolves to a private address as a matter of course; this computer is another thing.
function leadsIn(from: Zone, to: Zone): boolean {
  return to === 'local' && isFurtherIn(from, to)
}

const agents = (): { plain: PlainAgent; secure: SecureAgent } => ({
  plain: new PlainAgent({ keepAlive: true, maxSockets: 8 }),
  secure: new SecureAgent({ keepAlive: true, maxSockets: 8 }),
})

class OneGate implements Gate {
  private readonly rules: GateRules
  private readonly idleTime: number
  private readonly lookup: Lookup
  private readonly hosts: Set<string>
  private readonly contexts = new Map<string, SecureContext>()
  /**
   * Connections by the zone of who named the address: one that is kept open is not looked up again, so it serves only
   * those for whom it was.
   */
  private readonly agents = { none: agents(), public: agents(), private: agents(), local: agents() }
  private tunnels: TunnelAgent | null = null

  constructor(
    rules: GateRules,
    { idleTime = limits.idleTime, lookup = systemLookup, hosts = new Set() }: GateOptions,
  ) {
    this.rules = rules
    this.idleTime = idleTime
    this.lookup = lookup
    this.hosts = hosts
  }

  async request(start: URL, init: GateRequest): Promise<GateAnswer> {
    let url = start
    let headers = { ...init.headers }
    let from = init.from?.zone ?? null
    if (init.from !== undefined) checkHop(init.from.url, start)
    for (let hops = 0; ; hops += 1) {
      checkRules(this.rules, url)
      const proxy = this.proxyFor(url)
      this.hosts.add(url.host)
      const answer = await this.once(url, { ...init, headers }, from, proxy)
      // Behind a proxy nobody here knows where a name led; where the proxy lies says nothing of it.
      const led = proxy === null ? answer.socket.remoteAddress : undefined
      const zone = zoneOf(led ?? url.hostname)
      const next = nextHop(url, answer, init)
      if (next === null) {
        return { status: answer.statusCode ?? 0, headers: answer.headers, body: answer, url, zone }
      }
      drain(answer)
      if (hops >= limits.redirects) {
        const expected = `at most ${limits.redirects} redirects`
        throw new Failure('redirect-refused', { host: start.host, found: next.host, expected })
      }
      checkHop(url, next)
      from = zone
      if (next.origin !== url.origin) headers = withoutSecrets(headers)
      url = next
    }
  }

  /** The proxy that a host is asked through; `null`: none. This computer is never asked through one. */
  private proxyFor(url: URL): Proxy | null {
    const { proxying } = this.rules
    if (proxying === undefined || proxying === null) return null
    if (url.protocol !== 'https:' || isLoopback(url.host)) return null
    const host = url.hostname.replace(/^\[|\]$/g, '')
    return isExcepted(proxying.except, host, Number(url.port || 443)) ? null : proxying.proxy
  }

  private tunnelsOf(proxy: Proxy): TunnelAgent {
    const { kind, host, port } = proxy
    const at = new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`)
    const secureContext = kind === 'https' ? this.context(at) : null
    return (this.tunnels ??= new TunnelAgent({ proxy, secureContext, idleTime: this.idleTime }))
  }

  // Only what is built in or given by name is trusted: no variable of the environment adds to it or switches it off.
  private context(url: URL): SecureContext {
    const known = this.contexts.get(url.host)
    if (known !== undefined) return known
    const own = ofHost(this.rules.ca, url)
    const client = ofHost(this.rules.clients ?? {}, url)
    let made: SecureContext
    try {
      made = createSecureContext({ ca: own ?? [...rootCertificates], ...client, minVersion: 'TLSv1.2' })
    } catch (error) {
      throw new Failure('ca-form', { host: url.host, found: causeOf(error) }, error)
    }
    this.contexts.set(url.host, made)
    return made
  }

  // The types of Node 18 do not name secureContext here; its agent passes it on to tls.connect.
  private tls(
    secureContext: SecureContext,
    agent: SecureAgent,
    stop: AbortSignal | undefined,
  ): { agent: SecureAgent; rejectUnauthorized: true } {
    const options = { agent, rejectUnauthorized: true as const, secureContext, stop }
    return options
  }

  private once(
    url: URL,
    init: GateRequest,
    from: Zone | null,
    proxy: Proxy | null,
  ): Promise<IncomingMessage> {
    const shared = {
      method: init.method,
      headers: requestHeaders(init),
      lookup: guardedLookup(url, from, this.lookup),
      ...(init.signal === undefined ? {} : { signal: init.signal }),
    }
    const { plain, secure } = this.agents[from ?? 'none']
    const context = url.protocol === 'https:' ? this.context(url) : undefined
    const agent = proxy === null ? secure : this.tunnelsOf(proxy)
    return new Promise((resolve, reject) => {
      const request =
        context === undefined
          ? plainRequest(url, { ...shared, agent: plain })
          : secureRequest(url, { ...shared, ...this.tls(context, agent, init.signal) })
      const unreachable = (found: string): Failure =>
        new Failure('registry-unreachable', { host: url.host, found })
      request.on('response', resolve)
      request.on('error', (error) => reject(connectionFailure(url, error)))
      // Nothing else ends an unwanted upgrade: Node drops the socket without a response and without an error.
      request.on('upgrade', (answer: IncomingMessage, socket: Duplex) => {
        socket.destroy()
        reject(unreachable(`status ${answer.statusCode ?? 101}, which was not asked for`))
      })
      let interim = 0
      request.on('information', () => {
        interim += 1
        if (interim > limits.interimAnswers)
          request.destroy(unreachable(`more than ${limits.interimAnswers} answers before the answer`))
      })
      // After an answer or an error this does nothing: whatever else ends it must not leave somebody waiting.
      request.on('close', () => reject(unreachable('the end of the connection, and no answer')))
      request.setTimeout(this.idleTime, () => {
        const found = `no byte for ${this.idleTime / 1000} seconds`
        request.destroy(new Failure('registry-unreachable', { host: url.host, found }))
      })
      send(request, init.body)
    })
  }
}

function requestHeaders(init: GateRequest): OutgoingHttpHeaders {
  const length = init.body instanceof Uint8Array ? { 'content-length': String(init.body.byteLength) } : {}
  return { 'accept-encoding': 'identity', 'user-agent': 'sallyport', ...length, ...init.headers }
}

function send(request: ClientRequest, body: GateRequest['body']): void {
  if (body === undefined) request.end()
  else if (body instanceof Uint8Array) request.end(body)
  else {
    const stream = typeof body === 'function' ? body() : body
    stream.on('error', (error) => request.destroy(error))
    request.on('close', () => stream.destroy())
    stream.pipe(request)
  }
}

function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  const secret = /^(authorization|cookie|proxy-authorization)$/i
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secret.test(name)))
}

function nextHop(url: URL, answer: IncomingMessage, init: GateRequest): URL | null {
  const status = answer.statusCode ?? 0
  const reading = init.method === 'GET' || init.method === 'HEAD'
  const kept = status === 307 || status === 308
  if (!kept && !(reading && (status === 301 || status === 302 || status === 303))) return null
  const replayable =
    init.body === undefined || typeof init.body === 'function' || init.body instanceof Uint8Array
  const location = answer.headers.location
  if (!replayable || location === undefined) return null
  try {
    return new URL(location, url)
  } catch (error) {
    drain(answer)
    const facts = { host: url.host, found: 'what is no address', expected: 'an address' }
    throw new Failure('redirect-refused', facts, error)
  }
}

/** Reads a short rest of a body away, so that the connection can be used again; drops a long one. */
export function drain(body: Readable): void {
  let left = 64 * 1024
  body.on('error', () => undefined)
  body.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) body.destroy()
  })
}

export interface GateOptions {
  /** No byte for so many milliseconds ends a request. */
  readonly idleTime?: number
  /** The system's, unless another is given. */
  readonly lookup?: Lookup
  /** Is told whom a connection was opened to, or tried: `name[:port]` and nothing else of the address. */
  readonly hosts?: Set<string>
}

/** Opens the gate with these rules. */
export function openGate(rules: GateRules, options: GateOptions = {}): Gate {
  return new OneGate(rules, options)
}

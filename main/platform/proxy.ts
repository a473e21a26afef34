import { Failure } from './failure.ts'

/** A proxy through which TLS connections go. Plain data for worker threads; its log-in is in no text of ours. */
export interface Proxy {
  /** `https`: CONNECT inside TLS. A SOCKS proxy is always given the name, so it resolves it (`socks5h`). */
  readonly kind: 'http' | 'https' | 'socks5'
  /** A name or an address, without brackets. */
  readonly host: string
  readonly port: number
  readonly login: Login | null
}

export interface Login {
  readonly user: string
  readonly password: string
}

/** A proxy, and for whom it is not taken (`NO_PROXY`). */
export interface Proxying {
  readonly proxy: Proxy
  readonly except: string
}

const kinds: Readonly<Record<string, { readonly kind: Proxy['kind']; readonly port: number }>> = {
  http: { kind: 'http', port: 80 },
  https: { kind: 'https', port: 443 },
  socks5: { kind: 'socks5', port: 1080 },
  socks5h: { kind: 'socks5', port: 1080 },
}
const expected =
  'http://, https://, socks5:// or socks5h://, with HOST:PORT and at most user:password@ before it'

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '')
}

/** A proxy's address as people write it, without its log-in. */
export function nameOfProxy({ kind, host, port }: Proxy): string {
  return `${kind}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/**
 * Holds a log-in to what both ways of sending one can carry.
 *
 * @throws Failure `proxy-form`
 */
export function checkLogin(login: Login, source: string): Login {
  const wrong = (found: string): never => {
    throw new Failure('proxy-form', { source, found, expected: 'a user without a colon, and a password' })
  }
  for (const text of [login.user, login.password]) {
    if (Buffer.byteLength(text) > 255) wrong('a user or password of more than 255 bytes')
    if (/[\u0000-\u001f\u007f]/.test(text)) wrong('a control character in user or password')
  }
  if (login.user === '' || login.user.includes(':')) wrong('no user, or one with a colon')
  return login
}

function loginOf(url: URL, source: string): Login | null {
  if (url.username === '' && url.password === '') return null
  try {
    const login = { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
    return checkLogin(login, source)
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('proxy-form', { source, found: 'a % that stands for nothing', expected })
  }
}

/**
 * Reads the address of a proxy, as `HTTPS_PROXY` has it: without a scheme it is `http://`. What is wrong with it is said
 * without repeating it, because a password may stand in it.
 *
 * @param source where it was given, for the words
 * @throws Failure `proxy-form`
 */
export function parseProxy(text: string, source: string): Proxy {
  const wrong = (found: string): never => {
    throw new Failure('proxy-form', { source, found, expected })
  }
  const [, scheme = 'http', rest = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(.*)$/s.exec(text.trim()) ?? []
  const known = Object.hasOwn(kinds, scheme.toLowerCase()) ? kinds[scheme.toLowerCase()] : undefined
  if (known === undefined) return wrong('another scheme')
  let url: URL
  try {
    url = new URL(`http://${rest}`)
  } catch {
    return wrong('what is no address')
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    return wrong('more than a host and a port')
  // The address was read as one of http, whose own port falls away.
  const written = /:0*80\/?$/.test(rest) ? 80 : known.port
  const port = url.port === '' ? written : Number(url.port)
  if (port === 0) return wrong('the port 0')
  return { kind: known.kind, host: bare(url.hostname), port, login: loginOf(url, source) }
}

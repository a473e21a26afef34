import { Failure } from './failure.ts'

/** How far inside an address lies: going further in than one came from is how a stranger reaches what only we can. */
export type Zone = 'public' | 'private' | 'local'
const depth: Readonly<Record<Zone, number>> = { public: 0, private: 1, local: 2 }

function zoneOfFour(address: string): Zone {
  const [a = 0, b = 0] = address.split('.').map(Number)
  if (a === 127 || a === 0 || (a === 169 && b === 254)) return 'local'
  if (a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168)) return 'private'
  return a === 100 && b >= 64 && b <= 127 ? 'private' : 'public'
}

// The WHATWG parser has already put the address into its one short form.
function zoneOfSix(address: string): Zone {
  const text = address.toLowerCase()
  if (text === '::1' || text === '::') return 'local'
  const mapped = /^(?:::ffff:|64:ff9b::|::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(text)
  if (mapped !== null) {
    const [high, low] = [parseInt(mapped[1] ?? '', 16), parseInt(mapped[2] ?? '', 16)]
    return zoneOfFour([high >> 8, high & 255, low >> 8, low & 255].join('.'))
  }
  const dotted = /^(?:::ffff:|::)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  if (dotted?.[1] !== undefined) return zoneOfFour(dotted[1])
  const first = parseInt(text.split(':')[0] ?? '', 16)
  if (first >= 0xfe80 && first <= 0xfebf) return 'local'
  return first >= 0xfc00 && first <= 0xfdff ? 'private' : 'public'
}

/** The zone of an IP address as text, with or without brackets; a name counts as public, `localhost` as local. */
export function zoneOf(host: string): Zone {
  const bare = host.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(bare)) return zoneOfFour(bare)
  if (bare.includes(':')) return zoneOfSix(bare.replace(/%.*$/, ''))
  return /(^|\.)localhost$/i.test(bare) ? 'local' : 'public'
}

/** Whether a host (with or without a port) is this computer, by its name or literal. Link-local is not. */
export function isLoopback(host: string): boolean {
  // `::1` is an address without a port; with one it has brackets.
  const named = /^[^:]*:\d+$|\]:\d+$/.test(host) ? host.replace(/:\d+$/, '') : host
  const bare = named.replace(/^\[|\]$/g, '')
  return /(^|\.)localhost\.?$/i.test(bare) || /^127(\.\d{1,3}){3}$/.test(bare) || bare === '::1'
}

export function isFurtherIn(from: Zone, to: Zone): boolean {
  return depth[to] > depth[from]
}

/**
 * Refuses being sent (by a redirect, or as the place to get a token) from https to http, or further in.
 *
 * @throws Failure `redirect-refused`
 */
export function checkHop(from: URL, to: URL): void {
  const facts = { host: from.host, found: `${to.protocol}//${to.host}` }
  if (to.protocol !== 'https:' && to.protocol !== 'http:') {
    throw new Failure('redirect-refused', { ...facts, expected: 'https' })
  }
  if (to.username !== '' || to.password !== '') {
    throw new Failure('redirect-refused', { ...facts, expected: 'an address without a password in it' })
  }
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new Failure('redirect-refused', { ...facts, expected: 'https' })
  }
  if (isFurtherIn(zoneOf(from.hostname), zoneOf(to.hostname))) {
    throw new Failure('redirect-refused', { ...facts, expected: 'an address as public as the one we asked' })
  }
}

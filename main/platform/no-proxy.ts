import { BlockList, isIP } from 'node:net'

const family = (version: number): 'ipv4' | 'ipv6' => (version === 4 ? 'ipv4' : 'ipv6')

// An address is compared as a number, so that each of its spellings is it; a range is never more than a comparison.
function inRange(entry: string, address: string): boolean {
  const [net = '', bits] = entry.split('/')
  const version = isIP(net)
  if (version === 0 || isIP(address) !== version) return false
  const most = version === 4 ? 32 : 128
  const length = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : NaN
  if (!(length <= most)) return false
  const list = new BlockList()
  list.addSubnet(net, length, family(version))
  return list.check(address, family(version))
}

function splitPort(entry: string): { readonly host: string; readonly port: number | null } {
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry)
  const plain = isIP(entry) === 6 ? null : /^([^:]*):(\d+)$/.exec(entry)
  const [, host = entry, port] = bracketed ?? plain ?? []
  return { host, port: port === undefined ? null : Number(port) }
}

function fits(entry: string, hostname: string, port: number): boolean {
  if (entry === '*') return true
  if (entry.includes('/')) return inRange(entry, hostname)
  const one = splitPort(entry)
  if (one.port !== null && one.port !== port) return false
  if (isIP(one.host) !== 0) return inRange(one.host, hostname)
  const name = one.host.replace(/^\*\./, '.').replace(/\.$/, '')
  if (name === '' || name === '.') return false
  return hostname.endsWith(name.startsWith('.') ? name : `.${name}`) || hostname === name
}

/**
 * Whether a list like `NO_PROXY` names a host: `*`, a name with all below it, `.suffix` for what is below it alone, an
 * address or a range of them (`10.0.0.0/8`), each but a range also with a port. No name is looked up for it.
 *
 * @param hostname as an address has it, without brackets
 */
export function isExcepted(list: string, hostname: string, port: number): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '')
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && fits(entry, name, port))
}

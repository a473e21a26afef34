import type { CallInput } from '../../shared/contract.ts'
import { UsageError, type Arguments } from './arguments.ts'
import type { Host } from './command.ts'
import { absolute } from './paths.ts'

/** How an act goes out: authorities of hosts, and a proxy. */
export function way(host: Host, args: Arguments): Pick<CallInput<'package.make'>, 'ca' | 'proxy'> {
  const ca = args.all('ca').map((word) => {
    const cut = word.indexOf('=')
    if (cut < 1) throw new UsageError('--ca is HOST=FILE.')
    return { host: word.slice(0, cut), place: host.session.place('ca', absolute(word.slice(cut + 1))) }
  })
  const url = args.get('proxy')
  const login = args.get('proxy-auth-file')
  const proxy = {
    ...(url === undefined ? {} : { url }),
    ...(login === undefined ? {} : { auth: host.session.place('proxy-auth', absolute(login)) }),
  }
  return {
    ...(ca.length === 0 ? {} : { ca }),
    ...(url === undefined && login === undefined ? {} : { proxy }),
  }
}

/** Places of the files that an act which speaks to a registry was given, and how it goes out. */
export function access(
  host: Host,
  args: Arguments,
): Pick<CallInput<'collect.start'>, 'auth' | 'ca' | 'proxy'> {
  const auth = args.get('auth-file')
  return {
    ...(auth === undefined ? {} : { auth: host.session.place('auth', absolute(auth)) }),
    ...way(host, args),
  }
}

import type { CallInput } from '../../shared/contract.ts'
import { UsageError, type Arguments } from './arguments.ts'
import type { Host } from './command.ts'
import { absolute } from './paths.ts'

type Way = Pick<CallInput<'package.make'>, 'ca' | 'clients' | 'certs' | 'proxy'>

function clientCertificates(host: Host, args: Arguments): NonNullable<Way['clients']> {
  return args.all('client-cert').map((word) => {
    const [, name = '', cert = '', key = ''] = /^([^=]+)=([^,]+),([^,]+)$/.exec(word) ?? []
    if (name === '') throw new UsageError('--client-cert is HOST=FILE,KEY.')
    const { session } = host
    return {
      host: name,
      cert: session.place('client-cert', absolute(cert)),
      key: session.place('client-key', absolute(key)),
    }
  })
}

/** How an act goes out: authorities of hosts, what proves to them who asks, and a proxy. */
export function way(host: Host, args: Arguments): Way {
  const clients = clientCertificates(host, args)
  const certs = args.get('certs-dir')
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
    ...(clients.length === 0 ? {} : { clients }),
    ...(certs === undefined ? {} : { certs: host.session.place('certs', absolute(certs)) }),
    ...(url === undefined && login === undefined ? {} : { proxy }),
  }
}

/** Places of the files that an act which speaks to a registry was given, and how it goes out. */
export function access(host: Host, args: Arguments): Pick<CallInput<'collect.start'>, 'auth'> & Way {
  const auth = args.get('auth-file')
  return {
    ...(auth === undefined ? {} : { auth: host.session.place('auth', absolute(auth)) }),
    ...way(host, args),
  }
}

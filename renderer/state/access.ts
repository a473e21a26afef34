import type { CallInput } from '../../shared/contract.ts'
import type { Chosen } from './place.ts'

/** A file that counts for one host. */
export interface ForHost extends Chosen {
  readonly host: string
}

/** A certificate and its key, by which one host knows who asks. */
export interface Client {
  readonly host: string
  readonly cert: Chosen
  readonly key: Chosen
}

/** What an act that speaks to hosts is given: how each knows us, and how we know each. */
export interface AccessGiven {
  /** A file of credentials; `null`: none are used. */
  readonly auth: Chosen | null
  readonly ca: readonly ForHost[]
  readonly clients: readonly Client[]
  /** A folder with certificates of several hosts. */
  readonly certs: Chosen | null
  /** A proxy’s address, '' for the one that the environment names, and a file with the log-in there. */
  readonly proxy: string
  readonly proxyAuth: Chosen | null
}

export const noAccess: AccessGiven = {
  auth: null,
  ca: [],
  clients: [],
  certs: null,
  proxy: '',
  proxyAuth: null,
}

type Access = Pick<CallInput<'collect.start'>, 'auth' | 'ca' | 'clients' | 'certs' | 'proxy'>

/** The same as main takes it. */
export function accessOf({ auth, ca, clients, certs, proxy, proxyAuth }: AccessGiven): Access {
  const way = { ...(proxy !== '' && { url: proxy }), ...(proxyAuth !== null && { auth: proxyAuth.place }) }
  return {
    ...(auth !== null && { auth: auth.place }),
    ...(ca.length > 0 && { ca: ca.map(({ host, place }) => ({ host, place })) }),
    ...(clients.length > 0 && {
      clients: clients.map(({ host, cert, key }) => ({ host, cert: cert.place, key: key.place })),
    }),
    ...(certs !== null && { certs: certs.place }),
    ...(Object.keys(way).length > 0 && { proxy: way }),
  }
}

/** Whether anything was given. */
export function isGiven({ auth, ca, clients, certs, proxy, proxyAuth }: AccessGiven): boolean {
  return (
    auth !== null ||
    ca.length > 0 ||
    clients.length > 0 ||
    certs !== null ||
    proxy !== '' ||
    proxyAuth !== null
  )
}

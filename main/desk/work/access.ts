import { Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import {
  noCredentials,
  parseCredentials,
  type CredentialFile,
  type Credentials,
} from '../../oci/credentials.ts'
import { askStores } from '../../oci/credential-stores.ts'
import type { RegistryPlace } from '../../oci/reference.ts'
import type { ClientCertificate, GateRules } from '../../platform/network.ts'
import { checkLogin, parseProxy, type Login, type Proxying } from '../../platform/proxy.ts'
import { readAuthorities, readCertsFolder, readClient } from './certificates.ts'
import type { Context } from './context.ts'
import { helperEnvironment, noProxyHere, proxyHere } from './environment.ts'

/** What an act that speaks to a registry was given: credentials, authorities and certificates, by place. */
interface AccessInput {
  readonly auth?: string | undefined
  readonly ca?: readonly { readonly host: string; readonly place: string }[] | undefined
  readonly clients?:
    readonly { readonly host: string; readonly cert: string; readonly key: string }[] | undefined
  readonly certs?: string | undefined
  readonly proxy?: { readonly url?: string | undefined; readonly auth?: string | undefined } | undefined
}

/** How an act goes out, for the rules of its gate: certificates, and the proxy that it was given (else undefined). */
export type Way = Required<Pick<GateRules, 'ca' | 'clients'>> & { readonly proxying?: Proxying }

async function loginFrom(context: Context, place: string): Promise<Login> {
  const path = context.places.path(place, 'proxy-auth')
  const bytes = await readCapped(path, limits.proxyLoginBytes)
  const [line = ''] = bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
  const colon = line.indexOf(':')
  if (colon < 0) {
    const expected = 'user:password in its first line'
    throw new Failure('proxy-form', { source: 'the file with its log-in', found: 'no colon', expected })
  }
  return checkLogin(
    { user: line.slice(0, colon), password: line.slice(colon + 1) },
    'the file with its log-in',
  )
}

async function readProxy(context: Context, input: AccessInput): Promise<Proxying | undefined> {
  const { url, auth } = input.proxy ?? {}
  if (url === undefined && auth === undefined) return undefined
  const named = url === undefined ? proxyHere() : { proxy: parseProxy(url, '--proxy'), except: noProxyHere() }
  if (named === null) {
    const found = 'a log-in, and no proxy that it is for'
    throw new Failure('proxy-form', {
      source: '--proxy-auth-file',
      found,
      expected: '--proxy, or HTTPS_PROXY',
    })
  }
  return auth === undefined
    ? named
    : { ...named, proxy: { ...named.proxy, login: await loginFrom(context, auth) } }
}

/**
 * How an act goes out: what each host that was named proves itself by and is shown, and a proxy. What is named for one host
 * goes before what a folder has for it.
 *
 * @throws Failure `ca-form`, `client-form`, `proxy-form`, `file-unreadable`, `too-many`
 */
export async function readWay(context: Context, input: Omit<AccessInput, 'auth'>): Promise<Way> {
  const { places } = context
  const folder = input.certs === undefined ? null : await readCertsFolder(places.path(input.certs, 'certs'))
  const ca: Record<string, string> = { ...folder?.ca }
  for (const { host, place } of input.ca ?? [])
    ca[host] = await readAuthorities([places.path(place, 'ca')], host)
  const clients: Record<string, ClientCertificate> = { ...folder?.clients }
  for (const { host, cert, key } of input.clients ?? []) {
    clients[host] = await readClient(places.path(cert, 'client-cert'), places.path(key, 'client-key'), host)
  }
  const proxying = await readProxy(context, input)
  return { ca, clients, ...(proxying && { proxying }) }
}

/** What an act that speaks to registries was given, as it was read. */
export interface Access {
  readonly file: CredentialFile | null
  readonly way: Way
}

/**
 * The same, and credentials (in the form of docker's `config.json`). Programs that hold some are not run yet.
 *
 * @throws Failure `auth-form`, and as `readWay`
 */
export async function readAccess(context: Context, input: AccessInput): Promise<Access> {
  const { auth } = input
  const file =
    auth === undefined
      ? null
      : parseCredentials(await readCapped(context.places.path(auth, 'auth'), limits.authFileBytes))
  return { file, way: await readWay(context, input) }
}

/**
 * The credentials for repositories, also those that programs of the person hold: on a low desk they are run, with the
 * job that needs them, and end with it.
 *
 * @throws Failure `cancelled`
 */
export async function credentialsFrom(
  context: Context,
  { file }: Access,
  wanted: readonly RegistryPlace[],
  signal: AbortSignal,
): Promise<Credentials> {
  if (file === null) return noCredentials
  const high = context.silent || context.opened?.desk.state.card.side === 'high'
  return askStores(file, wanted, high ? null : { environment: helperEnvironment, signal })
}

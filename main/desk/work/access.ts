import { X509Certificate } from 'node:crypto'
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
import type { GateRules } from '../../platform/network.ts'
import { checkLogin, parseProxy, type Login, type Proxying } from '../../platform/proxy.ts'
import type { Context } from './context.ts'
import { helperEnvironment, noProxyHere, proxyHere } from './environment.ts'

/** What an act that speaks to a registry was given: credentials and certificate authorities, by place. */
interface AccessInput {
  readonly auth?: string | undefined
  readonly ca?: readonly { readonly host: string; readonly place: string }[] | undefined
  readonly proxy?: { readonly url?: string | undefined; readonly auth?: string | undefined } | undefined
}

/** How an act goes out, for the rules of its gate: authorities, and the proxy that it was given (else undefined). */
export type Way = Pick<GateRules, 'ca'> & { readonly proxying?: Proxying }

// TLS passes over what it cannot read, and would then trust nobody and say only that nobody answers.
function notCertificates(pem: string): string | null {
  const begun = pem.split('-----BEGIN CERTIFICATE-----').length - 1
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? []
  if (begun === 0) return 'something else'
  if (blocks.length !== begun) return 'a certificate that is cut off or no base64'
  try {
    for (const block of blocks) new X509Certificate(block)
    return null
  } catch {
    return 'a certificate that cannot be read'
  }
}

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
 * How an act goes out: a CA for each host that was named, and a proxy.
 *
 * @throws Failure `ca-form`, `proxy-form`, `file-unreadable`
 */
export async function readWay(context: Context, input: Omit<AccessInput, 'auth'>): Promise<Way> {
  const ca: Record<string, string> = {}
  for (const { host, place } of input.ca ?? []) {
    const path = context.places.path(place, 'ca')
    const pem = (await readCapped(path, limits.authFileBytes)).toString('utf8')
    const found = notCertificates(pem)
    if (found !== null) throw new Failure('ca-form', { path, expected: 'certificates in PEM', found, host })
    ca[host] = pem
  }
  const proxying = await readProxy(context, input)
  return { ca, ...(proxying && { proxying }) }
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

import type { AmbientToken } from '../../sign/keyless/token.ts'
import { Failure } from '../../platform/failure.ts'
import { parseProxy, type Proxying } from '../../platform/proxy.ts'

/*
 * The one place that reads the environment: for the token of a build service when asked for it, for a proxy, and for
 * what the programs that are run need.
 */

const firstOf = (environment: NodeJS.ProcessEnv, ...names: string[]): [string, string] | null => {
  const name = names.find((one) => (environment[one] ?? '') !== '')
  return name === undefined ? null : [name, environment[name] ?? '']
}

/** For whom the environment wants no proxy. */
export function noProxyHere(environment: NodeJS.ProcessEnv = process.env): string {
  return firstOf(environment, 'no_proxy', 'NO_PROXY')?.[1] ?? ''
}

/**
 * The proxy for TLS that the environment names, as other tools read it: small letters count first, and one for
 * everything (`ALL_PROXY`) where there is none for TLS.
 *
 * @throws Failure `proxy-form`
 */
export function proxyHere(environment: NodeJS.ProcessEnv = process.env): Proxying | null {
  const named = firstOf(environment, 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY')
  if (named === null) return null
  return { proxy: parseProxy(named[1], named[0]), except: noProxyHere(environment) }
}

function addressOf(text: string): URL {
  try {
    return new URL(text)
  } catch (error) {
    throw new Failure('service-needed', { expected: 'an address in ACTIONS_ID_TOKEN_REQUEST_URL' }, error)
  }
}

const usual =
  /^(path|home|user|logname|lang|language|lc_.*|tz|tmp|temp|tmpdir|xdg_.*|dbus_session_bus_address|display|wayland_display|xauthority|gnupghome|gpg_tty|password_store_dir|docker_config|systemroot|windir|comspec|pathext|appdata|localappdata|userprofile|username|homedrive|homepath|programdata)$/i
/** Programs that ask a cloud, and what they find it by. */
const clouds: Readonly<Record<string, RegExp>> = {
  'ecr-login': /^aws_/i,
  gcloud: /^(cloudsdk|google)_/i,
  gcr: /^(cloudsdk|google)_/i,
  'acr-env': /^(azure|acr)_/i,
  acr: /^(azure|acr)_/i,
}
const wayOut = /^(https?|all|no)_proxy$/i

/**
 * The variables for a program that holds credentials: those by which a program finds its person, screen and files; of
 * secrets only a cloud's, for the program of that cloud, with the way out.
 */
export function helperEnvironment(
  name: string,
  environment: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const cloud = Object.hasOwn(clouds, name) ? clouds[name] : undefined
  const needed = (one: string): boolean =>
    usual.test(one) || (cloud !== undefined && (cloud.test(one) || wayOut.test(one)))
  return Object.fromEntries(Object.entries(environment).filter(([one]) => needed(one)))
}

/**
 * Where the build service that this runs in keeps its identity token.
 *
 * @throws Failure `service-needed` outside of one
 */
export function ambientPlace(environment: NodeJS.ProcessEnv = process.env): AmbientToken {
  // GitLab and others hand a token of this name to the job (`id_tokens`).
  const given = environment['SIGSTORE_ID_TOKEN'] ?? ''
  if (given !== '') return { kind: 'given', text: given }
  const url = environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? ''
  const secret = environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''
  if (url !== '' && secret !== '') return { kind: 'request', url: addressOf(url), secret }
  const expected = 'the identity token of a build service (SIGSTORE_ID_TOKEN, or ACTIONS_ID_TOKEN_REQUEST_*)'
  throw new Failure('service-needed', { expected })
}

/** The variables by which programs are found, as they are here. */
export function programEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const wanted = /^(path|systemroot|windir|comspec|pathext|tmp|temp)$/i
  return Object.fromEntries(Object.entries(environment).filter(([name]) => wanted.test(name)))
}

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { apiHost, spelledHost } from '../../oci/reference.ts'
import { causeOf, Failure } from '../../platform/failure.ts'
import { readCapped, realPath } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import type { ClientCertificate, GateRules } from '../../platform/network.ts'

/* What hosts prove themselves by and are shown, as files that a person named. Nothing is looked for where nobody said so. */

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

/**
 * Authorities of one host, from one file or several.
 *
 * @throws Failure `ca-form`, `file-unreadable`
 */
export async function readAuthorities(paths: readonly string[], host: string): Promise<string> {
  const all: string[] = []
  for (const path of paths) {
    const pem = (await readCapped(path, limits.authFileBytes)).toString('utf8')
    const found = notCertificates(pem)
    if (found !== null) throw new Failure('ca-form', { path, expected: 'certificates in PEM', found, host })
    all.push(pem)
  }
  return all.join('\n')
}

function keyProblem(cert: string, key: string): string | null {
  try {
    const fits = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
    return fits ? null : 'a key of another certificate'
  } catch {
    return /ENCRYPTED/.test(key) ? 'a key that is encrypted' : 'a key that cannot be read'
  }
}

/**
 * A certificate that proves to a host who asks, with its key, which is in no message.
 *
 * @throws Failure `client-form`, `file-unreadable`
 */
export async function readClient(cert: string, key: string, host: string): Promise<ClientCertificate> {
  const [pem, secret] = [
    (await readCapped(cert, limits.authFileBytes)).toString('utf8'),
    (await readCapped(key, limits.authFileBytes)).toString('utf8'),
  ]
  const found = notCertificates(pem) ?? keyProblem(pem, secret)
  if (found !== null) throw new Failure('client-form', { path: cert, host, found })
  return { cert: pem, key: secret }
}

// A host as the folder spells it; what is none is for nobody that could be asked.
function hostIn(name: string): string | null {
  try {
    return apiHost(spelledHost(name))
  } catch {
    return null
  }
}

async function namesIn(folder: string, kind: 'files' | 'folders', most: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new Failure('file-unreadable', { path: folder, found: causeOf(error) }, error)
  })
  if (entries.length > most) throw new Failure('too-many', { subject: folder, expected: most })
  const other = kind === 'files' ? 'isDirectory' : 'isFile'
  return entries.flatMap((one) => (one[other]() ? [] : [one.name])).sort()
}

async function clientIn(
  folder: string,
  names: readonly string[],
  host: string,
): Promise<ClientCertificate | null> {
  const stems = (ending: string): string[] =>
    names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length))
  const [certs, keys] = [stems('.cert'), stems('.key')]
  if (certs.length === 0 && keys.length === 0) return null
  const [stem] = certs
  if (certs.length !== 1 || stem === undefined || keys.length !== 1 || keys[0] !== stem) {
    const found = `${certs.length} .cert and ${keys.length} .key, not one of each by one name`
    throw new Failure('client-form', { path: folder, host, found })
  }
  const [cert, key] = await Promise.all([
    realPath(join(folder, `${stem}.cert`)),
    realPath(join(folder, `${stem}.key`)),
  ])
  return readClient(cert, key, host)
}

/**
 * A folder as Docker and podman keep one (`certs.d`): for each `HOST[:PORT]` the authorities in `*.crt`, and at most one
 * `NAME.cert` with its `NAME.key`. Links in it are followed: packages of systems link to where their authorities are.
 *
 * @throws Failure `ca-form`, `client-form`, `file-unreadable`, `too-many`
 */
export async function readCertsFolder(folder: string): Promise<Required<Pick<GateRules, 'ca' | 'clients'>>> {
  const ca: Record<string, string> = {}
  const clients: Record<string, ClientCertificate> = {}
  for (const name of await namesIn(folder, 'folders', limits.certificateHosts)) {
    const host = hostIn(name)
    if (host === null) continue
    const own = join(folder, name)
    const names = await namesIn(own, 'files', limits.certificateFiles)
    const authorities = names.filter((one) => one.endsWith('.crt'))
    const paths = await Promise.all(authorities.map((one) => realPath(join(own, one))))
    if (paths.length > 0) ca[host] = await readAuthorities(paths, host)
    const client = await clientIn(own, names, host)
    if (client !== null) clients[host] = client
  }
  return { ca, clients }
}

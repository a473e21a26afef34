import { X509Certificate } from 'node:crypto'
import { Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { noCredentials, parseCredentials, type Credentials } from '../../oci/credentials.ts'
import type { Context } from './context.ts'

/** What an act that speaks to a registry was given: credentials and certificate authorities, by place. */
interface AccessInput {
  readonly auth?: string | undefined
  readonly ca?: readonly { readonly host: string; readonly place: string }[] | undefined
}

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
 * Credentials (in the form of docker's `config.json`) and a CA for each host that was named.
 *
 * @throws Failure `auth-form`, `ca-form`, `file-unreadable`
 */
export async function readAccess(
  context: Context,
  input: AccessInput,
): Promise<{ readonly credentials: Credentials; readonly ca: Readonly<Record<string, string>> }> {
  const { auth } = input
  const credentials =
    auth === undefined
      ? noCredentials
      : parseCredentials(await readCapped(context.places.path(auth, 'auth'), limits.authFileBytes))
  const ca: Record<string, string> = {}
  for (const { host, place } of input.ca ?? []) {
    const path = context.places.path(place, 'ca')
    const pem = (await readCapped(path, limits.authFileBytes)).toString('utf8')
    const found = notCertificates(pem)
    if (found !== null) throw new Failure('ca-form', { path, expected: 'certificates in PEM', found, host })
    ca[host] = pem
  }
  return { credentials, ca }
}

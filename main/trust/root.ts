import { X509Certificate } from 'node:crypto'
import type { AuthorityView } from '../../shared/changes.ts'
import { Refusal } from '../sigstore/refusal.ts'
import { nameOfRootFile } from '../sigstore/root-forms.ts'
import { readTrustedRoot, type TrustedLog, type TrustedRoot } from '../sigstore/trusted-root.ts'
import type { Authority, Window } from '../sigstore/x509/chain.ts'

/** Why bytes are not a file of trusted roots. */
export class RootError extends Error {}

/** What a file of trusted roots names, for people to look at. */
export interface RootContent {
  readonly authorities: readonly AuthorityView[]
  /** What it names that this program cannot use, and why. */
  readonly unusable: readonly string[]
}

const timeOf = (at: number): string | null =>
  Number.isFinite(at) ? new Date(at).toISOString().replace('.000Z', 'Z') : null
const spanOf = ({ start, end }: Window): Pick<AuthorityView, 'from' | 'to'> => ({
  from: timeOf(start),
  to: timeOf(end),
})

function subjectOf(der: Buffer, otherwise: string): string {
  try {
    return new X509Certificate(der).subject.replaceAll('\n', ', ') || otherwise
  } catch {
    return otherwise
  }
}

const ofLogs = (kind: AuthorityView['kind'], logs: readonly TrustedLog[]): AuthorityView[] =>
  logs.map(({ baseUrl, key, window }) => ({
    kind,
    name: baseUrl,
    fingerprint: key.fingerprint,
    ...spanOf(window),
  }))

const ofChains = (kind: AuthorityView['kind'], all: readonly Authority[]): AuthorityView[] =>
  all.flatMap(({ uri, certificates, window }) =>
    certificates.map(({ der, fingerprint }) => ({
      kind,
      name: subjectOf(der, uri),
      fingerprint,
      ...spanOf(window),
    })),
  )

/**
 * Every authority, log and timestamp authority that a trusted root names, by fingerprint.
 *
 * @throws RootError where there is none
 */
export function contentOf(root: TrustedRoot): RootContent {
  const authorities = [
    ...ofChains('certificate authority', root.authorities),
    ...ofLogs('log', root.logs),
    ...ofLogs('certificate log', root.certificateLogs),
    ...ofChains('timestamp authority', root.timestampAuthorities),
  ]
  if (authorities.length === 0) throw new RootError('no authority and no log that can be used')
  return { authorities, unusable: root.unusable }
}

/**
 * The same of a file of trusted roots.
 *
 * @throws RootError
 */
export function contentOfRoot(bytes: Uint8Array): RootContent {
  try {
    return contentOf(readTrustedRoot(bytes))
  } catch (error) {
    if (error instanceof Refusal) {
      const form = nameOfRootFile(Buffer.from(bytes))
      throw new RootError(form ?? `${error.reason.found} (${error.reason.code})`)
    }
    throw error
  }
}

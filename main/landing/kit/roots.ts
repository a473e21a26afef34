import { X509Certificate } from 'node:crypto'
import { readTrustedRoot, type TrustedLog } from '../../sigstore/trusted-root.ts'
import type { Authority } from '../../sigstore/x509/chain.ts'
import type { KitRoot } from './kit-facts.ts'

const pem = (label: string, der: Buffer): string =>
  `-----BEGIN ${label}-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`

/** An authority as engines want it. */
export interface PemAuthority {
  readonly uri: string
  readonly organization: string
  readonly commonName: string
  /** The chain, the anchor last. */
  readonly chain: string
}

/** A log as engines want it. */
export interface PemLog {
  readonly baseUrl: string
  readonly key: string
  /** Whether it is a key of ECDSA: some engines take no other. */
  readonly ecdsa: boolean
}

/** What a trusted root names, in PEM: the form in which engines take it. Windows of validity are lost. */
export interface PemRoot {
  readonly authorities: readonly PemAuthority[]
  readonly logs: readonly PemLog[]
  readonly certificateLogs: readonly PemLog[]
  readonly timestamps: readonly PemAuthority[]
}

// What a certificate calls its holder; an authority that calls itself nothing is called by its address.
function subjectOf(der: Buffer, name: 'O' | 'CN', uri: string): string {
  const line = new X509Certificate(der).subject.split('\n').find((one) => one.startsWith(`${name}=`))
  return line?.slice(name.length + 1) ?? (uri === '' ? 'unnamed' : uri)
}

function authority({ uri, certificates }: Authority): PemAuthority {
  const anchor = certificates.at(-1)?.der ?? Buffer.alloc(0)
  return {
    uri,
    organization: subjectOf(anchor, 'O', uri),
    commonName: subjectOf(anchor, 'CN', uri),
    chain: certificates.map(({ der }) => pem('CERTIFICATE', der)).join(''),
  }
}

const log = ({ baseUrl, key }: TrustedLog): PemLog => ({
  baseUrl,
  key: pem('PUBLIC KEY', key.spki),
  ecdsa: /^p[0-9]+$/.test(key.kind),
})

function takenApart({ bytes }: KitRoot): PemRoot {
  const root = readTrustedRoot(bytes)
  return {
    authorities: root.authorities.map(authority),
    logs: root.logs.map(log),
    certificateLogs: root.certificateLogs.map(log),
    timestamps: root.timestampAuthorities.map(authority),
  }
}

// It is asked for again with every repository.
const known = new WeakMap<KitRoot, PemRoot>()

/**
 * Takes a trusted root apart.
 *
 * @throws Refusal `root.*`
 */
export function pemRoot(root: KitRoot): PemRoot {
  const parts = known.get(root) ?? takenApart(root)
  known.set(root, parts)
  return parts
}

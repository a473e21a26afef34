import { createHash } from 'node:crypto'
import type { TestKey } from '../pki/key.ts'

/** A key of a log, as a trusted root names it. */
export interface LogPlan {
  readonly url: string
  readonly key: TestKey
  /** The name in its checkpoints, when its id is made from that (Rekor v2 with Ed25519). */
  readonly origin?: string
  readonly operator?: string
  readonly start?: string
  readonly end?: string
}

/** An authority, as a trusted root names it: its chain without what is in bundles. */
export interface ChainPlan {
  readonly url: string
  readonly chain: readonly Buffer[]
  readonly operator?: string
  readonly start?: string
  readonly end?: string
}

const start = '2020-01-01T00:00:00Z'

const detailsOf: Partial<Record<TestKey['kind'], string>> = {
  p256: 'PKIX_ECDSA_P256_SHA_256',
  p384: 'PKIX_ECDSA_P384_SHA_384',
  p521: 'PKIX_ECDSA_P521_SHA_512',
  ed25519: 'PKIX_ED25519',
}

/** The id of a log: SHA-256 of its key, or of name and key for Ed25519 with a name (C2SP). */
export function idOf({ key, origin }: Pick<LogPlan, 'key' | 'origin'>): Buffer {
  const hash = createHash('sha256')
  if (key.kind !== 'ed25519' || origin === undefined) return hash.update(key.spki).digest()
  return hash
    .update(`${origin}\n`)
    .update(Buffer.from([1]))
    .update(key.spki.subarray(-32))
    .digest()
}

const validity = (plan: { readonly start?: string; readonly end?: string }): object => ({
  start: plan.start ?? start,
  ...(plan.end === undefined ? {} : { end: plan.end }),
})

const operatorOf = (plan: { readonly operator?: string }): object =>
  plan.operator === undefined ? {} : { operator: plan.operator }

const logOf = (plan: LogPlan): object => ({
  baseUrl: plan.url,
  hashAlgorithm: 'SHA2_256',
  publicKey: {
    rawBytes: plan.key.spki.toString('base64'),
    keyDetails: detailsOf[plan.key.kind] ?? 'PKIX_RSA_PKCS1V15_3072_SHA256',
    validFor: validity(plan),
  },
  logId: { keyId: idOf(plan).toString('base64') },
  ...operatorOf(plan),
})

const chainOf = (plan: ChainPlan): object => ({
  subject: { organization: 'sallyport test', commonName: 'test' },
  uri: plan.url,
  certChain: { certificates: plan.chain.map((one) => ({ rawBytes: one.toString('base64') })) },
  validFor: validity(plan),
  ...operatorOf(plan),
})

/** What a trusted root is made from. */
export interface TrustedRootPlan {
  readonly logs?: readonly LogPlan[]
  readonly ctLogs?: readonly LogPlan[]
  readonly authorities?: readonly ChainPlan[]
  readonly timestampAuthorities?: readonly ChainPlan[]
}

/** A trusted_root.json; of version 0.2 as soon as an operator is named. */
export function trustedRoot(plan: TrustedRootPlan): object {
  const logs = [...(plan.logs ?? []), ...(plan.ctLogs ?? [])]
  const chains = [...(plan.authorities ?? []), ...(plan.timestampAuthorities ?? [])]
  const second = [...logs, ...chains].some(({ operator }) => operator !== undefined)
  return {
    mediaType: second
      ? 'application/vnd.dev.sigstore.trustedroot.v0.2+json'
      : 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: (plan.logs ?? []).map(logOf),
    certificateAuthorities: (plan.authorities ?? []).map(chainOf),
    ctlogs: (plan.ctLogs ?? []).map(logOf),
    timestampAuthorities: (plan.timestampAuthorities ?? []).map(chainOf),
  }
}

/** A service in a signing configuration. */
export interface ServicePlan {
  readonly url: string
  readonly version?: number
  readonly operator?: string
  readonly start?: string
  readonly end?: string
}

/** What a signing configuration is made from. */
export interface SigningConfigPlan {
  readonly fulcio?: readonly ServicePlan[]
  readonly issuers?: readonly ServicePlan[]
  readonly rekor?: readonly ServicePlan[]
  readonly tsa?: readonly ServicePlan[]
  readonly logSelector?: { readonly selector: string; readonly count?: number }
  readonly tsaSelector?: { readonly selector: string; readonly count?: number }
}

const serviceOf = (plan: ServicePlan): object => ({
  url: plan.url,
  majorApiVersion: plan.version ?? 1,
  validFor: validity(plan),
  operator: plan.operator ?? 'priv.test',
})

/** A signing_config.json (v0.2). */
export function signingConfig(plan: SigningConfigPlan): object {
  return {
    mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
    caUrls: (plan.fulcio ?? []).map(serviceOf),
    oidcUrls: (plan.issuers ?? []).map(serviceOf),
    rekorTlogUrls: (plan.rekor ?? []).map(serviceOf),
    tsaUrls: (plan.tsa ?? []).map(serviceOf),
    ...(plan.rekor === undefined ? {} : { rekorTlogConfig: plan.logSelector ?? { selector: 'ANY' } }),
    ...(plan.tsa === undefined ? {} : { tsaConfig: plan.tsaSelector ?? { selector: 'ANY' } }),
  }
}

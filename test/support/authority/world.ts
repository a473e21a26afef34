import { readTrustedRoot, type TrustedRoot } from '../../../main/sigstore/trusted-root.ts'
import {
  certificateBody,
  emptyName,
  makeAuthority,
  makeCertificate,
  makeTimestampLeaf,
  type CertificatePlan,
  type TestAuthority,
} from '../pki/certificate.ts'
import {
  authorityKeyIdentifier,
  extendedKeyUsage,
  fulcioIssuer,
  generalName,
  keyUsage,
  sctList,
  subjectAltName,
  subjectKeyIdentifier,
} from '../pki/extensions.ts'
import { makeKey, type TestKey } from '../pki/key.ts'
import { makeSct, type SctPlan } from '../pki/sct.ts'
import { trustedRoot, type TrustedRootPlan } from '../sigstore/documents.ts'
import type { TestLog } from './log.ts'
import { sharedKey } from './scheme.ts'

/** When everything honest is signed. */
export const moment = new Date('2026-01-10T12:00:00Z')
export const minutes = (n: number): Date => new Date(moment.getTime() + n * 60_000)

/** Who signs, in every honest certificate. */
export const alice = { san: 'alice@priv.test', issuer: 'https://issuer.priv.test' }

const log = (style: TestLog['style'], host: string, key: TestKey, operator: string): TestLog => ({
  style,
  url: `https://${host}`,
  key,
  name: host,
  origin: style === 'v1' ? `${host} - 2605736670972794746` : host,
  operator,
})

const root = makeAuthority({ name: 'root', pathLength: 1 })
const codeSigner = makeAuthority({ name: 'signers', parent: root, pathLength: 0, purposes: ['codeSigning'] })
const stampRoot = makeAuthority({ name: 'stamp root' })
const stampAuthority = makeAuthority({ name: 'stamps', parent: stampRoot, purposes: ['timeStamping'] })
const rsaRoot = makeAuthority({ name: 'rsa stamp root', kind: 'rsa3072' })
const bareRoot = makeAuthority({ name: 'bare stamp root', kind: 'p256' })

/** A whole private Sigstore: certificate authority, certificate log, three logs, three timestamp authorities. */
export const world = {
  root,
  codeSigner,
  certificateLog: makeKey('p256'),
  /** Rekor v1. */
  one: log('v1', 'log-one.test', makeKey('p256'), 'one'),
  /** Rekor v2 with Ed25519, and with ECDSA. */
  two: log('v2', 'log-two.test', makeKey('ed25519'), 'two'),
  three: log('v2', 'log-three.test', makeKey('p256'), 'three'),
  stampAuthority,
  /** In the trusted root with its leaf. */
  stamper: makeTimestampLeaf(stampAuthority),
  rsaStamper: makeTimestampLeaf(rsaRoot, 'rsa3072'),
  /** Only its authority is in the trusted root: the leaf must be in the answer. */
  embeddedStamper: makeTimestampLeaf(bareRoot, 'p256'),
}

const plan: Required<TrustedRootPlan> = {
  logs: [world.one, { ...world.two, origin: world.two.origin }, world.three],
  ctLogs: [{ url: 'https://ct.test', key: world.certificateLog, operator: 'ct' }],
  authorities: [{ url: 'https://ca.test', chain: codeSigner.chain, operator: 'ca' }],
  timestampAuthorities: [
    { url: 'https://stamp.test', chain: world.stamper.chain, operator: 'stamp' },
    { url: 'https://rsa-stamp.test', chain: world.rsaStamper.chain, operator: 'rsa-stamp' },
    { url: 'https://bare-stamp.test', chain: bareRoot.chain, operator: 'bare-stamp' },
  ],
}

/** The trusted root that names all of it, or what a test makes of it. */
export function worldRoot(change: (plan: Required<TrustedRootPlan>) => TrustedRootPlan = (same) => same) {
  return Buffer.from(JSON.stringify(trustedRoot(change(plan))))
}

const files = new WeakMap<TrustedRoot, Buffer>()

/** A trusted root that is read, and remembered with its bytes. */
export function rootFrom(bytes: Buffer): TrustedRoot {
  const root = readTrustedRoot(bytes)
  files.set(root, bytes)
  return root
}

/** The bytes that a trusted root of these tests was read from. */
export function rootBytes(root: TrustedRoot): Buffer {
  const bytes = files.get(root)
  if (bytes === undefined) throw new Error('a trusted root from elsewhere')
  return bytes
}
export const trust: TrustedRoot = rootFrom(worldRoot())

/** What a signer's certificate is made from; honest unless a part is given. */
export interface LeafPlan {
  readonly key?: TestKey
  readonly authority?: TestAuthority
  readonly usage?: readonly Buffer[]
  readonly purposes?: readonly Buffer[]
  readonly names?: readonly Buffer[]
  readonly issuer?: readonly Buffer[]
  readonly more?: readonly Buffer[]
  readonly sct?: Partial<SctPlan> | null
  /** The extension that holds the timestamps, when it is not made from `sct`. */
  readonly scts?: readonly Buffer[]
  readonly change?: Partial<CertificatePlan>
}

/** A certificate as Fulcio gives it: ten minutes, one name, one issuer, a certificate timestamp. */
export function makeLeaf(leaf: LeafPlan = {}): { readonly der: Buffer; readonly key: TestKey } {
  const key = leaf.key ?? sharedKey('p256')
  const authority = leaf.authority ?? world.codeSigner
  const extensions = [
    ...(leaf.usage ?? [keyUsage('digitalSignature')]),
    ...(leaf.purposes ?? [extendedKeyUsage(['codeSigning'])]),
    subjectKeyIdentifier(key.spki),
    authorityKeyIdentifier(authority.key.spki),
    ...(leaf.names ?? [subjectAltName([generalName.email(alice.san)])]),
    ...(leaf.issuer ?? fulcioIssuer(alice.issuer)),
    ...(leaf.more ?? []),
  ]
  const bare: CertificatePlan = {
    subject: emptyName,
    issuer: authority.name,
    key,
    signer: authority.key,
    notBefore: minutes(-1),
    notAfter: minutes(9),
    serial: Buffer.from('5a11f047', 'hex'),
    extensions,
    ...leaf.change,
  }
  const of = { body: certificateBody(bare), issuerSpki: authority.key.spki }
  const honest = (): Buffer[] =>
    leaf.sct === null
      ? []
      : [sctList([makeSct({ log: world.certificateLog, at: minutes(-1), of, ...leaf.sct })])]
  const scts = leaf.scts ?? honest()
  const all = [...(bare.extensions ?? []), ...scts]
  return { der: makeCertificate({ ...bare, extensions: all }), key }
}

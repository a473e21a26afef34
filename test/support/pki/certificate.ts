import { randomBytes } from 'node:crypto'
import { basicConstraints, extendedKeyUsage, keyUsage, type purposes } from './extensions.ts'
import { authorityKeyIdentifier, subjectKeyIdentifier } from './extensions.ts'
import { explicit, integer, oid, sequence, set, time, utf8 } from './der.ts'
import {
  algorithmFor,
  makeKey,
  pem,
  signed,
  type TestAlgorithm,
  type TestKey,
  type TestKeyKind,
} from './key.ts'

/** What a certificate is made from. Nothing is checked: any flaw can be made. */
export interface CertificatePlan {
  /** A common name with organisation `sallyport test`, or the DER of a whole name (empty for Fulcio's leaves). */
  readonly subject: string | Buffer
  readonly issuer: string | Buffer
  /** The key that the certificate is about; only its public half is used. */
  readonly key: { readonly spki: Buffer }
  /** The key that signs; its algorithm unless another is given. */
  readonly signer: TestKey
  readonly notBefore: Date
  readonly notAfter: Date
  /** The DER of the validity, in place of the two times. */
  readonly validity?: Buffer
  readonly extensions?: readonly Buffer[]
  /** Default: 16 random bytes. */
  readonly serial?: Buffer
  /** 0 for v1, 2 for v3 (default). */
  readonly version?: number
  readonly algorithm?: TestAlgorithm
  /** An algorithm stated inside the certificate that differs from the one around it. */
  readonly stated?: TestAlgorithm
  /** What stands in the place of the version, and of what comes behind the key. */
  readonly stated0?: Buffer
  readonly changeEnd?: (end: readonly Buffer[]) => readonly Buffer[]
  readonly changeSignature?: (signature: Buffer) => Buffer
}

/** The DER of a distinguished name: O=sallyport test, CN=`commonName`. */
export function distinguishedName(commonName: string): Buffer {
  const part = (dotted: string, text: string): Buffer => set(sequence(oid(dotted), utf8(text)))
  return sequence(part('2.5.4.10', 'sallyport test'), part('2.5.4.3', commonName))
}

/** A name without any part, as the subject of Fulcio's leaves. */
export const emptyName: Buffer = sequence()

const nameOf = (name: string | Buffer): Buffer => (typeof name === 'string' ? distinguishedName(name) : name)

/** The part of a certificate that is signed. */
export function certificateBody(plan: CertificatePlan): Buffer {
  const algorithm = plan.stated ?? plan.algorithm ?? algorithmFor(plan.signer.kind)
  const version = plan.version ?? 2
  const end = (plan.extensions ?? []).length === 0 ? [] : [explicit(3, sequence(...(plan.extensions ?? [])))]
  return sequence(
    ...(version === 0 ? [] : [plan.stated0 ?? explicit(0, integer(version))]),
    integer(plan.serial ?? randomBytes(16)),
    algorithm.identifier,
    nameOf(plan.issuer),
    plan.validity ?? sequence(time(plan.notBefore), time(plan.notAfter)),
    nameOf(plan.subject),
    plan.key.spki,
    ...(plan.changeEnd ?? ((end) => end))(end),
  )
}

/** A certificate, DER. */
export function makeCertificate(plan: CertificatePlan): Buffer {
  const algorithm = plan.algorithm ?? algorithmFor(plan.signer.kind)
  return signed(certificateBody(plan), plan.signer, algorithm, plan.changeSignature)
}

/** An authority of a test: its certificate, its key, and the chain up to the root (itself first). */
export interface TestAuthority {
  readonly name: string | Buffer
  readonly key: TestKey
  readonly certificate: Buffer
  readonly chain: readonly Buffer[]
}

interface AuthorityPlan {
  readonly name: string
  readonly parent?: TestAuthority
  readonly kind?: TestKeyKind
  readonly pathLength?: number
  readonly purposes?: readonly (keyof typeof purposes)[]
  readonly notBefore?: Date
  readonly notAfter?: Date
  readonly change?: Partial<CertificatePlan>
}

/** A root (without parent) or an intermediate, from 2020 to 2050 unless said otherwise. */
export function makeAuthority(plan: AuthorityPlan): TestAuthority {
  const key = makeKey(plan.kind ?? 'p384')
  const parent = plan.parent
  const signer = parent?.key ?? key
  const certificate = makeCertificate({
    subject: plan.name,
    issuer: parent?.name ?? plan.name,
    key,
    signer,
    notBefore: plan.notBefore ?? new Date('2020-01-01T00:00:00Z'),
    notAfter: plan.notAfter ?? new Date('2050-01-01T00:00:00Z'),
    extensions: [
      basicConstraints(true, plan.pathLength),
      keyUsage('keyCertSign', 'cRLSign'),
      ...(plan.purposes === undefined ? [] : [extendedKeyUsage(plan.purposes)]),
      subjectKeyIdentifier(key.spki),
      ...(parent === undefined ? [] : [authorityKeyIdentifier(parent.key.spki)]),
    ],
    ...plan.change,
  })
  return { name: plan.name, key, certificate, chain: [certificate, ...(parent?.chain ?? [])] }
}

/** A leaf of a timestamp authority: time stamping, critical and alone, unless changed. */
export function makeTimestampLeaf(
  parent: TestAuthority,
  kind: TestKeyKind = 'p256',
  change: Partial<CertificatePlan> = {},
): TestAuthority {
  const key = makeKey(kind)
  const certificate = makeCertificate({
    subject: 'timestamps',
    issuer: parent.name,
    key,
    signer: parent.key,
    notBefore: new Date('2020-01-01T00:00:00Z'),
    notAfter: new Date('2050-01-01T00:00:00Z'),
    extensions: [
      keyUsage('digitalSignature'),
      extendedKeyUsage(['timeStamping'], true),
      subjectKeyIdentifier(key.spki),
      authorityKeyIdentifier(parent.key.spki),
    ],
    ...change,
  })
  return { name: 'timestamps', key, certificate, chain: [certificate, ...parent.chain] }
}

/** A chain as one PEM text, in the order given. */
export function chainPem(chain: readonly Buffer[]): string {
  return chain.map((one) => pem('CERTIFICATE', one)).join('')
}

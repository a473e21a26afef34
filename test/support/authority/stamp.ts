import { explicit, generalizedTime, integer, nothing, octets, oid, sequence, set, tlv } from '../pki/der.ts'
import { partsOf } from '../pki/der.ts'
import { algorithmFor, signWith, type TestAlgorithm, type TestKey } from '../pki/key.ts'
import { digest } from './scheme.ts'

const oids = {
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const
type Hash = 'sha1' | 'sha256' | 'sha384' | 'sha512'
type Change = (parts: readonly Buffer[]) => readonly Buffer[]
const changed = (change: Change | undefined, ...parts: readonly Buffer[]): readonly Buffer[] =>
  change === undefined ? parts : change(parts)
const algorithm = (hash: Hash): Buffer => sequence(oid(oids[hash]), nothing)

/** What a timestamp is made from: an honest one, unless a part is given. */
export interface StampPlan {
  readonly certificate: Buffer
  readonly key: TestKey
  readonly at: Date
  /** What is stamped: the signature of the bundle, if honest. */
  readonly over: Uint8Array
  readonly imprintHash?: Hash
  readonly hash?: Hash
  /** Certificates in the answer (certReq); none unless given. */
  readonly embed?: readonly Buffer[]
  readonly status?: number
  /** What stands behind the status. */
  readonly said?: readonly Buffer[]
  /** The certificate that the signer says it is (ESS). */
  readonly means?: Buffer
  readonly stated?: Buffer
  /** The parts of TSTInfo, of SignedData, of its signer and of the token; as they are unless changed. */
  readonly info?: Change
  readonly data?: Change
  readonly signer?: Change
  readonly token?: Change
  /** The elements inside `[0]` that hold the content, and SignedData. */
  readonly contents?: Change
  readonly wrapped?: Change
  readonly attributes?: (attributes: readonly Buffer[]) => readonly Buffer[]
  readonly signers?: (signer: Buffer) => readonly Buffer[]
  readonly algorithm?: TestAlgorithm
  readonly changeSignature?: (signature: Buffer) => Buffer
}

const attribute = (type: string, value: Buffer): Buffer => sequence(oid(type), set(value))

function stated(plan: StampPlan): Buffer {
  const hash = plan.imprintHash ?? 'sha256'
  return sequence(
    ...changed(
      plan.info,
      integer(1),
      oid('1.3.6.1.4.1.57264.2'),
      sequence(algorithm(hash), octets(digest(hash, plan.over))),
      integer(4711),
      generalizedTime(plan.at),
    ),
  )
}

function signerInfo(plan: StampPlan, content: Buffer): Buffer {
  const hash = plan.hash ?? 'sha256'
  const means = digest('sha256', plan.means ?? plan.certificate)
  const honest = [
    attribute(oids.contentType, oid(oids.tstInfo)),
    attribute(oids.messageDigest, octets(digest(hash, content))),
    attribute(oids.signingCertificateV2, sequence(sequence(sequence(octets(means))))),
  ]
  const attributes = [...(plan.attributes ?? ((all) => all))(honest)].sort((a, b) => Buffer.compare(a, b))
  const used = plan.algorithm ?? algorithmFor(plan.key.kind)
  const signature = signWith(plan.key, set(...attributes), used)
  const [, serial = nothing, , issuer = nothing] = partsOf(partsOf(plan.certificate)[0] ?? nothing)
  return sequence(
    ...changed(
      plan.signer,
      integer(1),
      sequence(issuer, serial),
      algorithm(hash),
      tlv(0xa0, ...attributes),
      used.identifier,
      octets((plan.changeSignature ?? ((same) => same))(signature)),
    ),
  )
}

/** A TimeStampResp (RFC 3161), DER. */
export function makeStamp(plan: StampPlan): Buffer {
  const content = plan.stated ?? stated(plan)
  const info = signerInfo(plan, content)
  const inside = changed(plan.contents, octets(content))
  const signedData = sequence(
    ...changed(
      plan.data,
      integer(3),
      set(algorithm(plan.hash ?? 'sha256')),
      sequence(oid(oids.tstInfo), explicit(0, ...inside)),
      ...((plan.embed ?? []).length === 0 ? [] : [tlv(0xa0, ...(plan.embed ?? []))]),
      set(...(plan.signers ?? ((one) => [one]))(info)),
    ),
  )
  const token = changed(plan.token, oid(oids.signedData), explicit(0, ...changed(plan.wrapped, signedData)))
  return sequence(sequence(integer(plan.status ?? 0), ...(plan.said ?? [])), sequence(...token))
}

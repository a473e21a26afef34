import { z } from 'zod'
import { hexOf, type Digest } from '../../shared/digest.ts'
import { zAnyReference, zDigest, zHex64, zName, zText, zTime } from '../../shared/schema.ts'
import type { Waybill } from '../../shared/waybill.ts'
import { EnvelopeError, envelopeVerifies, parseEnvelope } from '../sigstore/envelope.ts'
import type { PublicKey } from '../sigstore/public-key.ts'
import { parseStatement, type Subject } from '../sigstore/statement.ts'

/*
 * The provenance of a bundle itself (SLSA provenance v1): which desk made it with which program, from which sources.
 * Signed by the station, which speaks for the installation only; people sign the waybill, which pins this file.
 */

export const provenanceType = 'https://slsa.dev/provenance/v1'
export const provenanceMediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
const buildType = 'urn:sallyport:collect:v1'
const builder = 'urn:sallyport:app'

const zPredicate = z.strictObject({
  buildDefinition: z.strictObject({
    buildType: z.literal(buildType),
    externalParameters: z.strictObject({ name: zName, channel: zName, request: zDigest }),
    resolvedDependencies: z.array(
      z.strictObject({
        name: zAnyReference,
        uri: z.string().max(1024),
        digest: z.strictObject({ sha256: zHex64 }),
      }),
    ),
  }),
  runDetails: z.strictObject({
    builder: z.strictObject({
      id: z.literal(builder),
      version: z.strictObject({ sallyport: zText, station: zHex64 }),
    }),
    metadata: z.strictObject({ invocationId: zText, finishedOn: zTime }),
  }),
})
type Predicate = z.output<typeof zPredicate>

/** What is known where a bundle is made. */
export interface Making {
  readonly consignment: string
  readonly name: string
  readonly channel: string
  readonly request: Digest
  readonly created: string
  readonly version: string
  /** SHA-256 of the station's key, hex. */
  readonly station: string
  /** Every source: as it was asked for, where it came from, what it was. */
  readonly sources: readonly { readonly reference: string; readonly from: string; readonly digest: Digest }[]
}

/** The predicate of a bundle's provenance. */
export function provenanceOf(making: Making): Predicate {
  const { name, channel, request, consignment, created, version, station } = making
  return {
    buildDefinition: {
      buildType,
      externalParameters: { name, channel, request },
      resolvedDependencies: making.sources.map(({ reference, from, digest }) => ({
        name: reference,
        uri: from,
        digest: { sha256: hexOf(digest) },
      })),
    },
    runDetails: {
      builder: { id: builder, version: { sallyport: version, station } },
      metadata: { invocationId: consignment, finishedOn: created },
    },
  }
}

/** What the provenance is about: the index of the bundle. */
export const provenanceSubject = (index: Digest): Subject => ({ name: 'index.json', digest: index })

const differing = (waybill: Waybill, { buildDefinition }: Predicate): string | null => {
  const { externalParameters, resolvedDependencies } = buildDefinition
  if (externalParameters.request !== waybill.request.digest) return 'it names another request'
  if (externalParameters.channel !== waybill.channel || externalParameters.name !== waybill.name) {
    return 'it names another bundle'
  }
  const sources = new Map(resolvedDependencies.map(({ name, digest }) => [name, digest.sha256]))
  const missing = waybill.items.find((item) => sources.get(item.reference) !== hexOf(item.root.digest))
  return missing === undefined ? null : `it does not say where ${missing.reference} came from`
}

/** What speaks against a provenance being that of this waybill by this station, in words; `null` when nothing does. */
export function provenanceProblem(bytes: Buffer, waybill: Waybill, station: PublicKey): string | null {
  try {
    const envelope = parseEnvelope(bytes)
    if (!envelopeVerifies(envelope, station)) return 'the station of the sender did not sign it'
    const { subjects, predicate } = parseStatement(envelope.payload, provenanceType, zPredicate)
    const [subject] = subjects
    if (subjects.length !== 1 || subject?.digest !== waybill.index.digest) return 'it is about another index'
    return differing(waybill, predicate)
  } catch (error) {
    if (error instanceof EnvelopeError) return error.message
    throw error
  }
}

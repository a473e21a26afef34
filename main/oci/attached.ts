import type { ImageManifest } from './manifest.ts'
import { madeManifest, smallBlob, type MadeManifest } from './made-manifest.ts'
import { ociConfig, ociManifest } from './media-types.ts'
import type { SmallBlob } from './upload-bytes.ts'

/** What lies at one of cosign's older tags, by the end of the tag. */
export const attachedTypes = {
  sig: 'application/vnd.dev.cosign.simplesigning.v1+json',
  att: 'application/vnd.dsse.envelope.v1+json',
} as const
export type AttachedKind = keyof typeof attachedTypes

/** Where cosign keeps the signature of a layer; empty for an attestation, which has its own inside. */
export const signatureAnnotation = 'dev.cosignproject.cosign/signature'

/** One layer at such a tag; without its bytes where the repository has it already. */
export interface AttachedLayer {
  readonly blob: Pick<SmallBlob, 'digest'> & { readonly size: number; readonly bytes?: Buffer }
  readonly annotations: Readonly<Record<string, string>>
}

const sized = (bytes: Buffer): AttachedLayer['blob'] => ({ ...smallBlob(bytes), size: bytes.length })

/** A signature in the older form. */
export const signatureLayer = (payload: Buffer, signature: Buffer): AttachedLayer => ({
  blob: sized(payload),
  annotations: { [signatureAnnotation]: signature.toString('base64') },
})

/** An attestation in the older form: its envelope alone. */
export function envelopeLayer(payload: Buffer, signature: Buffer, predicateType: string): AttachedLayer {
  const envelope = {
    payloadType: 'application/vnd.in-toto+json',
    payload: payload.toString('base64'),
    signatures: [{ keyid: '', sig: signature.toString('base64') }],
  }
  return {
    blob: sized(Buffer.from(JSON.stringify(envelope))),
    annotations: { [signatureAnnotation]: '', predicateType },
  }
}

/** A layer by what tells it from others. */
export interface KnownLayer {
  readonly blob: Pick<SmallBlob, 'digest'>
  readonly annotations: Readonly<Record<string, string>>
}

/** Whether a layer lies there already: the same bytes with the same signature. */
export function holds(found: ImageManifest, { blob, annotations }: KnownLayer): boolean {
  return found.layers.some(
    (layer) =>
      layer.digest === blob.digest &&
      layer.annotations[signatureAnnotation] === annotations[signatureAnnotation],
  )
}

/**
 * What lies at such a tag once more layers are there: those that are there stay, in their order.
 *
 * @param found what lies there now; `null` for nothing
 */
export function withLayers(
  kind: AttachedKind,
  found: ImageManifest | null,
  layers: readonly AttachedLayer[],
): MadeManifest {
  const before = (found?.layers ?? []).map(({ mediaType, digest, size, annotations }) => ({
    mediaType,
    digest,
    size,
    annotations,
  }))
  const added = layers.map(({ blob, annotations }) => ({
    mediaType: attachedTypes[kind],
    digest: blob.digest,
    size: blob.size,
    annotations,
  }))
  const all = [...before, ...added]
  // cosign makes an image of it, whose config lists its layers; readers of images ask for one.
  const config = smallBlob(
    Buffer.from(
      JSON.stringify({
        architecture: '',
        created: '0001-01-01T00:00:00Z',
        history: all.map(() => ({ created: '0001-01-01T00:00:00Z' })),
        os: '',
        rootfs: { type: 'layers', diff_ids: all.map(({ digest }) => digest) },
        config: {},
      }),
    ),
  )
  const annotations = found === null || Object.keys(found.annotations).length === 0 ? {} : found.annotations
  const body = {
    schemaVersion: 2,
    mediaType: ociManifest,
    config: { mediaType: ociConfig, digest: config.digest, size: config.bytes.length },
    layers: all,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  }
  return madeManifest(body, [
    config,
    ...layers.flatMap(({ blob: { digest, bytes } }) => (bytes === undefined ? [] : [{ digest, bytes }])),
  ])
}

import { gzipSync } from 'node:zlib'
import * as zlib from 'node:zlib'
import { layer, pattern, sha256, types, type Content, type Named } from './images.ts'

/** A layer as a registry holds it, and what the config of its image says that it is. */
export interface PackedLayer {
  readonly stored: Buffer
  readonly diffId: string
  readonly mediaType: string
}

/** Bytes of a layer that compress to about half. */
export function plainLayer(seed: string, size = 3000): Buffer {
  return layer(seed, Buffer.concat([pattern(seed, size), Buffer.alloc(size)]))
}

export function gzipped(plain: Buffer): PackedLayer {
  return { stored: gzipSync(plain), diffId: sha256(plain), mediaType: `${types.layer}+gzip` }
}

/** Whether this runtime packs with zstd. */
export const hasZstd = typeof Reflect.get(zlib, 'zstdCompressSync') === 'function'

export function zstdPacked(plain: Buffer): PackedLayer {
  const pack = Reflect.get(zlib, 'zstdCompressSync') as (bytes: Buffer) => Buffer
  return { stored: pack(plain), diffId: sha256(plain), mediaType: `${types.layer}+zstd` }
}

/** An image of such layers; its config says whatever they say of themselves. */
export function packedImage(content: Content, layers: readonly PackedLayer[], architecture = 'amd64'): Named {
  const platform = { os: 'linux', architecture }
  const described = layers.map(({ stored, mediaType }) => content.blob(stored, mediaType))
  const config = content.blob(
    JSON.stringify({
      ...platform,
      config: {},
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
      history: layers.map(() => ({ created_by: 'test' })),
    }),
    types.config,
  )
  return content.manifest({ config, layers: described }, types.manifest, { platform })
}

import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'

/** What takes packed bytes and gives them unpacked; it counts those that it took. */
export type Unpacker = Transform & Pick<zlib.Zlib, 'bytesWritten'>

/** How a layer is packed. */
export type Packing = 'none' | 'gzip' | 'zstd'

const marks: readonly (readonly [Packing, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
]

/** Bytes at the beginning that tell a packing. */
export const packingHead = 4

/** The packing by what a layer begins with, as engines tell it: the media type is often another. */
export function packingOf(head: Uint8Array): Packing {
  return marks.find(([, mark]) => mark.every((byte, i) => head[i] === byte))?.[0] ?? 'none'
}

const options = { chunkSize: 256 * 1024 }

// The types of the oldest runtime that the app has do not know it; it came with Node 22.15.
function zstdOf(library: object): ((given: typeof options) => Unpacker) | null {
  const create: unknown = Reflect.get(library, 'createZstdDecompress')
  return typeof create === 'function' ? (create as (given: typeof options) => Unpacker) : null
}

/** What unpacks one layer; `null` where this runtime has nothing that does. */
export function unpackerOf(
  packing: Exclude<Packing, 'none'>,
  library: object = zlib,
): (() => Unpacker) | null {
  if (packing === 'gzip') return () => zlib.createGunzip(options)
  const create = zstdOf(library)
  return create === null ? null : () => create(options)
}

import type { Digest } from '../../shared/digest.ts'
import type { TaskContext } from '../platform/workers.ts'
import { unpackedOf, type Layer } from './stored.ts'

/** Several threads may be given the same list: each takes the next entry from `cursor` (one Int32). */
export interface MeasureInput {
  readonly layers: readonly Layer[]
  readonly cursor: SharedArrayBuffer
}
export interface Measured {
  readonly diffId: Digest
  /** Bytes, unpacked. */
  readonly size: number
}

/**
 * Worker task `measure-layers`: unpacks layers to nowhere, and says how large they are.
 *
 * @throws Failure `archive-layer`, `archive-packing`, `content-damaged`, `file-unreadable`, `cancelled`
 */
export async function measureLayers(input: MeasureInput, context: TaskContext): Promise<Measured[]> {
  const cursor = new Int32Array(input.cursor)
  const done: Measured[] = []
  for (;;) {
    const layer = input.layers[Atomics.add(cursor, 0, 1)]
    if (layer === undefined) return done
    let size = 0
    for await (const piece of unpackedOf(layer, context, (bytes) => context.advance(bytes)))
      size += piece.length
    done.push({ diffId: layer.diffId, size })
  }
}

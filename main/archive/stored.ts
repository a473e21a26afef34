import { createHash } from 'node:crypto'
import type { Digest } from '../../shared/digest.ts'
import { causeOf, Failure } from '../platform/failure.ts'
import { digestOfFile } from '../platform/files.ts'
import { openRegular } from '../platform/regular.ts'
import type { TaskContext } from '../platform/workers.ts'
import { decompressed, type Compression } from './decompress.ts'
import { ArchiveProblem } from './problem.ts'

/** Content of a store: where it lies, and what it must be. Plain values. */
export interface Stored {
  readonly path: string
  readonly digest: Digest
  readonly size: number
}

/** A layer of an image, and what its image says that it is once it is unpacked. */
export interface Layer extends Stored {
  readonly packing: Compression
  readonly diffId: Digest
}

const pieceBytes = 256 * 1024

const damaged = (digest: Digest, expected: string, found: string): Failure =>
  new Failure('content-damaged', { subject: digest, expected, found })

/**
 * Gives stored content piece by piece, hashed as it goes. A piece is never used again here: whoever takes it may keep it
 * until it is written.
 *
 * @param read told of the bytes of each piece
 * @throws Failure `content-damaged` when what was given is not what it must be, `file-unreadable`, `cancelled`
 */
export async function* piecesOf(
  { path, digest, size }: Stored,
  context: Pick<TaskContext, 'check'>,
  read: (bytes: number) => void,
): AsyncGenerator<Buffer, void, undefined> {
  const { file } = await openRegular(path)
  try {
    const hash = createHash('sha256')
    for (let given = 0; ;) {
      context.check()
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(pieceBytes), 0, pieceBytes, null)
      given += bytesRead
      if (given > size) throw damaged(digest, `${size} bytes`, 'more')
      if (bytesRead === 0) {
        if (given < size) throw damaged(digest, `${size} bytes`, `${given} bytes`)
        break
      }
      const piece = buffer.subarray(0, bytesRead)
      hash.update(piece)
      read(bytesRead)
      yield piece
    }
    const found: Digest = `sha256:${hash.digest('hex')}`
    if (found !== digest) throw damaged(digest, digest, found)
  } catch (error) {
    throw error instanceof Failure
      ? error
      : new Failure('file-unreadable', { path, found: causeOf(error) }, error)
  } finally {
    await file.close()
  }
}

// What does not unpack may be packed wrongly by its maker, or rotten here: its own digest tells.
async function refused({ path, digest }: Layer, expected: string, found: string): Promise<Failure> {
  const there = await digestOfFile(path)
  return there === digest
    ? new Failure('archive-layer', { subject: digest, expected, found })
    : damaged(digest, digest, there)
}

/**
 * Gives a layer unpacked, piece by piece, with both digests checked.
 *
 * @param read told of the bytes of each piece as it is stored
 * @throws Failure `archive-layer` when it is not what its image says, and what `piecesOf` throws
 */
export async function* unpackedOf(
  layer: Layer,
  context: Pick<TaskContext, 'check'>,
  read: (bytes: number) => void,
): AsyncGenerator<Buffer, void, undefined> {
  if (layer.packing === 'none') return yield* piecesOf(layer, context, read)
  const { packing, diffId } = layer
  const hash = createHash('sha256')
  try {
    for await (const piece of decompressed(piecesOf(layer, context, read), packing)) {
      hash.update(piece)
      yield piece
    }
  } catch (error) {
    if (!(error instanceof ArchiveProblem)) throw error
    throw await refused(layer, error.expected, error.found)
  }
  const found: Digest = `sha256:${hash.digest('hex')}`
  if (found !== diffId) throw await refused(layer, diffId, found)
}

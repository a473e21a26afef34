import { once } from 'node:events'
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { pack, type Pack } from 'tar-stream'
import { diskFailure } from '../platform/failure.ts'
import type { TaskContext } from '../platform/workers.ts'
import { piecesOf, unpackedOf, type Layer, type Stored } from './stored.ts'

/** A file of a tar. Its size goes before its content, so it is known beforehand. Plain values. */
export interface TarEntry {
  readonly name: string
  readonly size: number
  readonly content:
    | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
    | { readonly kind: 'stored'; readonly stored: Stored }
    /** Unpacked. */
    | { readonly kind: 'layer'; readonly layer: Layer }
}

export interface WriteTarInput {
  /** A file that is not there yet. */
  readonly to: string
  readonly entries: readonly TarEntry[]
}

// The same content makes the same bytes, whoever writes it and whenever.
const fixed = { mode: 0o644, uid: 0, gid: 0, mtime: new Date(0), type: 'file' } as const

async function* contentOf(
  { content }: TarEntry,
  context: TaskContext,
): AsyncGenerator<Buffer, void, undefined> {
  // Progress is told by what is written, not by what is read: of a packed layer that is less.
  const unheard = (): void => undefined
  if (content.kind === 'bytes') yield Buffer.from(content.bytes)
  else if (content.kind === 'stored') yield* piecesOf(content.stored, context, unheard)
  else yield* unpackedOf(content.layer, context, unheard)
}

async function add(tar: Pack, entry: TarEntry, context: TaskContext): Promise<void> {
  const { name, size } = entry
  let ended: (error?: Error | null) => void = () => undefined
  const end = new Promise<void>((resolve, reject) => {
    ended = (error) => (error === null || error === undefined ? resolve() : reject(error))
  })
  const into = tar.entry({ ...fixed, name, size }, (error) => ended(error))
  // A failure is met where it is waited for.
  into.on('error', () => undefined)
  end.catch(() => undefined)
  for await (const piece of contentOf(entry, context)) {
    context.advance(piece.length)
    if (!into.write(piece)) await Promise.race([once(into, 'drain'), end])
  }
  into.end(null)
  await end
}

async function fill(tar: Pack, { entries }: WriteTarInput, context: TaskContext): Promise<void> {
  for (const entry of entries) await add(tar, entry, context)
  tar.finalize()
}

async function drain(tar: Pack, file: FileHandle, path: string): Promise<void> {
  for await (const piece of tar as AsyncIterable<Buffer>) {
    try {
      for (let at = 0; at < piece.length;) at += (await file.write(piece, at, piece.length - at)).bytesWritten
    } catch (error) {
      throw diskFailure(error, path)
    }
  }
}

/** Fills and drains at the same time; what fails first ends the other, and is what is thrown. */
async function both(tar: Pack, fills: Promise<void>, drains: Promise<void>): Promise<void> {
  let first: { readonly error: unknown } | null = null
  const ends = (error: unknown): void => {
    first ??= { error }
    tar.destroy(error instanceof Error ? error : new Error('the tar ended'))
  }
  await Promise.all([fills.catch(ends), drains.catch(ends)])
  const failed = first as { readonly error: unknown } | null
  if (failed !== null) throw failed.error
}

/**
 * Worker task `write-tar`: writes a tar with these files and nothing else: ustar, owner 0, time 0, mode 0644, two zero
 * blocks at the end. What is stored is read once and hashed as it goes; no more than a few pieces are in memory. A tar
 * that could not be written whole stays as it is: whoever asked for it removes it.
 *
 * @throws Failure `content-damaged`, `archive-layer`, `file-unreadable`, `disk-full`, `disk-failed`, `cancelled`
 */
export async function writeTar(input: WriteTarInput, context: TaskContext): Promise<void> {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
  const file = await open(input.to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644).catch(
    (error: unknown) => {
      throw diskFailure(error, input.to)
    },
  )
  try {
    // The umask may be stricter; file systems without modes refuse, which is fine.
    await file.chmod(0o644).catch(() => undefined)
    const tar = pack()
    await both(tar, fill(tar, input, context), drain(tar, file, input.to))
    await file.sync().catch((error: unknown) => {
      throw diskFailure(error, input.to)
    })
  } finally {
    await file.close()
  }
}

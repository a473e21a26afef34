import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { causeOf, Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'
import { drain } from '../platform/network.ts'
import { openRegular } from '../platform/regular.ts'
import { subjectOf } from './manifests.ts'
import type { Registry } from './registry.ts'
import { placeIn, uploadInPieces, type Place, type Upload } from './upload-pieces.ts'

/** A file's bytes, hashed as they go; the last piece is held back until the hash is right. */
async function* hashed({ from, digest, size, advance }: Upload): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  let held: Buffer | undefined
  let length = 0
  try {
    const { file } = await openRegular(from)
    for await (const piece of file.createReadStream({ highWaterMark: 1024 * 1024 })) {
      const bytes = piece as Buffer
      hash.update(bytes)
      length += bytes.length
      if (held !== undefined) yield held
      if (held !== undefined) advance(held.length)
      held = bytes
    }
  } catch (error) {
    throw new Failure('content-damaged', {
      subject: digest,
      expected: 'a readable file',
      found: causeOf(error),
    })
  }
  const found = `sha256:${hash.digest('hex')}`
  if (found !== digest || length !== size) {
    throw new Failure('content-damaged', { subject: digest, expected: digest, found })
  }
  if (held !== undefined) yield held
  advance(held?.length ?? 0)
}

async function has(registry: Registry, { repository, digest }: Upload, subject: string): Promise<boolean> {
  const path = `${repository}/blobs/${digest}`
  const question = { method: 'HEAD', repository, path, subject, expect: [200, 404], push: true } as const
  const answer = await registry.ask(question)
  drain(answer.body)
  return answer.status === 200
}

/** Where to put the blob; `null` when it could be mounted and there is nothing to send. */
async function begin(registry: Registry, upload: Upload, subject: string): Promise<Place | null> {
  const { repository, digest, mountFrom } = upload
  const query =
    mountFrom === null ? '' : `?${new URLSearchParams({ mount: digest, from: mountFrom }).toString()}`
  const answer = await registry.ask({
    method: 'POST',
    repository,
    path: `${repository}/blobs/uploads/${query}`,
    headers: { 'content-length': '0' },
    subject,
    expect: mountFrom === null ? [202] : [201, 202],
    push: true,
    ...(mountFrom === null ? {} : { alsoPull: mountFrom }),
  })
  drain(answer.body)
  return answer.status === 201 ? null : placeIn(answer, registry.host, subject)
}

/** Bytes of one piece for registries that were found not to take blobs in one request. */
const inPieces = new WeakMap<Registry, number>()

// The specification lets a registry take blobs in pieces only, and gives no word for it; some gate before one takes
// no more than so much at once.
const notWhole: ReadonlySet<number> = new Set([400, 404, 405, 411, 413, 415, 416, 501])

function pieceAfter(error: unknown): number {
  const status = error instanceof Failure ? Number(error.facts.status) : NaN
  if (!notWhole.has(status)) throw error
  return status === 413 ? limits.uploadPiece : Infinity
}

async function putWhole(registry: Registry, upload: Upload, path: Place, subject: string): Promise<void> {
  const { repository, digest, size } = upload
  path.place.searchParams.set('digest', digest)
  const answer = await registry.ask({
    method: 'PUT',
    repository,
    path,
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
    body: () => Readable.from(hashed(upload), { objectMode: false }),
    subject,
    expect: [201, 204],
    push: true,
  })
  drain(answer.body)
}

/**
 * Brings a blob into a repository: not at all if it is there, by mounting if the registry has it elsewhere, else in one
 * request, streamed from the file; in pieces where a registry refuses that.
 *
 * @throws Failure `content-damaged`, `registry-auth`, `registry-answer`, …
 */
export async function uploadBlob(registry: Registry, upload: Upload): Promise<void> {
  const { repository, digest, size } = upload
  const subject = subjectOf(registry, repository, digest)
  const begun = (await has(registry, upload, subject)) ? null : await begin(registry, upload, subject)
  if (begun === null) {
    upload.advance(size)
    return
  }
  let first: Place | null = begun
  const next = async (): Promise<Place> => {
    const place = first ?? (await begin(registry, { ...upload, mountFrom: null }, subject))
    first = null
    if (place === null) throw new Failure('internal', { found: 'a mount that was not asked for' })
    return place
  }
  let most = inPieces.get(registry)
  if (most === undefined) {
    let told = 0
    const counted = (bytes: number): void => {
      told += bytes
      upload.advance(bytes)
    }
    try {
      await putWhole(registry, { ...upload, advance: counted }, await next(), subject)
      return
    } catch (error) {
      most = pieceAfter(error)
      upload.advance(-told)
    }
  }
  await uploadInPieces(registry, upload, subject, next, most)
  inPieces.set(registry, most)
}

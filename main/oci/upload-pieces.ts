import { createHash, type Hash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Digest } from '../../shared/digest.ts'
import { causeOf, Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'
import { drain, type GateAnswer, type Spoken } from '../platform/network.ts'
import { openRegular } from '../platform/regular.ts'
import { isPassing, type Registry } from './registry.ts'

/** A blob that is brought into a repository. */
export interface Upload {
  readonly repository: string
  readonly digest: Digest
  readonly size: number
  readonly from: string
  /** A repository of this registry that already has it. */
  readonly mountFrom: string | null
  readonly advance: (bytes: number) => void
}

/** Where an upload goes on, and who named that place. */
export interface Place {
  readonly place: URL
  readonly from: Spoken
  /** The least bytes of a piece but the last that the registry takes. */
  readonly least: number
}

/**
 * The place that an answer names for what comes next.
 *
 * @throws Failure `registry-answer` where it names none
 */
export function placeIn(answer: GateAnswer, host: string, subject: string): Place {
  try {
    const place = new URL(answer.headers.location ?? '', answer.url)
    const least = Number(answer.headers['oci-chunk-min-length'] ?? 0)
    return { place, from: { url: answer.url, zone: answer.zone }, least: least > 0 ? least : 0 }
  } catch {
    const found = 'no address to upload to'
    throw new Failure('registry-answer', { host, subject, status: answer.status, found })
  }
}

/** What was sent so far, hashed. */
interface Sent {
  readonly hash: Hash
  bytes: number
}

/** One try to bring a blob in, piece by piece; each byte that is sent is hashed. */
class Sending {
  sent: Sent = { hash: createHash('sha256'), bytes: 0 }
  private readonly registry: Registry
  private readonly upload: Upload
  private readonly subject: string

  constructor(registry: Registry, upload: Upload, subject: string) {
    this.registry = registry
    this.upload = upload
    this.subject = subject
  }

  private async *bytes(file: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
    const options = { start, end: end - 1, autoClose: false, highWaterMark: 1024 * 1024 }
    const { sent } = this
    for await (const piece of file.createReadStream(options)) {
      const bytes = piece as Buffer
      sent.hash.update(bytes)
      sent.bytes += bytes.length
      if (sent === this.sent) this.upload.advance(bytes.length)
      yield bytes
    }
  }

  /** @param most bytes of one piece; the whole is one piece where it is no more */
  async pieces(file: FileHandle, begun: Place, most: number): Promise<Place> {
    const { registry, subject } = this
    const { repository, size } = this.upload
    const step = Math.max(most, begun.least)
    let path = begun
    for (let start = 0; start < size; start += step) {
      const end = Math.min(size, start + step)
      const before = this.sent.hash.copy()
      // The range is said only where there are several: some registries know the one way and some the other.
      const range = step < size ? { 'content-range': `${start}-${end - 1}` } : {}
      const type = { 'content-type': 'application/octet-stream', 'content-length': String(end - start) }
      const answer = await registry.ask({
        method: 'PATCH',
        repository,
        path,
        headers: { ...type, ...range },
        body: () => {
          // A piece that is asked for anew (a redirect, a new token) begins again; the old one may still be on its way.
          this.upload.advance(start - this.sent.bytes)
          this.sent = { hash: before.copy(), bytes: start }
          return Readable.from(this.bytes(file, start, end), { objectMode: false })
        },
        subject,
        expect: [201, 202, 204],
        push: true,
        once: true,
      })
      drain(answer.body)
      path = placeIn(answer, registry.host, subject)
    }
    return path
  }

  /** Names what was sent by its digest; it must be that, or nothing is named. */
  async close(path: Place): Promise<void> {
    const { registry, subject } = this
    const { repository, digest, size } = this.upload
    const found = `sha256:${this.sent.hash.digest('hex')}`
    if (found !== digest || this.sent.bytes !== size)
      throw new Failure('content-damaged', { subject: digest, expected: digest, found })
    path.place.searchParams.set('digest', digest)
    const answer = await registry.ask({
      method: 'PUT',
      repository,
      path,
      headers: { 'content-length': '0' },
      subject,
      expect: [201, 204],
      push: true,
    })
    drain(answer.body)
  }
}

async function opened(upload: Upload): Promise<FileHandle> {
  try {
    return (await openRegular(upload.from)).file
  } catch (error) {
    const found = causeOf(error)
    throw new Failure('content-damaged', { subject: upload.digest, expected: 'a readable file', found })
  }
}

/**
 * Brings a blob in by POST, PATCH and PUT, for a registry that takes none in one request. What breaks begins anew, a
 * few times: how much of a piece arrived is not known.
 *
 * @param begin asks where to
 * @param most bytes of one piece
 * @throws Failure `content-damaged`, `registry-auth`, `registry-answer`, …
 */
export async function uploadInPieces(
  registry: Registry,
  upload: Upload,
  subject: string,
  begin: () => Promise<Place>,
  most: number,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const sending = new Sending(registry, upload, subject)
    const file = await opened(upload)
    try {
      await sending.close(await sending.pieces(file, await begin(), most))
      return
    } catch (error) {
      if (!isPassing(error) || attempt > limits.retries) throw error
      upload.advance(-sending.sent.bytes)
      await registry.pause(200 * 2 ** attempt)
    } finally {
      await file.close()
    }
  }
}

import { createHash, type Hash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { causeOf, Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'
import { drain, type GateAnswer } from '../platform/network.ts'
import { checkAcknowledged } from './acknowledged.ts'
import type { Registry } from './registry.ts'
import { heldIn, placeIn, type Place, type Standing, type Upload } from './upload-place.ts'

/** What was sent so far, hashed. */
interface Sent {
  readonly hash: Hash
  bytes: number
}

/** The start of an upload, or what follows on it, read once more: what the registry says that it has. */
async function hashedTo(file: FileHandle, before: Sent, end: number): Promise<Sent> {
  const sent = { hash: before.hash.copy(), bytes: before.bytes }
  if (end > sent.bytes)
    for await (const piece of read(file, sent.bytes, end)) {
      sent.hash.update(piece)
      sent.bytes += piece.length
    }
  return sent
}

async function* read(file: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
  const options = { start, end: end - 1, autoClose: false, highWaterMark: 1024 * 1024 }
  for await (const piece of file.createReadStream(options)) yield piece as Buffer
}

const nothing = (): Sent => ({ hash: createHash('sha256'), bytes: 0 })

/** A blob on its way into a repository; each byte that is sent is hashed, and nothing is named that hashes otherwise. */
export class Sending {
  /** Where the upload goes on, by the last answer. */
  at: Place
  /** How much of this upload the registry has acknowledged. */
  held: number
  /** Whether that is its word alone, against what went out: then a refusal may be because of it. */
  believed: boolean
  private sent: Sent = nothing()
  private told = 0
  private readonly registry: Registry
  private readonly upload: Upload
  private readonly subject: string

  constructor(registry: Registry, upload: Upload, subject: string, standing: Standing) {
    this.registry = registry
    this.upload = upload
    this.subject = subject
    this.at = standing.at
    this.held = standing.held
    this.believed = standing.held > 0
  }

  /** Takes back what was told of bytes that the registry does not have. */
  untell(): void {
    this.tell(0)
  }

  private tell(bytes: number): void {
    this.upload.advance(bytes - this.told)
    this.told = bytes
  }

  private failed(found: string): Failure {
    const { digest } = this.upload
    return new Failure('content-damaged', { subject: digest, expected: digest, found })
  }

  private async *bytes(file: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
    const { sent } = this
    for await (const piece of read(file, start, end)) {
      sent.hash.update(piece)
      sent.bytes += piece.length
      if (sent === this.sent) this.tell(sent.bytes)
      yield piece
    }
    if (end !== Infinity && sent.bytes < end) throw this.failed(`${sent.bytes} bytes`)
  }

  /** All bytes; the last piece is held back until the hash is right. */
  private async *proven(file: FileHandle): AsyncGenerator<Buffer> {
    const { digest, size } = this.upload
    let last: Buffer | undefined
    const sent = this.sent
    try {
      for await (const piece of this.bytes(file, 0, Infinity)) {
        if (last !== undefined) yield last
        last = piece
      }
    } catch (error) {
      throw this.failed(causeOf(error))
    }
    const found = `sha256:${sent.hash.digest('hex')}`
    if (found !== digest || sent.bytes !== size) throw this.failed(found)
    if (last !== undefined) yield last
  }

  /** In one request, named by its digest at once. @throws Failure */
  async whole(file: FileHandle): Promise<void> {
    const { size } = this.upload
    const answer = await this.ask('PUT', this.named(), [201, 204], {
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
      body: () => {
        this.sent = nothing()
        this.tell(0)
        return Readable.from(this.proven(file), { objectMode: false })
      },
    })
    checkAcknowledged(this.registry, this.subject, this.upload.digest, answer)
  }

  private named(): Place {
    const place = new URL(this.at.place)
    place.searchParams.set('digest', this.upload.digest)
    return { ...this.at, place }
  }

  private async ask(
    method: 'PUT' | 'PATCH',
    path: Place,
    expect: readonly number[],
    what: { headers: Record<string, string>; body?: () => Readable },
  ): Promise<GateAnswer> {
    const { registry, subject } = this
    const { repository } = this.upload
    // Once: after a break it is asked how much of it arrived, not said again.
    const answer = await registry.ask({
      method,
      repository,
      path,
      expect,
      subject,
      push: true,
      once: true,
      ...what,
    })
    drain(answer.body)
    return answer
  }

  /**
   * Piece by piece from where the registry says that it has got to, and then by name.
   *
   * @param most bytes of one piece; the whole is one piece where it is no more
   * @throws Failure
   */
  async pieces(file: FileHandle, most: number): Promise<void> {
    const { size } = this.upload
    const step = Math.max(most, this.at.least)
    let stuck = 0
    this.sent = await hashedTo(file, nothing(), this.held)
    this.tell(this.held)
    while (this.held < size) {
      const start = this.held
      await this.piece(file, start, Math.min(size, start + step), size)
      stuck = this.held - start >= Math.min(limits.resumeProgress, size - start) ? 0 : stuck + 1
      if (stuck > limits.retries) throw this.odd(`that it has ${this.held} bytes, however often more is sent`)
    }
    await this.close()
  }

  private async piece(file: FileHandle, start: number, end: number, size: number): Promise<void> {
    const before = { hash: this.sent.hash.copy(), bytes: start }
    // The range is said only where there are several: some registries know the one way and some the other.
    const range = end - start < size ? { 'content-range': `${start}-${end - 1}` } : {}
    const type = { 'content-type': 'application/octet-stream', 'content-length': String(end - start) }
    const answer = await this.ask('PATCH', this.at, [201, 202, 204], {
      headers: { ...type, ...range },
      body: () => {
        // A piece that is asked for anew (a redirect, a new token) begins again; the old one may still be on its way.
        this.tell(start)
        this.sent = { hash: before.hash.copy(), bytes: start }
        return Readable.from(this.bytes(file, start, end), { objectMode: false })
      },
    })
    const { place, from } = placeIn(answer, this.registry.host, this.subject)
    this.at = { place, from, least: this.at.least }
    await this.obey(file, heldIn(answer) ?? end, end, before)
  }

  /** Takes the registry at its word where it has less than was sent; more than that it cannot have. */
  private async obey(file: FileHandle, held: number, end: number, before: Sent): Promise<void> {
    if (held > end) throw this.odd(`that it has ${held} bytes where ${end} were sent`)
    this.held = held
    if (held === end) return
    this.believed = true
    this.sent = await hashedTo(file, held < before.bytes ? nothing() : before, held)
    this.tell(held)
  }

  private odd(found: string): Failure {
    const { registry, subject } = this
    return new Failure('registry-answer', { host: registry.host, subject, status: 202, found })
  }

  private async close(): Promise<void> {
    const found = `sha256:${this.sent.hash.digest('hex')}`
    if (found !== this.upload.digest || this.sent.bytes !== this.upload.size) throw this.failed(found)
    const answer = await this.ask('PUT', this.named(), [201, 204], { headers: { 'content-length': '0' } })
    checkAcknowledged(this.registry, this.subject, this.upload.digest, answer)
  }
}

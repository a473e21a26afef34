import { createHash, type Hash } from 'node:crypto'
import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import type { Digest } from '../../shared/digest.ts'
import { diskFailure, Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'
import { drain, type GateAnswer } from '../platform/network.ts'
import { received } from '../platform/garbage.ts'
import { BlockReader } from '../platform/hashed-file.ts'
import { broken } from './body.ts'
import { subjectOf } from './manifests.ts'
import type { Registry } from './registry.ts'

export interface Download {
  readonly repository: string
  readonly digest: Digest
  readonly size: number
  /** The file that is written; what it holds already is where an earlier try stopped. */
  readonly to: string
  readonly advance: (bytes: number) => void
}

/** One blob on its way: what is hashed is what is written. */
class Incoming {
  readonly subject: string
  private readonly registry: Registry
  private readonly order: Download
  private readonly file: number
  private hash: Hash = createHash('sha256')
  /** Whether some of it is of an earlier try: then wrong bytes need not be the registry's. */
  private inherited = false
  done = 0

  constructor(registry: Registry, order: Download, file: number) {
    this.registry = registry
    this.order = order
    this.file = file
    this.subject = subjectOf(registry, order.repository, order.digest)
  }

  lies(expected: string, found: string): Failure {
    return new Failure('registry-lies', { host: this.registry.host, subject: this.subject, expected, found })
  }

  /** Takes over what an earlier try left, hashed again: nothing on the disc is believed for its name. */
  async inherit(): Promise<void> {
    const { order, registry } = this
    const found = fstatSync(this.file)
    if (!found.isFile()) throw diskFailure(new Error('it is no file'), order.to)
    if (found.size > order.size) ftruncateSync(this.file, 0)
    else if (found.size > 0) {
      await new BlockReader()
        .each(this.file, 0, found.size, async (bytes) => {
          this.hash.update(bytes)
          this.done += bytes.length
          order.advance(bytes.length)
          return !registry.cancelled
        })
        .catch((error: unknown) => {
          throw diskFailure(error, order.to)
        })
      if (registry.cancelled) throw new Failure('cancelled')
      this.inherited = true
    }
  }

  /** Asks for what is missing, always at the registry: a signed address it sends us on to may have expired. */
  async ask(): Promise<GateAnswer> {
    const { repository, digest } = this.order
    const answer = await this.registry.ask({
      method: 'GET',
      repository,
      path: `${repository}/blobs/${digest}`,
      ...(this.done === 0 ? {} : { headers: { range: `bytes=${this.done}-` } }),
      subject: this.subject,
      expect: this.done === 0 ? [200] : [200, 206, 416],
    })
    this.place(answer)
    return answer
  }

  private place(answer: GateAnswer): void {
    const { size } = this.order
    const right = `bytes ${this.done}-${size - 1}/`
    if (answer.status === 206) {
      const range = answer.headers['content-range'] ?? 'none'
      if (range === `${right}${size}` || range === `${right}*`) return
      answer.body.destroy()
      throw this.lies(`${right}${size}`, range.slice(0, 100))
    }
    this.restart()
    const length = answer.headers['content-length']
    if (answer.status !== 200 || length === undefined || length === String(size)) return
    answer.body.destroy()
    throw this.lies(`${size} bytes`, `${length} bytes`)
  }

  /** Begins anew, from nothing. */
  restart(): void {
    if (this.done === 0) return
    this.order.advance(-this.done)
    this.done = 0
    this.inherited = false
    this.hash = createHash('sha256')
    ftruncateSync(this.file, 0)
  }

  /** Takes what comes until the end; resolves to whether the connection held. */
  take(answer: GateAnswer): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const { body } = answer
      const fail = (error: Failure): void => {
        reject(error)
        body.destroy()
      }
      body.on('data', (piece: Buffer) => {
        if (this.done + piece.length > this.order.size) {
          fail(this.lies(`${this.order.size} bytes`, 'more'))
          return
        }
        try {
          this.write(piece)
        } catch (error) {
          fail(diskFailure(error, this.order.to))
        }
      })
      body.on('end', () => resolve(true))
      body.on('close', () => resolve(false))
      body.on('error', (error) => {
        const failure = broken(error, this.registry.host)
        if (failure.code === 'registry-unreachable') resolve(false)
        else reject(failure)
      })
    })
  }

  private write(piece: Buffer): void {
    this.hash.update(piece)
    for (let at = 0; at < piece.length;) {
      at += writeSync(this.file, piece, at, piece.length - at, this.done + at)
    }
    this.done += piece.length
    received(piece.length)
    this.order.advance(piece.length)
  }

  /**
   * Whether it is what it is named.
   *
   * @returns `false` where an earlier try left something else: then it is begun anew
   * @throws Failure `registry-lies`
   */
  finish(): boolean {
    const { digest, size } = this.order
    const found = this.done === size ? `sha256:${this.hash.digest('hex')}` : `${this.done} bytes`
    if (found === digest) return true
    if (!this.inherited) throw this.lies(this.done === size ? digest : `${size} bytes`, found)
    this.restart()
    return false
  }
}

const refusals = new Set(['registry-answer', 'registry-auth', 'not-found'])

async function fetchInto(registry: Registry, incoming: Incoming, size: number): Promise<void> {
  await incoming.inherit()
  if (incoming.done > 0 && incoming.done === size && incoming.finish()) return
  let attempts = 0
  for (;;) {
    const answer = await incoming.ask().catch((error: unknown) => {
      // Some places answer a question for the rest by an error: then from the start, and only that is believed.
      if (incoming.done === 0 || !(error instanceof Failure) || !refusals.has(error.code)) throw error
      incoming.restart()
      return null
    })
    const start = incoming.done
    if (answer?.status === 416) drain(answer.body)
    else if (answer !== null && ((await incoming.take(answer)) || incoming.done === size)) {
      if (incoming.finish()) return
      continue
    }
    attempts = incoming.done - start >= limits.resumeProgress ? 1 : attempts + 1
    if (attempts > limits.retries) {
      const found = `the connection broke ${attempts} times without getting on`
      throw new Failure('registry-unreachable', { host: registry.host, found })
    }
    await registry.pause(50 * 2 ** attempts)
  }
}

/**
 * Downloads a blob to a file, hashing what it writes; goes on by Range after a broken connection, and where an earlier try
 * stopped. What such a try left is thrown away where the whole is not what it is named, and the blob asked for anew.
 *
 * @throws Failure `registry-lies`, `registry-unreachable`, `disk-full`, …
 */
export async function download(registry: Registry, order: Download): Promise<void> {
  let file: number
  try {
    // Whoever may write the desk's folder may have put a link there.
    const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants
    file = openSync(order.to, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600)
  } catch (error) {
    throw diskFailure(error, order.to)
  }
  try {
    await fetchInto(registry, new Incoming(registry, order, file), order.size)
  } finally {
    closeSync(file)
  }
}

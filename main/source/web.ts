import { createHash, type Hash } from 'node:crypto'
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs'
import type { Digest } from '../../shared/digest.ts'
import type { Credentials } from '../oci/credentials.ts'
import { askedPause, backOff, passingStatus, systemPacing } from '../oci/pacing.ts'
import { diskFailure, Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'
import { drain, type Gate, type GateAnswer } from '../platform/network.ts'
import { webLogin, type WebLogin } from './web-login.ts'

/** A file of the web that is wanted. */
export interface WebOrder {
  readonly url: URL
  /** A file that is made. */
  readonly to: string
  /** The most bytes that are taken. */
  readonly most: number
  readonly gate: Gate
  /** What proves us to hosts, once one asks. */
  readonly credentials: Credentials
  readonly signal: AbortSignal
  readonly advance: (bytes: number) => void
}

export interface WebFile {
  readonly digest: Digest
  readonly size: number
}

/** A strong validator: only that says that the rest is of the same file (RFC 9110, 8.8.1). */
function strongTag(answer: GateAnswer): string | null {
  const tag = answer.headers.etag
  return tag === undefined || tag.startsWith('W/') ? null : tag
}

/** Before the next attempt, where nobody says, in milliseconds. */
const usualPause = (attempt: number): number => backOff(attempt + 1, systemPacing.chance())

/** What a server asks us to wait, in milliseconds; `null`: longer than we wait. */
function pauseAfter(answer: GateAnswer, attempt: number): number | null {
  const asked = askedPause(answer, systemPacing.clock.now()) ?? usualPause(attempt)
  return asked === Infinity ? null : asked
}

/** One file on its way: what is hashed is what is written. */
class Incoming {
  done = 0
  private hash: Hash = createHash('sha256')
  private tag: string | null = null
  private login: WebLogin | null = null
  private readonly order: WebOrder
  private readonly file: number

  constructor(order: WebOrder, file: number) {
    this.order = order
    this.file = file
  }

  private fails(answer: GateAnswer): Failure {
    const { url } = this.order
    const { status } = answer
    const said = this.login?.said ?? 'none was asked for'
    if (status === 401 || status === 403)
      return new Failure('web-login', { host: answer.url.host, subject: url.href, status, found: said })
    return status === 404 || status === 410
      ? new Failure('not-found', { subject: url.href, status })
      : new Failure('web-answer', { host: answer.url.host, subject: url.href, status })
  }

  /** Asks for what is missing. @returns the answer, or how long to wait before the next question, in milliseconds */
  async ask(attempt: number): Promise<GateAnswer | number> {
    const { gate, url, signal } = this.order
    const rest = this.done > 0 && this.tag !== null
    const proof = this.login?.header ?? null
    const own = proof === null ? {} : { authorization: proof }
    const headers = rest ? { ...own, range: `bytes=${this.done}-`, 'if-range': this.tag ?? '' } : own
    const answer = await gate.request(url, { method: 'GET', headers, signal }).catch((error: unknown) => {
      const broke = error instanceof Failure && error.code === 'registry-unreachable'
      if (!broke || attempt >= limits.retries) throw error
      return null
    })
    if (answer === null) return usualPause(attempt)
    if (answer.status === 206 && rest) {
      const range = answer.headers['content-range'] ?? 'none'
      if (range.startsWith(`bytes ${this.done}-`) && strongTag(answer) === this.tag) return answer
      drain(answer.body)
      throw new Failure('web-differs', {
        subject: url.href,
        expected: `bytes from ${this.done} on`,
        found: range.slice(0, 100),
      })
    }
    if (answer.status === 200) {
      this.restart()
      this.tag = strongTag(answer)
      return answer
    }
    drain(answer.body)
    if (this.asksWho(answer)) return 0
    const pause = passingStatus.has(answer.status) ? pauseAfter(answer, attempt) : null
    if (pause === null || attempt >= limits.retries) throw this.fails(answer)
    return pause
  }

  /** Whether the host itself, and nobody that it sent us on to, asks who we are and we have something to say. */
  private asksWho({ status, url }: GateAnswer): boolean {
    const { order } = this
    if (status !== 401 || url.origin !== order.url.origin || this.login !== null) return false
    this.login = webLogin(order.credentials, order.url)
    return this.login.header !== null
  }

  private restart(): void {
    if (this.done === 0) return
    this.order.advance(-this.done)
    this.done = 0
    this.hash = createHash('sha256')
    ftruncateSync(this.file, 0)
  }

  /** Takes what comes; resolves to whether it came to its end. */
  async take({ body }: GateAnswer): Promise<boolean> {
    const { order } = this
    try {
      for await (const piece of body as AsyncIterable<Buffer>) {
        if (this.done + piece.length > order.most)
          throw new Failure('too-large', { subject: order.url.href, expected: order.most })
        this.write(piece)
      }
      return true
    } catch (error) {
      if (order.signal.aborted) throw new Failure('cancelled', {}, error)
      if (error instanceof Failure && error.code !== 'registry-unreachable') throw error
      return false
    }
  }

  private write(piece: Buffer): void {
    this.hash.update(piece)
    try {
      for (let at = 0; at < piece.length;)
        at += writeSync(this.file, piece, at, piece.length - at, this.done + at)
    } catch (error) {
      throw diskFailure(error, this.order.to)
    }
    this.done += piece.length
    this.order.advance(piece.length)
  }

  finish(): WebFile {
    return { digest: `sha256:${this.hash.digest('hex')}`, size: this.done }
  }
}

async function fetchInto(order: WebOrder, incoming: Incoming): Promise<WebFile> {
  for (let attempt = 0; ; attempt += 1) {
    const start = incoming.done
    const answer = await incoming.ask(attempt)
    if (typeof answer !== 'number' && (await incoming.take(answer))) return incoming.finish()
    if (incoming.done - start >= limits.resumeProgress) attempt = 0
    if (attempt >= limits.retries) {
      const found = `the connection broke ${attempt + 1} times without getting on`
      throw new Failure('registry-unreachable', { host: order.url.host, found })
    }
    const pause = typeof answer === 'number' ? answer : usualPause(attempt)
    await systemPacing.wait(pause, order.signal).catch(() => {
      throw new Failure('cancelled')
    })
  }
}

/**
 * Downloads a file of the web, hashing what it writes. After a broken connection it goes on where it stopped, where the
 * server says that it is still the same file; else from the start. A log-in is sent to the host that was asked, once it asks for
 * one, and to nobody that it sends us on to. What could not be had whole leaves no file.
 *
 * @throws Failure `not-found`, `web-answer`, `web-login`, `auth-form`, `web-differs`, `too-large`, `registry-unreachable`, `disk-full`, and those of the gate
 */
export async function downloadWeb(order: WebOrder): Promise<WebFile> {
  let file: number
  try {
    file = openSync(order.to, 'wx', 0o600)
  } catch (error) {
    throw diskFailure(error, order.to)
  }
  try {
    return await fetchInto(order, new Incoming(order, file))
  } catch (error) {
    rmSync(order.to, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
}

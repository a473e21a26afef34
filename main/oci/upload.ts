import type { FileHandle } from 'node:fs/promises'
import { causeOf, Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'
import { drain } from '../platform/network.ts'
import { openRegular } from '../platform/regular.ts'
import { subjectOf } from './manifests.ts'
import { isPassing, type Registry } from './registry.ts'
import { Sending } from './sending.ts'
import { begin, giveUp, standingOf, type Place, type Standing, type Upload } from './upload-place.ts'

/** Bytes of one piece for registries that were found not to take blobs in one request. */
const inPieces = new WeakMap<Registry, number>()

// The specification lets a registry take blobs in pieces only, and gives no word for it; some gate before one takes
// no more than so much at once.
const notTaken: ReadonlySet<number> = new Set([400, 404, 405, 411, 413, 415, 416, 501])

function statusOf(error: unknown): number {
  return error instanceof Failure ? Number(error.facts.status) : NaN
}

async function opened({ from, digest }: Upload): Promise<FileHandle> {
  try {
    return (await openRegular(from)).file
  } catch (error) {
    const found = causeOf(error)
    throw new Failure('content-damaged', { subject: digest, expected: 'a readable file', found })
  }
}

/** What becomes of an upload that failed: it goes on where it stands, or begins anew, or that was it. */
type WayOn = 'on' | 'anew' | 'never'

function wayOn(error: unknown, { held, believed }: Sending, before: number): WayOn {
  if (isPassing(error)) return 'on'
  const status = statusOf(error)
  // The registry has another part than was thought, or has forgotten about it: that is asked, once.
  if (held > before && (status === 416 || status === 404)) return 'on'
  return believed && notTaken.has(status) ? 'anew' : 'never'
}

/** One blob and how it goes to one registry. */
class Bringing {
  private readonly registry: Registry
  private readonly upload: Upload
  private readonly subject: string
  private most: number | undefined
  /** The furthest that any upload of it has got. */
  private furthest = 0
  private attempts = 0

  constructor(registry: Registry, upload: Upload) {
    this.registry = registry
    this.upload = upload
    this.subject = subjectOf(registry, upload.repository, upload.digest)
    this.most = inPieces.get(registry)
  }

  async run(): Promise<void> {
    const { registry, upload, subject } = this
    let standing = (await this.isThere()) ? null : await begin(registry, upload, subject, upload.mountFrom)
    if (standing === null) upload.advance(upload.size)
    while (standing !== null) standing = await this.try(standing)
  }

  private async isThere(): Promise<boolean> {
    const { registry, subject } = this
    const { repository, digest } = this.upload
    const path = `${repository}/blobs/${digest}`
    const question = { method: 'HEAD', repository, path, subject, expect: [200, 404], push: true } as const
    const answer = await registry.ask(question)
    drain(answer.body)
    return answer.status === 200
  }

  /** Sends what is missing. @returns where to go on after a break; `null`: it is there */
  private async try(standing: Standing): Promise<Standing | null> {
    const { registry, upload, subject } = this
    const sending = new Sending(registry, upload, subject, standing)
    const whole = this.most === undefined && standing.held === 0
    try {
      await this.send(sending, whole)
      return null
    } catch (error) {
      sending.untell()
      const way = this.smaller(whole, statusOf(error))
        ? 'anew'
        : this.further(sending)
          ? wayOn(error, sending, standing.held)
          : 'never'
      return await this.goOn(sending, way, error)
    }
  }

  private async send(sending: Sending, whole: boolean): Promise<void> {
    const file = await opened(this.upload)
    try {
      if (whole) await sending.whole(file)
      else await sending.pieces(file, this.most ?? Infinity)
      if (this.most !== undefined) inPieces.set(this.registry, this.most)
    } finally {
      await file.close()
    }
  }

  /** Whether less is sent at once from now on, because what was sent was more than is taken. */
  private smaller(whole: boolean, status: number): boolean {
    const { most = Infinity } = this
    if (status === 413 && most > limits.leastUploadPiece)
      this.most = most > limits.uploadPiece ? limits.uploadPiece : limits.leastUploadPiece
    else if (whole && notTaken.has(status)) this.most = Infinity
    else return false
    return true
  }

  /** What a refusal comes to: where even small pieces are too much, what has to be set is said. */
  private told(error: unknown, { least }: Place): unknown {
    if (statusOf(error) !== 413) return error
    const { registry, upload, subject, most = Infinity } = this
    const bytes = Math.min(upload.size, Math.max(most, least))
    return new Failure(
      'upload-too-large',
      { host: registry.host, subject, status: 413, expected: bytes },
      error,
    )
  }

  /** Whether it may be tried once more: so often, and as often as it likes while each try brings enough. */
  private further({ held }: Sending): boolean {
    const progress = held - this.furthest >= limits.resumeProgress
    this.furthest = Math.max(this.furthest, held)
    this.attempts = progress ? 1 : this.attempts + 1
    return this.attempts <= limits.retries
  }

  private async goOn(sending: Sending, way: WayOn, error: unknown): Promise<Standing | null> {
    const { registry, upload, subject } = this
    if (way === 'on') {
      await registry.backOff(this.attempts)
      const standing = await standingOf(registry, upload, subject, sending.at)
      if (standing !== null) return standing
    }
    // Whom we ask too much is not asked that either.
    const enough = error instanceof Failure && error.code === 'registry-limit'
    if (way !== 'never' || !enough) await giveUp(registry, upload, subject, sending.at)
    if (way === 'never') throw this.told(error, sending.at)
    // The answer that it is there may be what was lost.
    if (way === 'on' && (await this.isThere())) {
      upload.advance(upload.size)
      return null
    }
    return begin(registry, upload, subject, null)
  }
}

/**
 * Brings a blob into a repository: not at all if it is there, by mounting if the registry has it elsewhere, else in one
 * request, streamed from the file; in pieces (POST, PATCH, PUT) where a registry refuses that. After a break the registry
 * is asked how much it has, and that is not sent again; where it does not say, it begins anew, a few times. An upload that
 * is not gone on with is cancelled there.
 *
 * @throws Failure `content-damaged`, `registry-auth`, `registry-answer`, `registry-unreachable`, `upload-too-large`, …
 */
export async function uploadBlob(registry: Registry, upload: Upload): Promise<void> {
  await new Bringing(registry, upload).run()
}

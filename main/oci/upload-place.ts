import type { Digest } from '../../shared/digest.ts'
import { Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'
import { drain, type GateAnswer, type Spoken } from '../platform/network.ts'
import { isPassing, type Registry } from './registry.ts'

/** A blob that is brought into a repository. */
export interface Upload {
  readonly repository: string
  readonly digest: Digest
  readonly size: number
  readonly from: string
  /** A repository of this registry that already has it. */
  readonly mountFrom: string | null
  /** Is told of bytes that went out; of fewer than none where some must go out again. */
  readonly advance: (bytes: number) => void
}

/** Where an upload goes on, and who named that place. */
export interface Place {
  readonly place: URL
  readonly from: Spoken
  /** The least bytes of a piece but the last that the registry takes. */
  readonly least: number
}

/** An upload as far as the registry has it: so many bytes from the start. */
export interface Standing {
  readonly at: Place
  readonly held: number
}

/**
 * The place that an answer names for what comes next; where it names none, that is where it was.
 *
 * @throws Failure `registry-answer` where what it names is no address
 */
export function placeIn(answer: GateAnswer, host: string, subject: string): Place {
  try {
    const place = new URL(answer.headers.location ?? '', answer.url)
    const least = Number(answer.headers['oci-chunk-min-length'] ?? 0)
    return { place, from: { url: answer.url, zone: answer.zone }, least: least > 0 ? least : 0 }
  } catch {
    throw placeless(answer, host, subject)
  }
}

function placeless({ status }: GateAnswer, host: string, subject: string): Failure {
  return new Failure('registry-answer', { host, subject, status, found: 'no address to upload to' })
}

/**
 * How many bytes of an upload the registry says that it has (`Range: 0-<last>`, OCI distribution-spec, “Pushing a blob in
 * chunks”); `null` where it does not say. `0-0` says nothing: distribution writes it for one byte and for none.
 */
export function heldIn({ headers }: Pick<GateAnswer, 'headers'>): number | null {
  const last = Number(/^(?:bytes[= ])?0-(\d{1,15})$/.exec(headers.range ?? '')?.[1] ?? 0)
  return last === 0 ? null : last + 1
}

/** Opens an upload; `null` where the blob could be mounted and there is nothing to send. @throws Failure */
export async function begin(
  registry: Registry,
  { repository, digest }: Pick<Upload, 'repository' | 'digest'>,
  subject: string,
  mountFrom: string | null,
): Promise<Standing | null> {
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
  if (answer.status === 201) return null
  if (answer.headers.location === undefined) throw placeless(answer, registry.host, subject)
  return { at: placeIn(answer, registry.host, subject), held: 0 }
}

/** How far an upload has got by the registry's own word; `null` where it does not say. @throws Failure that may pass */
export async function standingOf(
  registry: Registry,
  { repository, size }: Upload,
  subject: string,
  path: Place,
): Promise<Standing | null> {
  const question = { method: 'GET', repository, path, subject, expect: [200, 202, 204], push: true } as const
  const answer = await registry.ask(question).catch((error: unknown) => {
    const unsaid = error instanceof Failure && !isPassing(error) && error.code !== 'cancelled'
    if (unsaid) return null
    throw error
  })
  if (answer === null) return null
  drain(answer.body)
  const held = heldIn(answer)
  if (held === null || held > size) return null
  const at = placeIn(answer, registry.host, subject)
  return { at: { ...at, least: Math.max(at.least, path.least) }, held }
}

/**
 * Tells a registry that an upload is given up, so that what came of it need not lie there. Whatever it answers: it forgets
 * such uploads by itself, and what made us give up is what is told. Also after the work was cancelled.
 */
export async function giveUp(
  registry: Registry,
  { repository }: Upload,
  subject: string,
  path: Place,
): Promise<void> {
  // At another place, which the registry only named, the same word may mean something else.
  if (path.place.origin !== path.from.url.origin) return
  const question = {
    method: 'DELETE',
    repository,
    path,
    subject,
    expect: [200, 202, 204],
    push: true,
    once: true,
    signal: AbortSignal.timeout(limits.farewellTime),
  } as const
  const answer = await registry.ask(question).catch(() => null)
  if (answer !== null) drain(answer.body)
}

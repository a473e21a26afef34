import { isDigest, type Digest } from '../../shared/digest.ts'
import { Failure } from '../platform/failure.ts'
import { digestOf } from '../platform/hash.ts'
import { limits } from '../platform/limits.ts'
import type { GateAnswer } from '../platform/network.ts'
import type { Ask } from './ask.ts'
import { ManifestProblem } from './descriptor.ts'
import { statedMediaType } from './manifest.ts'
import {
  acceptedManifests,
  currentFormat,
  isManifestType,
  isRefusedManifestType,
  nameOfRefused,
} from './media-types.ts'
import type { Registry } from './registry.ts'

/** A manifest as a registry delivered it: its bytes, hashed. */
export interface FetchedManifest {
  readonly bytes: Buffer
  readonly digest: Digest
  readonly mediaType: string
}

/** How failures name a piece of a registry. */
export function subjectOf(registry: Registry, repository: string, reference: string): string {
  return `${registry.host}/${repository}${reference.includes(':') ? '@' : ':'}${reference}`
}

function checkHeaders(registry: Registry, subject: string, answer: GateAnswer, digest: Digest): void {
  const stated = answer.headers['docker-content-digest']
  if (typeof stated !== 'string' || stated === digest) return
  if (/^sha(512|384):/.test(stated))
    throw new Failure('algorithm-refused', { subject, found: stated.slice(0, 6) })
  const facts = { host: registry.host, subject, expected: stated.slice(0, 200), found: digest }
  throw new Failure('registry-lies', facts)
}

const plain = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 100)

/** The media type on which the header and the document agree; a header that says nothing in particular is passed over. */
function agreedType(registry: Registry, subject: string, answer: GateAnswer, bytes: Buffer): string {
  const header = (answer.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const refuse = (reason: string, expected: string, found: string): never => {
    throw new Failure('manifest-refused', { subject, reason, expected, found })
  }
  let stated: string | null
  try {
    stated = statedMediaType(bytes)
  } catch (error) {
    if (error instanceof ManifestProblem) return refuse(error.reason, error.expected, error.found)
    throw error
  }
  const said = stated ?? header
  if (isRefusedManifestType(header) || isRefusedManifestType(said)) {
    return refuse('format-refused', currentFormat, nameOfRefused(isRefusedManifestType(said) ? said : header))
  }
  const disagree = stated !== null && isManifestType(header) && header !== stated
  if (disagree || (stated === null && !isManifestType(header))) {
    const found = `Content-Type ${header === '' ? 'missing' : plain(header)}, mediaType ${stated ?? 'missing'}`
    const expected = disagree ? 'that both say the same' : 'that one of them names a manifest or index'
    throw new Failure('manifest-type', { host: registry.host, subject, expected, found })
  }
  return said
}

/** The question for what a name holds, whatever it is. */
export function manifestQuestion(
  registry: Registry,
  repository: string,
  reference: string,
): Omit<Ask, 'expect'> {
  return {
    method: 'GET',
    repository,
    path: `${repository}/manifests/${reference}`,
    headers: { accept: acceptedManifests },
    subject: subjectOf(registry, repository, reference),
  }
}

/**
 * Fetches a manifest by tag or by digest. By digest it must hash to that digest.
 *
 * @throws Failure `not-found`, `registry-lies`, `manifest-type`, `manifest-refused`, `algorithm-refused`, `too-large`, …
 */
export async function fetchManifest(
  registry: Registry,
  repository: string,
  reference: string,
): Promise<FetchedManifest> {
  const subject = subjectOf(registry, repository, reference)
  const question = { ...manifestQuestion(registry, repository, reference), expect: [200] }
  const { answer, bytes } = await registry.read(question, limits.manifestBytes)
  const digest = digestOf(bytes)
  const expected = isDigest(reference) ? reference : null
  if (expected !== null && expected !== digest) {
    throw new Failure('registry-lies', { host: registry.host, subject, expected, found: digest })
  }
  checkHeaders(registry, subject, answer, digest)
  return { bytes, digest, mediaType: agreedType(registry, subject, answer, bytes) }
}

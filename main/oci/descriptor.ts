import { isDigest, type Digest } from '../../shared/digest.ts'
import { digestOf } from '../platform/hash.ts'
import type { Json } from '../platform/json.ts'
import { isPlatformPart, type Platform } from './platform.ts'

/** A descriptor of somebody's manifest, checked in form. Its `urls` are not even kept: they are never fetched. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
  readonly artifactType: string | null
  readonly platform: Platform | null
  readonly annotations: Readonly<Record<string, string>>
}

/** Why a manifest is not one: a closed word, and what was expected and found. */
export class ManifestProblem extends Error {
  readonly reason: string
  readonly expected: string
  readonly found: string

  constructor(reason: string, expected: string, found: string) {
    super(`${reason}: expected ${expected}, found ${found}`)
    this.name = 'ManifestProblem'
    this.reason = reason
    this.expected = expected
    this.found = found
  }
}

export type JsonObject = { [name: string]: Json }

/** A value for a message: short, and never the whole of something huge. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) as string | undefined)
  return (text ?? 'nothing').slice(0, 200)
}

export function asObject(value: Json | undefined, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new ManifestProblem('manifest-form', `${what}: an object`, shown(value))
}

const mediaTypePattern = /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}$/

/** A media type without parameters, or `null` where the field is missing or empty, as some tools write it. */
export function optionalMediaType(value: Json | undefined, what: string): string | null {
  if (value === undefined || value === '') return null
  if (typeof value === 'string' && mediaTypePattern.test(value)) return value
  throw new ManifestProblem('manifest-form', `${what}: a media type`, shown(value))
}

export function annotationsOf(value: Json | undefined): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {}
  const entries = Object.entries(asObject(value, 'annotations'))
  return Object.fromEntries(
    entries.map(([name, text]) => {
      if (typeof text === 'string') return [name, text]
      throw new ManifestProblem('manifest-form', `annotation ${name}: text`, shown(text))
    }),
  )
}

function digestIn(value: Json | undefined): Digest {
  if (typeof value === 'string' && isDigest(value)) return value
  const other = typeof value === 'string' && /^[a-z0-9+._-]+:/.test(value) && !value.startsWith('sha256:')
  throw new ManifestProblem(other ? 'algorithm' : 'manifest-form', 'a sha256 digest', shown(value))
}

function platformIn(value: Json | undefined): Platform | null {
  if (value === undefined || value === null) return null
  const stated = statedPlatform(asObject(value, 'platform'))
  if (stated !== null) return stated
  throw new ManifestProblem('manifest-form', 'platform: os and architecture', shown(value))
}

/** The platform that fields of OCI state, in a descriptor or a config; `null` without system and architecture. */
export function statedPlatform(fields: JsonObject): Platform | null {
  const { os, architecture, variant, 'os.version': version, 'os.features': features } = fields
  if (typeof os !== 'string' || typeof architecture !== 'string') return null
  return {
    os,
    architecture,
    variant: typeof variant === 'string' && variant !== '' ? variant : null,
    osVersion: isPlatformPart(version) ? version : null,
    osFeatures: Array.isArray(features) ? features.filter(isPlatformPart).slice(0, 8) : [],
  }
}

function checkInline(inline: Json | undefined, digest: Digest, size: number): void {
  if (inline === undefined) return
  if (typeof inline !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(inline)) {
    throw new ManifestProblem('inline-content', 'base64', shown(inline))
  }
  const bytes = Buffer.from(inline, 'base64')
  if (bytes.length !== size) {
    throw new ManifestProblem('inline-content', `${size} bytes`, `${bytes.length} bytes`)
  }
  const found = digestOf(bytes)
  if (found !== digest) throw new ManifestProblem('inline-content', digest, found)
}

/** @throws ManifestProblem */
export function parseDescriptor(value: Json | undefined): Descriptor {
  const fields = asObject(value, 'descriptor')
  const { mediaType, size } = fields
  if (typeof mediaType !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(mediaType)) {
    throw new ManifestProblem('manifest-form', 'descriptor: a media type', shown(mediaType))
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new ManifestProblem('manifest-form', 'descriptor: a size from 0', shown(size))
  }
  const digest = digestIn(fields.digest)
  checkInline(fields.data, digest, size)
  return {
    mediaType,
    digest,
    size,
    artifactType: optionalMediaType(fields.artifactType, 'artifactType'),
    platform: platformIn(fields.platform),
    annotations: annotationsOf(fields.annotations),
  }
}

/** What a list of others' descriptors comes to: those that can be used, and why the others cannot. */
export interface UsableList {
  readonly entries: readonly Descriptor[]
  /** How many cannot, and the first reason. */
  readonly odd: number
  readonly why: string
}

// A type that is no media type is only a hint in a list: what the manifest itself says counts.
function usable(value: Json): Descriptor | ManifestProblem {
  try {
    return parseDescriptor(value)
  } catch (error) {
    if (!(error instanceof ManifestProblem)) throw error
    const fields = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
    if (fields?.artifactType === undefined) return error
    return usable(Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'artifactType')))
  }
}

/**
 * Reads a list that anybody may add to: an entry that cannot be used counts for nothing and never spoils the others. A
 * list that is `null` or missing is empty, as some programs write it.
 *
 * @throws ManifestProblem for what is no list, or one of too many
 */
export function usableDescriptors(value: Json | undefined, what: string, most: number): UsableList {
  if (value === undefined || value === null) return { entries: [], odd: 0, why: '' }
  if (!Array.isArray(value)) throw new ManifestProblem('manifest-form', `${what}: a list`, shown(value))
  if (value.length > most)
    throw new ManifestProblem('too-many', `at most ${most} ${what}`, String(value.length))
  const read = value.map(usable)
  const problems = read.filter((one): one is ManifestProblem => one instanceof ManifestProblem)
  const entries = read.filter((one): one is Descriptor => !(one instanceof ManifestProblem))
  const [first] = problems
  const why = first === undefined ? '' : `expected ${first.expected}, found ${first.found}`
  return { entries, odd: problems.length, why }
}

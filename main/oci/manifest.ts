import { JsonError, parseStrict, type Json } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import {
  annotationsOf,
  asObject,
  ManifestProblem,
  optionalMediaType,
  parseDescriptor,
  shown,
  usableDescriptors,
  type Descriptor,
  type JsonObject,
  type UsableList,
} from './descriptor.ts'
import {
  currentFormat,
  isIndexType,
  isManifestType,
  isRefusedManifestType,
  nameOfRefused,
  ociIndex,
} from './media-types.ts'

interface Common {
  readonly mediaType: string
  readonly artifactType: string | null
  readonly subject: Descriptor | null
  readonly annotations: Readonly<Record<string, string>>
}
export interface ImageManifest extends Common {
  readonly kind: 'manifest'
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
}
export interface ImageIndex extends Common {
  readonly kind: 'index'
  readonly manifests: readonly Descriptor[]
}
/** A parsed manifest. Its bytes are kept as they came and never written again from this. */
export type Manifest = ImageManifest | ImageIndex

function descriptors(value: Json | undefined, what: string): Descriptor[] {
  if (!Array.isArray(value)) throw new ManifestProblem('manifest-form', `${what}: a list`, shown(value))
  if (value.length > limits.descriptors) {
    throw new ManifestProblem('too-many', `at most ${limits.descriptors} ${what}`, String(value.length))
  }
  return value.map(parseDescriptor)
}

function read(bytes: Uint8Array): JsonObject {
  if (bytes.byteLength > limits.manifestBytes) {
    throw new ManifestProblem(
      'too-large',
      `at most ${limits.manifestBytes} bytes`,
      `${bytes.byteLength} bytes`,
    )
  }
  try {
    return asObject(parseStrict(bytes, limits.manifestValues), 'manifest')
  } catch (error) {
    if (error instanceof JsonError) throw new ManifestProblem('manifest-form', 'JSON', error.message)
    throw error
  }
}

// Registries give it out under types of today too, or under none.
function refuseSchema1(body: JsonObject): void {
  if (body.schemaVersion === 1)
    throw new ManifestProblem('format-refused', currentFormat, 'Docker schema 1 (schemaVersion 1)')
}

// Before anything is read: what is not named a manifest is never parsed as one.
function checkType(mediaType: string): void {
  if (isRefusedManifestType(mediaType)) {
    throw new ManifestProblem('format-refused', currentFormat, nameOfRefused(mediaType))
  }
  if (!isManifestType(mediaType)) {
    throw new ManifestProblem('not-a-manifest', 'a manifest or index', mediaType.slice(0, 200))
  }
}

function checkKind(body: JsonObject, mediaType: string): void {
  const stated = body.mediaType
  refuseSchema1(body)
  if (body.schemaVersion !== 2) {
    throw new ManifestProblem('manifest-form', 'schemaVersion 2', shown(body.schemaVersion))
  }
  if (stated !== undefined && stated !== mediaType) {
    throw new ManifestProblem('media-type-differs', mediaType, shown(stated))
  }
  // One document that is a manifest to one reader and an index to another (CVE-2021-41190).
  if (body.manifests !== undefined && (body.layers !== undefined || body.config !== undefined)) {
    throw new ManifestProblem('two-kinds', 'either manifests or layers', 'both')
  }
}

/**
 * Parses a manifest or index strictly, as the media type under which it was named. Fields that no norm knows are left
 * alone, as OCI demands.
 *
 * @throws ManifestProblem
 */
export function parseManifest(bytes: Uint8Array, mediaType: string): Manifest {
  checkType(mediaType)
  const body = read(bytes)
  checkKind(body, mediaType)
  const common = {
    mediaType,
    artifactType: optionalMediaType(body.artifactType, 'artifactType'),
    subject: body.subject === undefined || body.subject === null ? null : parseDescriptor(body.subject),
    annotations: annotationsOf(body.annotations),
  }
  if (isIndexType(mediaType)) {
    return { ...common, kind: 'index', manifests: descriptors(body.manifests, 'manifests') }
  }
  const layers = descriptors(body.layers, 'layers')
  return { ...common, kind: 'manifest', config: parseDescriptor(body.config), layers }
}

/**
 * Reads an index that is a list of others' manifests (referrers, the entries of a layout), entry by entry.
 *
 * @throws ManifestProblem for what is no such list
 */
export function readList(bytes: Uint8Array): UsableList {
  const body = read(bytes)
  if (body.schemaVersion !== undefined) checkKind(body, ociIndex)
  return usableDescriptors(body.manifests, 'manifests', limits.descriptors)
}

/** The media type that a document states about itself, before it is known how to read it; `null` without one. @throws ManifestProblem */
export function statedMediaType(bytes: Uint8Array): string | null {
  const body = read(bytes)
  refuseSchema1(body)
  return optionalMediaType(body.mediaType, 'mediaType')
}

/** Every descriptor of what belongs to a manifest; not its subject. */
export function childrenOf(manifest: Manifest): readonly Descriptor[] {
  return manifest.kind === 'index' ? manifest.manifests : [manifest.config, ...manifest.layers]
}

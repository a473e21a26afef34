import { isName, isFileTitle } from '../../shared/names.ts'
import type { Digest } from '../../shared/digest.ts'
import { canonical, JsonError, parseStrict } from '../platform/json.ts'
import type { ImageManifest } from './manifest.ts'
import { helmConfig, helmContent, helmProvenance, ociManifest } from './media-types.ts'

/** What a chart calls itself. */
export interface ChartName {
  readonly name: string
  readonly version: string
}

interface Layer {
  readonly digest: Digest
  readonly size: number
}

/**
 * The manifest in which a packed chart travels, as bytes: the form that Helm pushes to registries (helm.sh, "OCI
 * registries"), so that Helm pulls it from wherever it lands.
 */
export function chartManifest(
  config: Layer,
  content: Layer,
  provenance: Layer | null,
  of: ChartName,
): Buffer {
  const layer = (mediaType: string, { digest, size }: Layer): object => ({ mediaType, digest, size })
  return canonical({
    schemaVersion: 2,
    mediaType: ociManifest,
    config: layer(helmConfig, config),
    layers: [
      layer(helmContent, content),
      ...(provenance === null ? [] : [layer(helmProvenance, provenance)]),
    ],
    annotations: {
      'org.opencontainers.image.title': of.name,
      'org.opencontainers.image.version': of.version,
    },
  })
}

/** Name and version in the config of a chart; `null` where it states none that can be one. */
export function chartNameIn(config: Uint8Array): ChartName | null {
  try {
    const value = parseStrict(config)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    const { name, version } = value
    if (typeof name !== 'string' || typeof version !== 'string') return null
    return isFileTitle(name) && isName(name) && isName(version) ? { name, version } : null
  } catch (error) {
    if (error instanceof JsonError) return null
    throw error
  }
}

/** A chart as its manifest has it: what it calls itself, the packed chart, and its provenance. */
export interface CarriedChart extends ChartName {
  readonly content: Layer | null
  readonly provenance: Layer | null
}

/** The packed chart among the layers of a chart's manifest, and its provenance. */
export function chartLayers({ layers }: ImageManifest): {
  readonly content: Layer | null
  readonly provenance: Layer | null
} {
  const first = (type: string): Layer | null => layers.find(({ mediaType }) => mediaType === type) ?? null
  return { content: first(helmContent), provenance: first(helmProvenance) }
}

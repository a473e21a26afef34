import type { Digest } from '../../shared/digest.ts'
import type { Evidence } from '../../shared/waybill.ts'
import { ManifestProblem } from '../oci/descriptor.ts'
import { titleAnnotation } from '../oci/kind.ts'
import { parseManifest } from '../oci/manifest.ts'
import { readCapped } from '../platform/files.ts'
import { digestOf } from '../platform/hash.ts'
import { limits } from '../platform/limits.ts'
import type { Exportable } from './export.ts'

/** A file that is written. */
export interface Written {
  readonly title: string
  readonly digest: Digest
  readonly size: number
}

/**
 * The one document of a piece of evidence, under the name that its sender gave it; or why it is not written, as the end of
 * a sentence.
 *
 * @param root the manifest that it must speak for
 */
export async function documentIn(
  evidence: Evidence,
  root: Digest,
  content: Exportable,
): Promise<Written | string> {
  if (evidence.subject !== root) return 'which speaks for other evidence'
  const bytes = await readCapped(content.path(evidence.digest), limits.manifestBytes)
  if (digestOf(bytes) !== evidence.digest) return 'which is damaged'
  try {
    const manifest = parseManifest(bytes, evidence.mediaType)
    const layers = manifest.kind === 'manifest' ? manifest.layers : []
    const [layer, ...more] = layers
    if (layer === undefined || more.length > 0) return `which is ${layers.length} documents`
    return { title: layer.annotations[titleAnnotation] ?? '', digest: layer.digest, size: layer.size }
  } catch (error) {
    if (error instanceof ManifestProblem) return 'which is in a form that is not read'
    throw error
  }
}

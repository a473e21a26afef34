import type { Digest } from '../../../shared/digest.ts'
import { toldOf, type Looked, type LookedInto } from '../../../shared/look.ts'
import type { ReadManifest } from '../../source/source.ts'
import { Failure } from '../../platform/failure.ts'
import { helmConfig, modelTypes } from '../../oci/media-types.ts'
import type { CollectTools } from '../tools.ts'

/**
 * Demands that something was read whole, and that nothing in it speaks against it.
 *
 * @throws Failure `archive-refused`, `archive-parts`
 */
export function checkLooked(path: string, looked: Looked): void {
  const bad = looked.checks.find(({ result }) => result === 'fail')
  if (bad !== undefined) {
    const { reason, subject, expected, found } = bad
    throw new Failure('archive-refused', { path, reason, subject, expected, found })
  }
  // One part alone would cross, and nobody could put it together again there.
  if (looked.parts.length > 0) {
    throw new Failure('archive-parts', { path, found: looked.parts.join(', ').slice(0, 1000) })
  }
}

/**
 * Looks into a file before it is taken. What is damaged, or not what was asked for, is not carried.
 *
 * @throws Failure `archive-refused`, `archive-parts`, `package-expected`
 */
export async function lookedInto(
  path: string,
  asked: { readonly reference: string; readonly archive: 'any' | 'zarf' },
  tools: CollectTools,
): Promise<LookedInto> {
  const looked = await tools.foreign.look(path)
  checkLooked(asked.reference, looked)
  if (asked.archive === 'zarf' && looked.format !== 'zarf') {
    throw new Failure('package-expected', { path: asked.reference, found: looked.format ?? 'nothing' })
  }
  return toldOf(asked.reference, looked)
}

/**
 * Demands that what was taken, or opened again, is what was looked into: somebody may have put another file there in between.
 *
 * @throws Failure `archive-refused`
 */
export function checkTaken(reference: string, looked: Digest | null | undefined, taken: Digest | null): void {
  if (looked === undefined || looked === taken) return
  const about = {
    reason: 'changing',
    subject: reference,
    expected: looked ?? 'no digest',
    found: taken ?? 'no digest',
  }
  throw new Failure('archive-refused', { path: reference, ...about })
}

/** The types by which what was asked for is known in a registry. */
const known = {
  package: ['application/vnd.zarf.config.v1+json'],
  chart: [helmConfig],
  model: modelTypes,
} as const

/** @throws Failure `package-expected`, `chart-expected`, `model-expected` for what is something else */
export function checkMust(
  must: keyof typeof known | null,
  reference: string,
  { manifest }: ReadManifest,
): void {
  if (must === null) return
  const config = manifest.kind === 'index' ? 'an index' : manifest.config.mediaType
  const stated = must === 'model' ? [config, manifest.artifactType] : [config]
  if (stated.some((type) => known[must].some((one) => one === type))) return
  const path = reference
  if (must === 'package') throw new Failure('package-expected', { path, found: config })
  if (must === 'chart') throw new Failure('chart-expected', { path, found: config })
  throw new Failure('model-expected', { path, found: config })
}

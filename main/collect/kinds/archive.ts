import type { Digest } from '../../shared/digest.ts'
import { toldOf, type LookedInto } from '../../shared/look.ts'
import type { ReadManifest } from '../source/source.ts'
import { Failure } from '../platform/failure.ts'
import type { CollectTools } from './tools.ts'

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
  const bad = looked.checks.find(({ result }) => result === 'fail')
  if (bad !== undefined) {
    const { reason, subject, expected, found } = bad
    throw new Failure('archive-refused', { path: asked.reference, reason, subject, expected, found })
  }
  // One part alone would cross, and nobody could put it together again there.
  if (looked.parts.length > 0) {
    throw new Failure('archive-parts', {
      path: asked.reference,
      found: looked.parts.join(', ').slice(0, 1000),
    })
  }
  if (asked.archive === 'zarf' && looked.format !== 'zarf') {
    throw new Failure('package-expected', { path: asked.reference, found: looked.format ?? 'nothing' })
  }
  return toldOf(asked.reference, looked)
}

/**
 * Demands that what was taken is what was looked into: somebody may have put another file there in between.
 *
 * @throws Failure `archive-refused`
 */
export function checkTaken(reference: string, looked: LookedInto | null, taken: Digest): void {
  if (looked === null || looked.digest === taken) return
  const about = {
    reason: 'changing',
    subject: reference,
    expected: looked.digest ?? 'no digest',
    found: taken,
  }
  throw new Failure('archive-refused', { path: reference, ...about })
}

/** The config by which a Zarf package is known in a registry. */
const zarfConfig = 'application/vnd.zarf.config.v1+json'

/** @throws Failure `package-expected` for what is no Zarf package */
export function checkPackage(reference: string, { manifest }: ReadManifest): void {
  const found = manifest.kind === 'index' ? 'an index' : manifest.config.mediaType
  if (found !== zarfConfig) throw new Failure('package-expected', { path: reference, found })
}

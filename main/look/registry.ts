import { check } from '../../shared/rules/check.ts'
import type { Looked } from '../../shared/look.ts'
import { countsOf, outcomeOf, type Check } from '../../shared/verdict.ts'
import type { Assessed } from '../evidence/assess.ts'
import type { Found, Survey } from '../evidence/survey.ts'
import { isImage } from '../oci/kind.ts'
import { childrenOf } from '../oci/manifest.ts'
import { formatPlatform } from '../oci/platform.ts'
import { cutReference } from '../oci/reference.ts'
import { foreignKind } from '../source/foreign/oci-items.ts'
import { summariesOf } from '../evidence/summary.ts'
import { signedOf } from './judge-signatures.ts'
import { signatureCheck } from './signature-checks.ts'

/**
 * What a look at an image in a registry comes to: its manifests and what speaks for it. Its layers are not fetched.
 *
 * @param named whether somebody named keys or roots
 */
export function lookedAt(
  reference: string,
  root: Found,
  { assessed, findings }: Pick<Survey, 'findings'> & { readonly assessed: readonly Assessed[] },
  named: boolean,
): Looked {
  const { manifest, digest, mediaType } = root
  // Of an index the manifests below are not fetched for this: what states platforms is of images.
  const image =
    manifest.kind === 'index'
      ? manifest.manifests.some(({ platform }) => platform !== null)
      : isImage(manifest)
  const signed = signedOf(summariesOf(assessed), (piece) => piece.subject === digest)
  const form = { subject: reference, expected: 'manifests that are what their digests say', found: digest }
  const made = signatureCheck('item.signature', reference, signed, named)
  const checks: Check[] = [
    check('container.form', 'pass', form),
    ...findings.map((found) => {
      const about = { subject: reference, expected: 'every piece of evidence that is listed', found }
      return check('container.complete', 'warn', { ...about, reason: 'evidence-missing' })
    }),
    ...(made === null ? [] : [made]),
  ]
  const children = childrenOf(manifest)
  return {
    ...{ name: reference, format: 'registry', container: 'registry', digest },
    size: root.size,
    parts: [],
    outcome: outcomeOf(checks),
    counts: countsOf(checks),
    items: [
      {
        kind: foreignKind(manifest, image),
        name: reference,
        version: cutReference(reference).tag ?? null,
        references: [reference],
        ...{ digest, mediaType },
        platforms: children.flatMap(({ platform }) =>
          platform === null ? [] : (formatPlatform(platform) ?? []),
        ),
        size: root.size + children.reduce((sum, child) => sum + child.size, 0),
        evidence: [...signed.summaries],
      },
    ],
    files: [],
    filesLeftOut: 0,
    named: [],
    checks,
    notAsked: [
      { id: 'container.sums', reason: 'layers-stay' },
      { id: 'container.signature', reason: 'no-place' },
      ...(made === null ? [{ id: 'item.signature', reason: 'nobody-named' }] : []),
    ],
  }
}

import type { Digest } from '../../shared/digest.ts'
import type { RequestItem } from '../../shared/request.ts'
import type { Blob } from '../../shared/waybill.ts'
import type { Closure } from '../oci/graph.ts'
import { Failure } from '../platform/failure.ts'
import type { Draft } from './draft.ts'

/** Demands that what somebody leaves out is among what is asked for. @throws Failure `left-out-unknown` */
export function checkLeftOut(references: readonly string[], without: readonly string[]): void {
  const unknown = without.find((name) => !references.includes(name))
  if (unknown === undefined) return
  throw new Failure('left-out-unknown', {
    found: unknown,
    expected: references.join(', ').slice(0, 1000),
  })
}

/**
 * What is asked for without what somebody leaves out. Where something takes the images that it names, only they can tell
 * whether a name is one of them: `checkLeftOut` is asked again then.
 *
 * @throws Failure `left-out-unknown` for a name that the request has not
 */
export function withoutThose(items: readonly RequestItem[], without: readonly string[]): RequestItem[] {
  const takes = items.some((item) => 'images' in item && item.images === 'take')
  if (!takes)
    checkLeftOut(
      items.map(({ reference }) => reference),
      without,
    )
  return items.filter((item) => !without.includes(item.reference))
}

/** The blobs of a waybill: sorted by digest, unique. */
export function blobsOf(closure: Closure): Blob[] {
  const carried = [...closure.blobs].map(([digest, { size, early }]): Blob => ({
    digest,
    size,
    state: 'carried',
    early,
  }))
  const omitted = [...closure.omitted].map(([digest, size]): Blob => ({
    digest,
    size,
    state: 'omitted',
    early: true,
  }))
  return [...carried, ...omitted].sort((a, b) => (a.digest < b.digest ? -1 : 1))
}

/** Where an item came from, for the record. */
export function sourceOf({ asked, root, from }: Draft): { reference: string; digest: Digest; from: string } {
  return { reference: asked.reference, digest: root.digest, from }
}

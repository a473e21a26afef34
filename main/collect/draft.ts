import type { Digest } from '../../shared/digest.ts'
import type { CarriedItem } from '../../shared/request.ts'
import type { LookedInto } from '../../shared/look.ts'
import type { Rendered } from '../../shared/rendered.ts'
import type { Evidence, Finding, Item } from '../../shared/waybill.ts'
import { statedBy } from '../oci/normal-form.ts'
import type { Naming } from './naming.ts'
import type { Named, ReadManifest, Source } from '../source/source.ts'

/** A piece of evidence with everything below it, so that it can be left out as a whole. */
export interface Spoken {
  readonly evidence: Evidence
  readonly needs: ReadonlySet<Digest>
}

/** One item while it is collected. */
export interface Draft {
  readonly asked: CarriedItem
  readonly from: string
  /** `null` for a file: nothing speaks for it. */
  readonly source: Source | null
  readonly root: ReadManifest
  /** Manifests that are carried, the root first. */
  readonly carried: readonly Named[]
  /** Every digest of the content, manifests included. */
  readonly needs: ReadonlySet<Digest>
  readonly leftOut: ReadonlyMap<Digest, number>
  readonly subjects: ReadonlyMap<Digest, Digest>
  spoken: Spoken[]
  readonly findings: Finding[]
  /** What was found in it, where it was looked into. */
  readonly looked?: LookedInto
  /** The images that it names, where it names some. */
  readonly named?: Naming
  /** What a program of others put together of it. */
  readonly rendered?: readonly Rendered[]
}

/** Where each digest can be had, by the first that named it. */
export type Places = Map<Digest, Source>

/** The item as it stands in the waybill; what is derived from content comes later. */
export function itemOf(draft: Draft): Item {
  const { asked, root } = draft
  const kind = asked.kind === 'url' ? 'file' : asked.kind
  const { name, version } = statedBy(kind, asked.reference, draft.findings)
  return {
    name: name ?? asked.reference,
    version,
    kind,
    reference: asked.reference,
    root: {
      mediaType: root.mediaType,
      digest: root.digest,
      size: root.bytes.length,
      artifactType: root.manifest.artifactType,
    },
    platforms: [],
    evidence: draft.spoken.map((entry) => entry.evidence),
    findings: [...draft.findings],
  }
}

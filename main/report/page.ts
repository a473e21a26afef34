import type { Digest } from '../../shared/digest.ts'
import { inside } from './inside.ts'
import { custody } from './custody.ts'
import { documentOf } from './document.ts'
import { firstPage } from './first.ts'
import { html } from './html.ts'
import { landing } from './landing.ts'
import { recompute } from './recompute.ts'
import type { CrossingRecord } from './record.ts'
import { checks, evidence, ground, items, media, origin, people } from './sections.ts'

/** The report as a page: a pure function of the record and its digest. */
export function reportPage(record: CrossingRecord, digest: Digest): string {
  const main = html`${firstPage(record)} ${items(record)} ${evidence(record)} ${inside(record)}
    ${checks(record)} ${media(record)} ${landing(record)} ${custody(record)} ${people(record)}
    ${ground(record)} ${origin(record, digest)} ${recompute(record, digest)}
    <p>
      This report is evidence for a transfer procedure. It is not a statement that anything complies with
      anything.
    </p>`
  return documentOf(`Report on ${record.consignment.name}`, record.marking, main)
}

import type { ReactNode } from 'react'
import type { ConsignmentEvidence } from '../../../shared/evidence.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { EvidenceOfItems } from '../../parts/evidence.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useEvidence } from '../../state/evidence.ts'
import { go } from '../../state/view.ts'
import { evidenceHeading, evidenceName } from '../../text/evidence.ts'
import { count, size } from '../../text/format.ts'

type Item = ConsignmentView['content'][number]

/** Everything that came along, by what its maker called it; also what is in no form that is read. */
function Carried({ item }: { readonly item: Item }): ReactNode {
  const { evidence } = item
  return (
    <section className="card">
      <header>
        <h3>{item.name}</h3>
        <span className="id">{item.kind}</span>
      </header>
      {evidence.length === 0 ? (
        <p>Nothing came along: no signature, provenance or SBOM was found for it.</p>
      ) : null}
      <ul>
        {evidence.map((one) => (
          <li key={one.digest}>
            {evidenceName(one)}, {size(one.size)}, for{' '}
            {one.subject === item.root.digest ? 'the item itself' : <code>{one.subject}</code>}:{' '}
            <code>{one.digest}</code>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What was found while an item was collected: said whether or not what was carried is looked at. */
function Findings({ item }: { readonly item: Item }): ReactNode {
  if (item.findings.length === 0) return null
  return (
    <section className="card warn" aria-label={`Findings about ${item.name}`}>
      {item.findings.map((finding) => (
        <p key={`${finding.code}-${finding.subject}`}>
          <Badge result="warn" /> {item.name}: {finding.detail} <code>{finding.code}</code>
        </p>
      ))}
    </section>
  )
}

function headingOf(evidence: ConsignmentEvidence | null, carried: number): string {
  if (evidence === null) return 'What speaks for these items'
  const read = evidence.items.some((item) => item.pieces.length > 0)
  if (read || carried === 0) return evidenceHeading(evidence)
  return `${count(carried, 'piece')} of evidence came along, in forms that are not read`
}

/** What speaks for each item, judged by this desk for those who sign here; the other side judges anew. */
export function Authenticity({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, content } = consignment
  const judged = useEvidence(id, consignment.waybill ?? '')
  const evidence = judged?.evidence ?? null
  const carried = content.reduce((total, item) => total + item.evidence.length, 0)
  const read = evidence?.items.some((item) => item.pieces.length > 0 || item.rules.length > 0) === true
  const everything = content.map((item) => <Carried key={item.reference} item={item} />)
  const silent = content.filter((item) => item.evidence.length === 0).length
  return (
    <Frame
      heading={headingOf(evidence, carried)}
      means="What this desk makes of it, for those who sign. The other side judges anew."
      next="Next: two people sign. They answer for what is not proven here."
      consignment={consignment}
      acts={
        <>
          <Act onPress={() => go({ to: 'consignment', id, step: 'items' })}>Items</Act>
          <Act kind="primary" onPress={() => go({ to: 'consignment', id, step: 'approve' })}>
            Go on to approve
          </Act>
        </>
      }
    >
      {silent > 0 ? (
        <ul className="badges" aria-label="Counts">
          <li>
            <Badge result="warn" text={`${count(silent, 'item')} without any evidence`} />
          </li>
        </ul>
      ) : null}
      {judged?.failure ? <FailureBox failure={judged.failure} /> : null}
      {evidence === null || !read ? null : <EvidenceOfItems consignment={id} evidence={evidence} />}
      {content.map((item) => (
        <Findings key={item.reference} item={item} />
      ))}
      {read ? <Fold name="everything that was carried">{everything}</Fold> : everything}
    </Frame>
  )
}

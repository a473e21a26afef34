import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../../shared/views.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Frame } from '../../parts/frame.tsx'
import { go } from '../../state/view.ts'
import { count, size } from '../../text/format.ts'
import { evidenceName } from '../../text/evidence.ts'

type Item = ConsignmentView['content'][number]

function ItemEvidence({ item }: { readonly item: Item }): ReactNode {
  const { evidence, findings } = item
  return (
    <section className="card not-checked">
      <header>
        <Badge result="not-checked" />
        <h2>{item.name}</h2>
        <span className="id">{item.kind}</span>
      </header>
      <Facts
        rows={[
          [
            'Came along',
            evidence.length === 0
              ? 'nothing: no signature, provenance or SBOM was found for it'
              : count(evidence.length, 'piece of evidence', 'pieces of evidence'),
          ],
          [
            'Why',
            'Who signed it and which build made it was not asked: the policy in force has no rule for it yet. What came along is carried, byte for byte, and can be judged later.',
          ],
          ['Content', <code key="digest">{item.root.digest}</code>],
        ]}
      />
      {evidence.length === 0 ? null : (
        <ul>
          {evidence.map((one) => (
            <li key={one.digest}>
              {evidenceName(one)}, {size(one.size)}, for{' '}
              {one.subject === item.root.digest ? 'the item itself' : <code>{one.subject}</code>}:{' '}
              <code>{one.digest}</code>
            </li>
          ))}
        </ul>
      )}
      {findings.map((finding) => (
        <p key={`${finding.code}-${finding.subject}`}>
          <Badge result="warn" /> {finding.detail} <code>{finding.code}</code>
        </p>
      ))}
    </section>
  )
}

/** What came along for each item, and that nobody has judged it: said as loudly as a failure. */
export function Authenticity({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, content } = consignment
  const silent = content.filter((item) => item.evidence.length === 0).length
  const pieces = content.reduce((total, item) => total + item.evidence.length, 0)
  const heading =
    pieces === 0
      ? 'Nothing speaks for these items but the people who sign'
      : `${count(pieces, 'piece')} of evidence came along; none of it was judged`
  return (
    <Frame
      heading={heading}
      means="Signatures, provenance and SBOMs are collected and carried. This version’s policy cannot ask for them yet, so no result is claimed."
      next="Next: two people sign the waybill. They answer for what this page does not prove."
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
      <ul className="badges" aria-label="Counts">
        <li>
          <Badge result="not-checked" text={`${count(content.length, 'item')} not checked: not asked`} />
        </li>
        {silent > 0 ? (
          <li>
            <Badge result="warn" text={`${count(silent, 'item')} without any evidence`} />
          </li>
        ) : null}
      </ul>
      {content.map((item) => (
        <ItemEvidence key={item.reference} item={item} />
      ))}
    </Frame>
  )
}

import { useId, useState, type ReactNode } from 'react'
import type { Looked, LookedItem } from '../../shared/look.ts'
import type { EvidenceSummary } from '../../shared/evidence.ts'
import { pieceResults } from '../text/evidence.ts'
import { size, time } from '../text/format.ts'
import { shortDigest, speaksFor } from '../text/look.ts'
import { Act } from './act.tsx'
import { Badge } from './badge.tsx'
import { Facts } from './facts.tsx'
import { Table } from './table.tsx'

/** Items that are drawn at once. */
const drawn = 50

/** What a piece of evidence says: who signed, when, and what that is not proven by. */
function Piece({ piece }: { readonly piece: EvidenceSummary }): ReactNode {
  const { kind, result, signer, times, reason, type, notChecked } = piece
  const by = signer === null ? (reason ?? 'by nobody known') : `by ${signer}`
  const when = times.length === 0 ? '' : `, ${times.map(time).join(', ')}`
  return (
    <li>
      <Badge result={pieceResults[result]} /> {kind} {by}
      {when}
      {type === null ? null : <span className="small soft"> {type}</span>}
      {notChecked.map((sentence) => (
        <p key={sentence} className="small">
          {sentence}
        </p>
      ))}
    </li>
  )
}

function Details({ item }: { readonly item: LookedItem }): ReactNode {
  const { digest, mediaType, references, evidence } = item
  return (
    <Facts
      rows={[
        ['Digest', <code key="digest">{digest}</code>],
        ['Type', <code key="type">{mediaType}</code>],
        ['Size', size(item.size)],
        ...(references.length < 2
          ? []
          : ([['Also called', references.slice(1).map((one) => <div key={one}>{one}</div>)]] as const)),
        ...(evidence.length === 0
          ? []
          : ([
              [
                'Evidence',
                <ul key="evidence" className="bare">
                  {evidence.map((piece) => (
                    <Piece key={`${piece.blob}-${piece.subject}`} piece={piece} />
                  ))}
                </ul>,
              ],
            ] as const)),
      ]}
    />
  )
}

function Row({ item }: { readonly item: LookedItem }): ReactNode {
  const [open, setOpen] = useState(false)
  const id = useId()
  const name = item.name ?? '(no name)'
  return (
    <>
      <tr>
        <td>{item.kind}</td>
        <th scope="row">{name}</th>
        <td>
          <code>{shortDigest(item.digest)}</code>
        </td>
        <td>{item.platforms.length === 0 ? '–' : item.platforms.join(', ')}</td>
        <td>{speaksFor(item)}</td>
        <td>
          <button
            type="button"
            className="button link"
            aria-expanded={open}
            aria-controls={open ? id : undefined}
            aria-label={`Details: ${name}`}
            onClick={() => setOpen(!open)}
          >
            Details
          </button>
        </td>
      </tr>
      {open ? (
        <tr id={id}>
          <td colSpan={6}>
            <Details item={item} />
          </td>
        </tr>
      ) : null}
    </>
  )
}

/** What lies in it under a name or digest of its own, a row each; whole digests and evidence behind a control. */
export function LookedItems({ items }: Pick<Looked, 'items'>): ReactNode {
  const [shown, setShown] = useState(drawn)
  if (items.length === 0) return null
  return (
    <>
      <Table
        label="What is in it"
        kind="evidence"
        heads={['Kind', 'Name', 'Digest', 'Platforms', 'Evidence', { spoken: 'Details' }]}
      >
        {items.slice(0, shown).map((item, i) => (
          <Row key={`${item.digest}-${i}`} item={item} />
        ))}
      </Table>
      {items.length > shown ? (
        <Act onPress={() => setShown(shown + drawn)}>
          {`Show more items: ${items.length - shown} are not shown`}
        </Act>
      ) : null}
    </>
  )
}

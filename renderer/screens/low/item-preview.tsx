import type { ReactNode } from 'react'
import { Badge } from '../../parts/badge.tsx'
import { Fold } from '../../parts/fold.tsx'
import type { Ahead } from '../../state/previewing.ts'
import { count, size } from '../../text/format.ts'
import type { Previewed } from '../../../shared/preview.ts'

/** How large it is, and what it runs on. */
function measures({ size: bytes, here, platforms, named }: Previewed): string {
  return [
    bytes === null ? 'Size not known' : size(bytes),
    ...(here === 0 ? [] : [`${size(here)} of it here already`]),
    ...platforms,
    ...(named === 0 ? [] : [`names ${count(named, 'image')}`]),
  ].join(' · ')
}

function signed({ evidence, signers }: Previewed): string {
  if (signers.length > 0) return `Signed by ${signers.join('; ')}.`
  if (evidence === 0) return 'Nothing speaks for it.'
  return `${count(evidence, 'piece')} of evidence, by nobody whom this desk knows.`
}

/** What would come of one thing if it were collected now. @param of the item, as it is spoken */
export function ItemPreview(props: { readonly ahead: Ahead; readonly of: string }): ReactNode {
  const { ahead, of } = props
  if (ahead === undefined) return null
  if (ahead === null) return <p className="small soft">Asking…</p>
  if (ahead.failure !== null) {
    return (
      <p>
        <Badge result="fail" /> {ahead.failure.happened} {ahead.failure.next}
      </p>
    )
  }
  const { digest, open, notes } = ahead
  return (
    <div className="small">
      <p>
        {measures(ahead)}. {digest === null ? '' : signed(ahead)}
      </p>
      {open.map(({ result, found }) => (
        <p key={`${result} ${found}`}>
          <Badge result={result} /> {found}
        </p>
      ))}
      {digest === null && notes.length === 0 ? null : (
        <Fold name="more of it" of={of}>
          {digest === null ? null : (
            <p>
              <code>{digest}</code>
            </p>
          )}
          <ul>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Fold>
      )}
    </div>
  )
}

/** All of it together, as far as it is known. */
export function PreviewTotal({ all }: { readonly all: readonly Ahead[] }): ReactNode {
  const known = all.filter((one) => one !== null && one !== undefined)
  if (known.length === 0) return null
  const bytes = known.reduce((sum, one) => sum + (one.size ?? 0), 0)
  const here = known.reduce((sum, one) => sum + one.here, 0)
  const failed = known.filter(({ failure }) => failure !== null).length
  return (
    <p role="status">
      {count(known.length, 'item')} looked at: {size(bytes)}
      {here === 0 ? '' : `, ${size(here)} of it here already`}.
      {failed === 0 ? '' : ` ${failed} cannot be collected as they stand.`}
    </p>
  )
}

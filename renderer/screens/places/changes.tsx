import type { ReactNode } from 'react'
import type { ChangeView } from '../../../shared/changes.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { useClosed } from '../../state/closed.ts'
import { useMirror } from '../../state/mirror.ts'
import { time } from '../../text/format.ts'

const none: readonly ChangeView[] = []

function deedOf({ kind, state }: ChangeView, closed: boolean): string {
  if (closed) return kind === 'desk.restored' ? 'Sign it…' : 'Show it…'
  return state === 'stale' ? 'Withdraw it…' : 'Sign or withdraw it…'
}

/** Changes that wait for a second officer. Nothing where there is none. */
export function Changes({ open }: { readonly open: (change: ChangeView) => void }): ReactNode {
  const changes = useMirror((mirror) => mirror.desk?.changes) ?? none
  const closed = useClosed()
  if (changes.length === 0) return null
  return (
    <>
      {changes.map((change) => (
        <section
          className={`card ${change.state === 'stale' ? 'not-checked' : 'warn'}`}
          key={change.number}
          aria-label={`Change ${change.number}`}
        >
          <header>
            <Badge
              result={change.state === 'stale' ? 'not-checked' : 'warn'}
              text={change.state === 'stale' ? 'Stale' : 'Waits for a second officer'}
            />
            <h2>{change.sentence}</h2>
            <span className="id">change {change.number}</span>
          </header>
          <p className="soft">
            {change.proposed.name} asked for it, {time(change.proposed.at)}.
            {change.state === 'stale'
              ? ' Something else was put in force since; it can only be withdrawn.'
              : ''}
          </p>
          <Act onPress={() => open(change)}>{deedOf(change, closed !== null)}</Act>
        </section>
      ))}
    </>
  )
}

import { useEffect, useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import type { CallOutput } from '../../../shared/contract.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Frame } from '../../parts/frame.tsx'
import { VerdictFacts } from '../../parts/verdict-facts.tsx'
import { refusedOf, SheetPage } from '../sheet.tsx'
import { useMirror } from '../../state/mirror.ts'
import { go } from '../../state/view.ts'
import { amount, count, time } from '../../text/format.ts'
import { headingOf, meaningOf } from '../../text/verdict.ts'

/** How many are listed at once. */
const shown = 5

/** The media that were refused before anything of them was kept: the newest, and how many there are. */
export function RefusedMedia(): ReactNode {
  const turn = useMirror((mirror) => mirror.turn)
  const [listed, setListed] = useState<CallOutput<'refused.list'> | null>(null)
  const [many, setMany] = useState(shown)
  const [failure, setFailure] = useState<FailureView | null>(null)
  useEffect(() => {
    void call('refused.list', { from: 0, count: many }).then((answer) => {
      setFailure(answer.ok ? null : answer.failure)
      if (answer.ok) setListed(answer.value)
    })
  }, [turn, many])
  if (failure !== null) return <FailureBox failure={failure} />
  if (listed === null || listed.total === 0) return null
  const { total, refused } = listed
  return (
    <section className="card" aria-labelledby="refused-media">
      <h2 id="refused-media">{count(total, 'medium was', 'media were')} refused, and nothing of it kept</h2>
      <ul className="rows">
        {refused.map(({ sequence, at, scope, outcome }) => (
          <li key={sequence}>
            <span>
              <Badge
                result={outcome === 'not-checked' ? 'not-checked' : 'fail'}
                text={outcome === 'not-checked' ? 'Not checked' : 'Failed'}
              />{' '}
              A {scope}, read {time(at)}
            </span>
            <Act onPress={() => go({ to: 'refused', sequence })}>
              Verdict<span className="hidden"> of {time(at)}</span>…
            </Act>
          </li>
        ))}
      </ul>
      {refused.length < total && many < 100 ? (
        <Act kind="link" onPress={() => setMany(100)}>
          Show {total > 100 ? 'the newest 100' : `all ${amount(total)}`}
        </Act>
      ) : null}
    </section>
  )
}

/** The verdict on a medium that was refused, as it was made then. */
export function RefusedPage({ sequence }: { readonly sequence: number }): ReactNode {
  const [found, setFound] = useState<CallOutput<'refused.show'> | null>(null)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [onPaper, setOnPaper] = useState(false)
  useEffect(() => {
    void call('refused.show', { sequence }).then((answer) => {
      if (answer.ok) setFound(answer.value)
      else setFailure(answer.failure)
    })
  }, [sequence])
  if (found === null && failure === null) return null
  const verdict = found?.verdict ?? null
  if (onPaper)
    return <SheetPage shown={refusedOf(sequence)} back="Back to the verdict" done={() => setOnPaper(false)} />
  return (
    <Frame
      heading={verdict === null ? 'The verdict on this medium cannot be shown' : headingOf(verdict)}
      means={verdict === null ? 'Its outcome stands in the ledger.' : meaningOf(verdict)}
      next="Nothing of this medium was kept. To judge it by what is in force now, receive it again."
      acts={
        <>
          <Act onPress={() => go({ to: 'start' })}>All consignments</Act>
          <Act kind="primary" disabled={verdict === null} onPress={() => setOnPaper(true)}>
            Report…
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      {found === null ? null : (
        <p>
          A {found.reading.scope}, read {time(found.reading.at)}. Waybill found:{' '}
          <code>{found.reading.waybill ?? 'none'}</code>
        </p>
      )}
      {found !== null && verdict === null ? (
        <p>An earlier version read it and kept no verdict. The ledger has its outcome and digest.</p>
      ) : null}
      {verdict === null ? null : <VerdictFacts verdict={verdict} />}
    </Frame>
  )
}

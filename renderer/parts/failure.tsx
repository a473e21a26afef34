import { useEffect, useRef, type ReactNode } from 'react'
import type { FailureView } from '../../shared/failure.ts'
import { Facts } from './facts.tsx'

/** What happened, what is safe, what to do: a box that stays, and that takes the focus when it comes. */
export function FailureBox({ failure }: { readonly failure: FailureView | null }): ReactNode {
  const box = useRef<HTMLElement>(null)
  useEffect(() => {
    if (failure !== null) box.current?.focus()
  }, [failure])
  if (failure === null) return null
  return (
    <section className="card fail" role="alert" tabIndex={-1} ref={box} aria-label="What went wrong">
      <header>
        <h2>{failure.happened}</h2>
        <span className="id">{failure.code}</span>
      </header>
      <Facts
        rows={[
          ['Safe', failure.safe],
          ['Do next', failure.next],
        ]}
      />
    </section>
  )
}

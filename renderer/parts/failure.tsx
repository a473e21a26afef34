import { useEffect, useRef, type ReactNode } from 'react'
import type { FailureView } from '../../shared/failure.ts'
import { furtherSentences } from '../../shared/text/further.ts'
import { Facts } from './facts.tsx'
import { Fold } from './fold.tsx'

/** The digests that a failure is about: whole, for whoever has to compare them. */
function Digests({ failure }: { readonly failure: FailureView }): ReactNode {
  const named = [
    ['Expected', failure.facts['expected']],
    ['Found', failure.facts['found']],
  ] as const
  const whole = named.flatMap(([name, value]) =>
    typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) && !failure.happened.includes(value)
      ? [[name, <code key={name}>{value}</code>] as const]
      : [],
  )
  if (whole.length === 0) return null
  return (
    <Fold name="the whole fingerprints">
      <Facts rows={whole} />
    </Fold>
  )
}

/** A failure in one line, for the error of a field: the same words, and the code. */
export function inOneLine({ happened, safe, next, code }: FailureView): string {
  return `${happened} ${next} ${safe} (${code})`
}

/** A failure at what it is about, instead of at the top of the page. */
export function FieldFailure({ failure }: { readonly failure: FailureView }): ReactNode {
  return (
    <div role="alert" className="field-failure">
      <p className="field-error">{inOneLine(failure)}</p>
      <Digests failure={failure} />
    </div>
  )
}

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
      {furtherSentences(failure).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <Facts
        rows={[
          ['Safe', failure.safe],
          ['Do next', failure.next],
        ]}
      />
      <Digests failure={failure} />
    </section>
  )
}

import type { ReactNode } from 'react'
import type { FailureView } from '../../shared/failure.ts'
import { count } from '../text/format.ts'
import { Act } from './act.tsx'
import { Badge } from './badge.tsx'
import { FailureBox } from './failure.tsx'
import { Fold } from './fold.tsx'

type Facts = FailureView['facts']

/** The problems by their lines, from the first line to the last. */
function byLine({ facts, further }: FailureView): readonly (readonly [number, readonly Facts[]])[] {
  const all = [facts, ...(further?.places ?? [])]
  const lines = [...new Set(all.map(({ line }) => Number(line)))].sort((a, b) => a - b)
  return lines.map((line) => [line, all.filter((one) => Number(one['line']) === line)] as const)
}

/** One line: as it stands, and what is wrong with it. */
function Line(props: {
  readonly line: number
  readonly stands: string
  readonly problems: readonly Facts[]
  readonly show: (line: number) => void
}): ReactNode {
  const { line, stands, problems, show } = props
  const columns = [...new Set(problems.map(({ column }) => column ?? 1))].join(' and ')
  return (
    <section className="card not-checked" aria-label={`What is open in line ${line}`}>
      <header>
        <Badge result="not-checked" text={`Line ${line}, column ${columns}`} />
      </header>
      <pre tabIndex={0} aria-label={`Line ${line}`}>
        {stands === '' ? ' ' : stands}
      </pre>
      {problems.map(({ column, expected, found }) => (
        <p key={`${column} ${expected} ${found}`}>
          Expected: {expected}. Found: {found}.
        </p>
      ))}
      <Act onPress={() => show(line)}>Go to line {line}</Act>
    </section>
  )
}

// As many as leave the text in sight; the others are one press away.
const shown = 3

/** What the parser says, beside each line that it says something of. */
export function PolicyProblems(props: {
  readonly failure: FailureView
  readonly text: string
  readonly show: (line: number) => void
}): ReactNode {
  const { failure, text, show } = props
  if (failure.code !== 'policy-form') return <FailureBox failure={failure} />
  const stands = text.split('\n')
  const all = byLine(failure).map(([line, problems]) => (
    <Line key={line} line={line} stands={stands[line - 1] ?? ''} problems={problems} show={show} />
  ))
  const others = all.slice(shown)
  const more = failure.further?.more ?? 0
  return (
    <>
      {all.slice(0, shown)}
      {others.length === 0 ? null : (
        <Fold name={`${count(others.length, 'more line')} in which something is open`}>{others}</Fold>
      )}
      {more === 0 ? null : <p>And {count(more, 'problem')} more.</p>}
    </>
  )
}

import type { ReactNode } from 'react'
import type { Check } from '../../shared/verdict.ts'
import { titleOf, type Alike } from '../text/checks.ts'
import { Badge } from './badge.tsx'
import { Facts } from './facts.tsx'
import { Fold } from './fold.tsx'
import { Table } from './table.tsx'

/** What was expected and found of each thing, where several came to the same. */
function Each({ checks, title }: { readonly checks: Alike; readonly title: string }): ReactNode {
  return (
    <Table label={`${title}, each`} heads={['Of', 'Expected', 'Found']}>
      {checks.map(({ subject, expected, found }, i) => (
        <tr key={`${subject}-${i}`}>
          <th scope="row">{subject}</th>
          <td>
            <code>{expected}</code>
          </td>
          <td>
            <code>{found}</code>
          </td>
        </tr>
      ))}
    </Table>
  )
}

/** A text that is as short is as easily read as the words that it stands above. */
const short = 40

const comparison = (
  { expected, found }: Check,
  before: Check | null,
): readonly (readonly [string, ReactNode])[] => [
  ['Expected', <code key="expected">{expected}</code>],
  ['Found', found.length > short && before?.found === found ? 'As above.' : <code key="found">{found}</code>],
]

/**
 * Checks that came to the same, as one box: state, name in words, id; expected and found of each; what it means and what
 * to do, once; the raw form behind one control. Of a warning, what was found is behind that control too.
 */
export function CheckBox(props: {
  readonly checks: Alike
  /** A check of the box before it: what that one says word for word is not said twice. */
  readonly before?: Check | null
}): ReactNode {
  const { checks, before = null } = props
  const [first, ...others] = checks
  const { id, result, subject, means, next } = first
  const title = titleOf(id)
  const about = others.length === 0 ? subject : `${checks.length}×`
  const heading = about.toLowerCase() === title.toLowerCase() ? title : `${title}: ${about}`
  const nextSaid = result !== 'warn' && before?.next === next
  const facts = (
    <>
      {others.length === 0 ? null : <Each checks={checks} title={title} />}
      <Facts
        rows={[
          ...(others.length === 0 ? comparison(first, before) : []),
          ...(result === 'warn' ? [] : ([['Means', means]] as const)),
          ...(result === 'pass' ? [] : ([['Do next', nextSaid ? 'As above.' : next]] as const)),
        ]}
      />
    </>
  )
  const raw = <pre tabIndex={0}>{JSON.stringify(others.length === 0 ? first : checks, null, 2)}</pre>
  return (
    <section className={`card ${result}`} aria-label={`${title}, ${about}`}>
      <header>
        <Badge result={result} />
        <h3>{heading}</h3>
        <span className="id">{id}</span>
      </header>
      {result === 'warn' ? (
        <>
          <p>{means}</p>
          <Fold name="more" of={title}>
            {facts}
            {raw}
          </Fold>
        </>
      ) : (
        <>
          {facts}
          <Fold name="raw" of={title}>
            {raw}
          </Fold>
        </>
      )}
    </section>
  )
}

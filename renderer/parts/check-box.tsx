import type { ReactNode } from 'react'
import type { Check } from '../../shared/verdict.ts'
import { titleOf, type Alike } from '../text/checks.ts'
import { Badge } from './badge.tsx'
import { Facts } from './facts.tsx'
import { Fold } from './fold.tsx'
import { Table } from './table.tsx'

/** A text that is as short is as easily read as the words that it stands above. */
const short = 40

const foundOf = ({ found }: Check, before: Check | null | undefined): ReactNode =>
  found.length > short && before?.found === found ? 'As above.' : <code>{found}</code>

/** What was expected and found of each, where several came to the same; which check each is, where they are not one. */
function Each({ checks, title }: { readonly checks: Alike; readonly title: string | null }): ReactNode {
  return (
    <Table
      label={`${title ?? 'These checks'}, each`}
      heads={[title === null ? 'Check' : 'Of', 'Expected', 'Found']}
    >
      {checks.map((check, i) => (
        <tr key={`${check.id}-${check.subject}-${i}`}>
          <th scope="row">
            {title === null ? `${titleOf(check.id)}: ` : ''}
            {check.subject}
          </th>
          <td>
            <code>{check.expected}</code>
          </td>
          <td>{foundOf(check, checks[i - 1])}</td>
        </tr>
      ))}
    </Table>
  )
}

const comparison = (check: Check, before: Check | null): readonly (readonly [string, ReactNode])[] => [
  ['Expected', <code key="expected">{check.expected}</code>],
  ['Found', foundOf(check, before)],
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
  const { result, subject, next } = first
  const ids = [...new Set(checks.map(({ id }) => id))]
  const means = [...new Set(checks.map((check) => check.means))].join(' ')
  const title = ids.length === 1 ? titleOf(first.id) : `${checks.length} checks for one reason`
  const about = others.length === 0 ? subject : ids.length === 1 ? `${checks.length}×` : ''
  const heading = about === '' || about.toLowerCase() === title.toLowerCase() ? title : `${title}: ${about}`
  const nextSaid = result !== 'warn' && before?.next === next
  const facts = (
    <>
      {others.length === 0 ? null : <Each checks={checks} title={ids.length === 1 ? title : null} />}
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
    <section className={`card ${result}`} aria-label={about === '' ? title : `${title}, ${about}`}>
      <header>
        <Badge result={result} />
        <h3>{heading}</h3>
        <span className="id">{ids.join(', ')}</span>
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

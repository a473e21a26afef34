import type { ReactNode } from 'react'
import { standingOverrides } from '../../../shared/rules/override.ts'
import type { Verdict } from '../../../shared/verdict.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import { Badge, PlainBadge } from '../../parts/badge.tsx'
import { Facts } from '../../parts/facts.tsx'
import { count, time } from '../../text/format.ts'
import { useNow } from '../../state/mirror.ts'
import { titleOf } from '../../text/checks.ts'
import { barred, waiting } from '../../text/override.ts'
import { rolesText } from '../../text/words.ts'

const about = (subject: string | null): string => subject ?? 'whatever the check is about'

/** Exceptions of this consignment: those of which one half is signed, and those that stand. */
export function Halves(props: {
  readonly verdict: Verdict
  readonly overrides: ConsignmentView['overrides']
}): ReactNode {
  const { verdict, overrides } = props
  const now = useNow()
  return (
    <>
      {waiting(overrides, verdict, now).map((half) => (
        <section
          className="card"
          key={`${half.check}-${half.subject ?? ''}-${half.until}`}
          aria-label={`Half of an exception from ${titleOf(half.check)}`}
        >
          <header>
            <PlainBadge text="One of two signed" />
            <h2>{titleOf(half.check)}</h2>
            <span className="id">{half.check}</span>
          </header>
          <Facts
            rows={[
              ['For', <code key="subject">{about(half.subject)}</code>],
              ['Until', time(half.until)],
              ['First person', `${half.name}, ${rolesText(half.roles)}: “${half.reason}”`],
              ['Second person', 'nobody yet'],
            ]}
          />
        </section>
      ))}
      {standingOverrides(overrides).map((one) => (
        <section
          className="card overridden"
          key={`${one.check}-${one.subject ?? ''}-${one.until}`}
          aria-label={`Exception from ${titleOf(one.check)}`}
        >
          <header>
            {now < one.until ? <Badge result="overridden" /> : <PlainBadge text="Ended" />}
            <h2>{titleOf(one.check)}</h2>
            <span className="id">{one.check}</span>
          </header>
          <Facts
            rows={[
              ['For', <code key="subject">{about(one.subject)}</code>],
              ['Until', time(one.until)],
              ['Signed by', `${one.people.join(' and ')}: “${one.reason}”`],
            ]}
          />
        </section>
      ))}
    </>
  )
}

/** What fails as well and has no exception: said, and not offered. */
export function Barred({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const none = barred(verdict)
  if (none.length === 0) return null
  return (
    <section className="card" aria-labelledby="barred">
      <h2 id="barred">No exception from {count(none.length, 'other check')} that stands in the way</h2>
      <ul>
        {none.map((check, i) => (
          <li key={`${check.id}-${i}`}>
            {titleOf(check.id)}: {check.subject} <code>{check.id}</code>
          </li>
        ))}
      </ul>
      <p className="soft">Nothing overrides who signed, what the bytes are or the order of bundles.</p>
    </section>
  )
}

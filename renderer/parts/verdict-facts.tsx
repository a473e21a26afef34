import type { ReactNode } from 'react'
import { worstFirst } from '../../shared/rules/worst-first.ts'
import { notAskedWords } from '../../shared/text/checks.ts'
import type { Check, Verdict as Whole } from '../../shared/verdict.ts'
import { alike, isStanding, standingSentence, titleOf } from '../text/checks.ts'
import { count } from '../text/format.ts'
import { Badge } from './badge.tsx'
import { CheckBox } from './check-box.tsx'
import { CheckTable } from './check-table.tsx'
import { Fold } from './fold.tsx'

/** What is drawn of a verdict, and of whatever else is made of checks. */
type Verdict = Pick<Whole, 'checks' | 'counts' | 'notAsked'>

/** How much did not simply pass; points of attention only where there are more than the standing ones, said in a line. */
function Counts({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const { fail, notChecked, overridden } = verdict.counts
  const own = verdict.checks.some((check) => check.result === 'warn' && !isStanding(check))
  const warn = own ? verdict.counts.warn : 0
  if (fail + notChecked + overridden + warn === 0) return null
  return (
    <ul className="badges" aria-label="Counts of checks">
      {fail > 0 ? (
        <li>
          <Badge result="fail" text={`${fail} failed`} />
        </li>
      ) : null}
      {notChecked > 0 ? (
        <li>
          <Badge result="not-checked" text={`${notChecked} not checked`} />
        </li>
      ) : null}
      {overridden > 0 ? (
        <li>
          <Badge result="overridden" text={`${overridden} overridden`} />
        </li>
      ) : null}
      {warn > 0 ? (
        <li>
          <Badge result="warn" text={`${count(warn, 'point')} of attention`} />
        </li>
      ) : null}
    </ul>
  )
}

/** Checks that were not reached, together: as loud as a failure, and not thirty times the same sentence. */
function Stopped({ verdict, why }: { readonly verdict: Verdict; readonly why: string }): ReactNode {
  const stopped = verdict.checks.filter((check) => check.reason === 'stopped-before')
  if (stopped.length === 0) return null
  return (
    <section className="card not-checked">
      <header>
        <Badge result="not-checked" />
        <h2>
          {count(stopped.length, 'check')} could not be run: {why}
        </h2>
      </header>
      <Fold name="which" of="checks that could not be run">
        <ul>
          {stopped.map(({ id, subject }, i) => (
            <li key={`${id}-${i}`}>
              {titleOf(id)} <code>{id}</code>: {subject}
            </li>
          ))}
        </ul>
      </Fold>
    </section>
  )
}

/** What every verdict at this desk carries: its existence in one line, its words behind one control. */
function Standing({ checks }: { readonly checks: readonly Check[] }): ReactNode {
  if (checks.length === 0) return null
  return (
    <section className="card warn" aria-label="On every verdict here">
      <p>
        <Badge result="warn" /> {standingSentence(checks)}
      </p>
      <Fold name="more" of="on every verdict here">
        {alike(checks).map((group) => (
          <CheckBox key={group[0].id} checks={group} />
        ))}
      </Fold>
    </section>
  )
}

/** What passed, and what the policy does not ask for: each behind a control that counts it. */
function Folded({
  passed,
  notAsked,
}: { readonly passed: readonly Check[] } & Pick<Whole, 'notAsked'>): ReactNode {
  if (passed.length + notAsked.length === 0) return null
  return (
    <section className="card">
      {passed.length === 0 ? null : (
        <Fold name={`${passed.length} passed`}>
          <CheckTable checks={passed} />
        </Fold>
      )}
      {notAsked.length === 0 ? null : (
        <Fold name={`${notAsked.length} not asked`}>
          <ul>
            {notAsked.map(({ id, reason }) => (
              <li key={id}>
                {titleOf(id)} <code>{id}</code>: {notAskedWords[reason] ?? reason}
              </li>
            ))}
          </ul>
        </Fold>
      )}
    </section>
  )
}

/**
 * A verdict's checks: worst first and open; those that were not reached together; what stands on every verdict in one
 * line; passed ones folded under a count.
 */
export function VerdictFacts(props: {
  readonly verdict: Verdict
  /** A failed check that is said above on the page. */
  readonly said?: Check | null
  /** Why checks were not reached. */
  readonly why?: string
}): ReactNode {
  const { verdict, said = null, why = 'reading stopped' } = props
  const sorted = worstFirst(verdict.checks)
  const open = sorted.filter(
    (check) =>
      check.result !== 'pass' && check.reason !== 'stopped-before' && !isStanding(check) && check !== said,
  )
  const groups = alike(open)
  return (
    <>
      <Counts verdict={verdict} />
      {groups.map((group, i) => (
        <CheckBox key={`${group[0].id}-${i}`} checks={group} before={groups[i - 1]?.[0] ?? null} />
      ))}
      <Stopped verdict={verdict} why={why} />
      <Standing checks={sorted.filter(isStanding)} />
      <Folded passed={sorted.filter(({ result }) => result === 'pass')} notAsked={verdict.notAsked} />
    </>
  )
}

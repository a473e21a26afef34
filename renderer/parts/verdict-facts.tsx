import { useState, type ReactNode } from 'react'
import { checkWords, notAskedWords, type CheckWords } from '../../shared/text/checks.ts'
import type { Verdict } from '../../shared/verdict.ts'
import { count } from '../text/format.ts'
import { worstFirst } from '../../shared/rules/worst-first.ts'
import { Act } from './act.tsx'
import { Badge } from './badge.tsx'
import { CheckBox } from './check-box.tsx'

const titles: Readonly<Record<string, CheckWords>> = checkWords

function Counts({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const { fail, notChecked, overridden, warn, pass } = verdict.counts
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
      <li>
        <Badge result="pass" text={`${pass} passed`} />
      </li>
    </ul>
  )
}

/** Checks that were not reached, together: as loud as a failure, and not thirty times the same sentence. */
function Stopped({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const stopped = verdict.checks.filter((check) => check.reason === 'stopped-before')
  if (stopped.length === 0) return null
  return (
    <section className="card not-checked">
      <header>
        <Badge result="not-checked" />
        <h2>{count(stopped.length, 'check')} could not be run, because reading stopped before</h2>
      </header>
      <p>Nothing is known about these. First deal with what stopped the reading.</p>
      <ul>
        {stopped.map((check) => (
          <li key={check.id}>
            {titles[check.id]?.title ?? check.id} <code>{check.id}</code>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A verdict's checks: worst first and open; those that were not reached together; passed ones folded under a count. */
export function VerdictFacts({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const [open, setOpen] = useState(false)
  const sorted = worstFirst(verdict.checks)
  const passed = sorted.filter((check) => check.result === 'pass')
  return (
    <>
      <Counts verdict={verdict} />
      {sorted
        .filter((check) => check.result !== 'pass' && check.reason !== 'stopped-before')
        .map((check, i) => (
          <CheckBox key={`${check.id}-${check.subject}-${i}`} check={check} />
        ))}
      <Stopped verdict={verdict} />
      <section className="card">
        <header>
          <h2>{count(passed.length, 'check')} passed</h2>
          <Act kind="link" onPress={() => setOpen(!open)}>
            {open ? 'Hide them' : 'Show them'}
          </Act>
        </header>
        {open
          ? passed.map((check, i) => <CheckBox key={`${check.id}-${check.subject}-${i}`} check={check} />)
          : null}
      </section>
      <section className="card">
        <h2>Not asked: {verdict.notAsked.length}</h2>
        <ul>
          {verdict.notAsked.map((one) => (
            <li key={one.id}>
              <code>{one.id}</code> {notAskedWords[one.reason] ?? one.reason}
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

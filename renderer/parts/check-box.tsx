import { useState, type ReactNode } from 'react'
import { checkWords, type CheckWords } from '../../shared/text/checks.ts'
import type { Check } from '../../shared/verdict.ts'
import { Act } from './act.tsx'
import { Badge } from './badge.tsx'
import { Facts } from './facts.tsx'

const titles: Readonly<Record<string, CheckWords>> = checkWords

/** A check as a box: state, name in words, id; expected, found, means, do next; the raw form behind one control. */
export function CheckBox({ check }: { readonly check: Check }): ReactNode {
  const [raw, setRaw] = useState(false)
  const stopped = check.reason === 'stopped-before'
  return (
    <section
      className={`card ${check.result}`}
      aria-label={`${titles[check.id]?.title ?? check.id}, ${check.subject}`}
    >
      <header>
        <Badge result={check.result} />
        <h3>
          {titles[check.id]?.title ?? check.id}: {check.subject}
        </h3>
        <span className="id">{check.id}</span>
      </header>
      <Facts
        rows={[
          ...(stopped
            ? []
            : ([
                ['Expected', <code key="expected">{check.expected}</code>],
                ['Found', <code key="found">{check.found}</code>],
              ] as const)),
          ['Means', check.means],
          ...(check.result === 'pass' ? [] : ([['Do next', check.next]] as const)),
        ]}
      />
      <Act kind="link" onPress={() => setRaw(!raw)}>
        {raw ? 'Hide the raw check' : 'Show the raw check'}
      </Act>
      {raw ? <pre tabIndex={0}>{JSON.stringify(check, null, 2)}</pre> : null}
    </section>
  )
}

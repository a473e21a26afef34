import { useEffect, useState, type ReactNode } from 'react'
import type { KeptSet } from '../../../shared/calls/policy.ts'
import type { FailureView } from '../../../shared/failure.ts'
import type { CheckResult } from '../../../shared/verdict.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { refresh, useMirror } from '../../state/mirror.ts'
import { choose } from '../../state/place.ts'

const states: Readonly<Record<KeptSet['state'], { readonly result: CheckResult; readonly text: string }>> = {
  kept: { result: 'pass', text: 'Its file is here' },
  missing: { result: 'not-checked', text: 'Its file is missing' },
  'other-file': { result: 'fail', text: 'Another file lies in its place' },
}

type Tell = (failure: FailureView | null) => void

/** The rule sets that are named now, asked for whenever main was asked for anything else. */
function useSets(tell: Tell): readonly KeptSet[] {
  const turn = useMirror((mirror) => mirror.turn)
  const [sets, setSets] = useState<readonly KeptSet[]>([])
  useEffect(() => {
    let current = true
    void call('policy.sets', {}).then((answer) => {
      if (!current) return
      if (answer.ok) setSets(answer.value.sets)
      else tell(answer.failure)
    })
    return () => {
      current = false
    }
  }, [turn, tell])
  return sets
}

/** Rule sets of Rego by name, whether the file of each is here, and the way to give one again. */
export function RuleSets({ tell }: { readonly tell: Tell }): ReactNode {
  const sets = useSets(tell)
  const [kept, setKept] = useState<readonly string[]>([])
  if (sets.length === 0) return null
  const lacks = sets.some(({ state }) => state !== 'kept')
  const keep = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'rule-set', intent: 'open' }, tell)
    if (chosen === null) return
    const answer = await call('policy.keep', { place: chosen.place })
    if (answer.ok) setKept(answer.value.names)
    else tell(answer.failure)
    await refresh()
  }
  return (
    <section className={lacks ? 'card not-checked' : 'card'} aria-labelledby="rule-sets">
      <h2 id="rule-sets">Rule sets</h2>
      {lacks ? <p>Without its very file a rule set cannot be asked.</p> : null}
      <ul>
        {sets.map(({ name, digest, state }) => (
          <li key={`${name} ${digest}`}>
            <Badge {...states[state]} /> {name} <code>{digest}</code>
          </li>
        ))}
      </ul>
      <p role="status">{kept.length === 0 ? '' : `Kept for ${kept.join(', ')}.`}</p>
      {lacks ? (
        <Act writes onPress={() => void keep()}>
          Give a file…
        </Act>
      ) : null}
    </section>
  )
}

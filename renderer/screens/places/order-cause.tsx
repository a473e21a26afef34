import { useEffect, useState, type ReactNode } from 'react'
import type { ChangeView } from '../../../shared/changes.ts'
import type { Digest } from '../../../shared/digest.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Facts } from '../../parts/facts.tsx'
import { OfficersAct } from '../../parts/officers-act.tsx'
import { useBarred } from '../../state/closed.ts'
import { useMirror } from '../../state/mirror.ts'
import { useAsked } from '../../state/pending.ts'
import { time } from '../../text/format.ts'
import { askedAlready } from '../../text/order.ts'

/** Two officers let content pass again that was named as the cause of a rejection. */
export function LiftCause(props: { readonly digest: Digest; readonly done: () => void }): ReactNode {
  const { digest, done } = props
  const barred = useBarred('other')
  const asked = useAsked({ kind: 'cause.lift', digest })
  return (
    <OfficersAct
      heading="Let this content pass again"
      means="Two people named it as the cause of a rejection. Since then every bundle that carries it fails."
      ask="Ask for it with my key"
      closed={barred ?? (asked ? askedAlready : null)}
      missing={[]}
      send={(officer) => call('cause.lift', { digest, ...officer })}
      done={done}
      acts={<Act onPress={done}>Back</Act>}
    >
      <section className="card" aria-labelledby="cause">
        <h2 id="cause">What it does</h2>
        <Facts rows={[['Content', <code key="digest">{digest}</code>]]} />
        <ul>
          <li>
            Bundles that carry it are judged by everything else from then on. Read a medium again for that.
          </li>
          <li>What was rejected because of it stays rejected: the sender makes a new bundle.</li>
        </ul>
      </section>
    </OfficersAct>
  )
}

/** What was named as a cause and is one no longer: in words of its changes, the newest first. */
function useLifted(version: number): readonly ChangeView[] {
  const [lifted, setLifted] = useState<readonly ChangeView[]>([])
  useEffect(() => {
    let current = true
    void call('change.list', {}).then((answer) => {
      if (!current || !answer.ok) return
      setLifted(answer.value.changes.filter((one) => one.kind === 'cause.lift' && one.state === 'in-force'))
    })
    return () => {
      current = false
    }
  }, [version])
  return lifted
}

/** The content that fails every bundle here, and what two officers let pass again. Nothing where there is neither. */
export function Causes({ lift }: { readonly lift: (digest: Digest) => void }): ReactNode {
  const desk = useMirror((mirror) => mirror.desk)
  const lifted = useLifted(desk?.version ?? 0)
  const barred = useBarred('other')
  if (desk === null || (desk.causes.length === 0 && lifted.length === 0)) return null
  return (
    <section className="card" aria-labelledby="causes">
      <h2 id="causes">Content that caused a rejection</h2>
      <p className="soft">Every bundle that carries it fails.</p>
      <ul className="rows">
        {desk.causes.map((digest) => (
          <li key={digest}>
            <span>
              <Badge result="fail" text="Rejected" /> <code>{digest}</code>
            </span>
            <Act writes disabled={barred !== null} onPress={() => lift(digest)}>
              Let it pass again…
            </Act>
          </li>
        ))}
        {lifted.map((one) => (
          <li key={one.number}>
            <span>
              {one.sentence}: {one.proposed.name} and {one.signed?.name ?? ''}, {time(one.signed?.at ?? null)}
              .
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

import { useState, type ReactNode } from 'react'
import type { ConsignmentView, HeldView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Fold } from '../../parts/fold.tsx'
import { OfficersAct } from '../../parts/officers-act.tsx'
import { useBarred } from '../../state/closed.ts'
import { useMirror } from '../../state/mirror.ts'
import { usePending } from '../../state/pending.ts'
import { go } from '../../state/view.ts'
import { heldWords, restsRows } from '../../text/order.ts'
import { emptyRecovery, recoveryMissing, recoveryOf } from '../../text/recovery.ts'
import { ChangePage } from '../places/change-page.tsx'
import { RecoveryFields } from './recovery-fields.tsx'

function Rests({ held }: { readonly held: HeldView }): ReactNode {
  const { row, why, rests } = held
  return (
    <section className="card" aria-labelledby="rests">
      <header>
        <h2 id="rests">What the release would name</h2>
        <span className="id">{row}</span>
      </header>
      <Facts
        rows={[
          ['Found', <code key="why">{why}</code>],
          ...restsRows(rests).map(([name, value]) => [name, <code key={name}>{value}</code>] as const),
          ['Means', heldWords[row].then],
        ]}
      />
      <Fold name="what is not released">
        <p className="soft">
          Nothing else is released with it: anything further holds the bundle again. What was decided before,
          withdrawn by its sender or is older than what was accepted can never be released.
        </p>
      </Fold>
    </section>
  )
}

/** Two officers release what holds a bundle in its stream. */
export function Release(props: {
  readonly consignment: ConsignmentView
  readonly held: HeldView
}): ReactNode {
  const { consignment, held } = props
  const { id, channel } = consignment
  const [form, setForm] = useState(emptyRecovery)
  const epoch =
    useMirror((mirror) => mirror.desk?.channels.find((one) => one.channel === channel)?.epoch) ?? 1
  const barred = useBarred('stream')
  const waits = usePending(consignment)
  const back = (): void => go({ to: 'consignment', id, step: 'verdict' })
  if (waits !== null) return <ChangePage change={waits} done={back} consignment={consignment} />
  const lost = held.row === 'order.state'
  const recovery = lost ? recoveryOf(form) : null
  return (
    <OfficersAct
      heading="Release this bundle: two security officers sign"
      means={heldWords[held.row].before}
      ask="Ask for its release with my key"
      closed={barred}
      missing={lost ? recoveryMissing(form, epoch) : []}
      send={(officer) =>
        call('stream.release', { id, ...(recovery === null ? {} : { recovery }), ...officer })
      }
      done={back}
      consignment={consignment}
      acts={<Act onPress={back}>Back to the verdict</Act>}
    >
      <Rests held={held} />
      {lost ? <RecoveryFields form={form} setForm={setForm} consignment={consignment} epoch={epoch} /> : null}
    </OfficersAct>
  )
}

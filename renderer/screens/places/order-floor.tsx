import { useState, type ReactNode } from 'react'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Choice } from '../../parts/choice.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Field } from '../../parts/field.tsx'
import { Fold } from '../../parts/fold.tsx'
import { OfficersAct } from '../../parts/officers-act.tsx'
import { useBarred } from '../../state/closed.ts'
import { useMirror, useNow } from '../../state/mirror.ts'
import { useAsked } from '../../state/pending.ts'
import { isTime, time } from '../../text/format.ts'
import { askedAlready } from '../../text/order.ts'

/** Two officers set the earliest time that this desk believes. */
export function SetFloor({ done }: { readonly done: () => void }): ReactNode {
  const floor = useMirror((mirror) => mirror.desk?.clock.floor) ?? null
  const now = useNow()
  const [way, setWay] = useState<'none' | 'time' | null>(null)
  const [text, setText] = useState('')
  const wrong = text !== '' && !isTime(text.trim())
  const at = way === 'time' ? text.trim() : null
  const barred = useBarred('other')
  const asked = useAsked({ kind: 'time.floor', at })
  const same = way !== null && at === floor
  const missing =
    way === null
      ? ['what counts as proven']
      : same
        ? ['a time other than the one in force']
        : at === null || isTime(at)
          ? []
          : ['the time']
  return (
    <OfficersAct
      heading="Set the time that this desk takes for proven"
      means="What was to expire before then has expired, whatever this computer’s clock says."
      ask="Ask for it with my key"
      closed={barred ?? (asked && way !== null ? askedAlready : null)}
      missing={missing}
      send={(officer) => call('time.floor', { at, ...officer })}
      done={done}
      acts={<Act onPress={done}>Back</Act>}
    >
      <section className="card" aria-labelledby="floor">
        <h2 id="floor">Now</h2>
        <Facts
          rows={[
            ['Proven', floor === null ? 'nothing' : time(floor)],
            ['This computer', `${time(now)}, not confirmed`],
          ]}
        />
        <Fold name="when it is too high">
          <p className="soft">
            It rises by what accepted content proves. It is too high where this computer’s clock was once
            ahead when something was accepted: then bundles cannot be shown to be unexpired, until it is put
            right.
          </p>
        </Fold>
      </section>
      <Choice
        label="What counts as proven?"
        value={way}
        onChange={setWay}
        options={[
          { value: 'none', name: 'No time:', means: 'until something else is accepted.' },
          { value: 'time', name: 'This time:', means: 'that both officers know to have passed.' },
        ]}
      />
      {way === 'time' ? (
        <Field
          label="Time"
          value={text}
          onChange={setText}
          error={wrong ? 'A day and time in UTC, as 2026-12-24T00:00:00Z.' : ''}
          hint={
            wrong
              ? ''
              : `In UTC, as ${now}. While this computer’s clock is below it, no expiry can be judged.`
          }
        />
      ) : null}
    </OfficersAct>
  )
}

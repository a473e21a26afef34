import { useState, type ReactNode } from 'react'
import type { ChangeView } from '../../../shared/changes.ts'
import type { FailureView } from '../../../shared/failure.ts'
import type { ConsignmentView, PersonView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Facts } from '../../parts/facts.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useOfficers } from '../../parts/officer.tsx'
import { SigningFields, useSigning } from '../../parts/signing.tsx'
import { useClosed } from '../../state/closed.ts'
import { refresh } from '../../state/mirror.ts'
import { time } from '../../text/format.ts'

/** The change as it is signed, indented for reading. */
function readable(text: string): string {
  const change: unknown = JSON.parse(text)
  return JSON.stringify(change, null, 2)
}

/** What comes next, or why somebody cannot be the second officer. */
function nextWords(
  change: ChangeView,
  officers: readonly PersonView[],
  person: string | null,
  closed: boolean,
): string {
  const nameOf = (id: string): string => officers.find((one) => one.id === id)?.name ?? id
  if (change.state === 'stale')
    return 'Something else was put in force since it was asked for. If it is still wanted, ask for it again.'
  const may = change.may.map(nameOf).join(' or ')
  const who = may === '' ? 'A third security officer, who is not here yet,' : may
  const kept = closed ? ' It cannot be withdrawn.' : ''
  if (person === null || change.may.includes(person)) return `${who} can sign it; then it is in force.${kept}`
  const why =
    person === change.proposed.person
      ? `${nameOf(person)} asked for it, and two different people make a change.`
      : `${nameOf(person)} cannot put it in force: it takes their own key away.`
  return `${why} ${who} can sign it.${kept}`
}

/** One change that waits: what it says, then a second officer signs it, or an officer withdraws it. */
export function ChangePage(props: {
  readonly change: ChangeView
  readonly done: () => void
  /** Whose page it is shown on, where it is about one. */
  readonly consignment?: ConsignmentView
}): ReactNode {
  const { change, done, consignment = null } = props
  const officers = useOfficers()
  const [failure, setFailure] = useState<FailureView | null>(null)
  const signing = useSigning(setFailure, officers)
  const stale = change.state === 'stale'
  const restoring = change.kind === 'desk.restored'
  const closed = useClosed()
  const barred = signing.person !== null && !change.may.includes(signing.person)
  const act = async (name: 'change.sign' | 'change.withdraw'): Promise<void> => {
    const who = signing.take()
    if (who === null) return
    setFailure(null)
    const answer = await call(name, { number: change.number, ...who })
    await refresh()
    if (answer.ok) done()
    else signing.tell(answer.failure)
  }
  return (
    <Frame
      heading={
        stale
          ? `Change ${change.number} is stale: it can only be withdrawn`
          : `Change ${change.number} waits for a second security officer`
      }
      means={`${change.sentence}.`}
      next={nextWords(change, officers, signing.person, closed !== null)}
      reading={restoring}
      consignment={consignment}
      acts={
        <>
          <Act onPress={done}>Back</Act>
          <Act kind="danger" writes disabled={!signing.ready} onPress={() => void act('change.withdraw')}>
            Withdraw it with my key
          </Act>
          {stale ? null : (
            <Act
              kind="primary"
              writes={!restoring}
              disabled={!signing.ready || barred}
              onPress={() => void act('change.sign')}
            >
              Put it in force with my key
            </Act>
          )}
        </>
      }
    >
      <FailureBox failure={failure} />
      <section className="card">
        <Facts rows={[['Asked for by', `${change.proposed.name}, ${time(change.proposed.at)}`]]} />
        {change.details.length === 0 ? null : (
          <ul aria-label="What it changes of the policy">
            {change.details.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        )}
      </section>
      <SigningFields
        signing={signing}
        sign={stale || barred ? null : () => void act('change.sign')}
        restoring={restoring}
      />
      <Fold name="everything that it says">
        <Facts
          rows={[
            ['Version', String(change.version)],
            ['From the state', <code key="before">{change.before}</code>],
            ['Digest', <code key="digest">{change.digest}</code>],
          ]}
        />
        <pre tabIndex={0} aria-label="Everything the change says">
          {readable(change.text)}
        </pre>
      </Fold>
    </Frame>
  )
}

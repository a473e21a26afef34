import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../shared/failure.ts'
import { call } from '../bridge.ts'
import { Act } from '../parts/act.tsx'
import { Choice } from '../parts/choice.tsx'
import { FailureBox } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { Frame } from '../parts/frame.tsx'
import { refresh } from '../state/mirror.ts'
import { choose } from '../state/place.ts'
import { go } from '../state/view.ts'

type Side = 'low' | 'high'

async function openAt(place: string): Promise<FailureView | null> {
  const answer = await call('desk.open', { place, mode: 'write' })
  await refresh()
  return answer.ok ? null : answer.failure
}

function NewDesk({ fail }: { readonly fail: (failure: FailureView | null) => void }): ReactNode {
  const [side, setSide] = useState<Side>('high')
  const [name, setName] = useState('')
  const [marking, setMarking] = useState('')
  const make = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'desk', intent: 'save' }, fail)
    if (chosen === null) return
    const { place } = chosen
    const made = await call('desk.create', { place, side, name, ...(marking === '' ? {} : { marking }) })
    fail(made.ok ? await openAt(place) : made.failure)
  }
  return (
    <section className="card" aria-labelledby="new-desk">
      <h2 id="new-desk">Make a new desk</h2>
      <p className="soft">A desk is a folder with its own key and record. Its side never changes.</p>
      <Choice
        label="Which side is this computer on?"
        value={side}
        onChange={setSide}
        options={[
          {
            value: 'high',
            name: 'High:',
            means: 'disconnected. It checks what arrives on media and lets it in.',
          },
          {
            value: 'low',
            name: 'Low:',
            means: 'connected. It collects content, has it signed and writes media.',
          },
        ]}
      />
      <Field label="Name of the desk" value={name} onChange={setName} hint="For example Delta-2." />
      <Field
        label="Marking"
        value={marking}
        onChange={setMarking}
        hint="Shown at top and bottom of every page. Without one: NOT MARKED."
      />
      <Act onPress={() => void make()} disabled={name === ''}>
        Choose a folder and make the desk…
      </Act>
    </section>
  )
}

/** The first page: open a desk or make one. */
export function Start(): ReactNode {
  const [failure, setFailure] = useState<FailureView | null>(null)
  const open = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'desk', intent: 'open' }, setFailure)
    if (chosen !== null) setFailure(await openAt(chosen.place))
  }
  return (
    <Frame
      heading="No desk is open"
      means="Open the folder of a desk, or make a new one."
      next="Next: the consignments of the desk."
      acts={
        <>
          <Act onPress={() => go({ to: 'look' })}>Look into a file…</Act>
          <Act kind="primary" onPress={() => void open()}>
            Open a desk…
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <NewDesk fail={setFailure} />
    </Frame>
  )
}

import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Drives } from '../../parts/drives.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Frame } from '../../parts/frame.tsx'
import { SealsArriving } from '../../parts/seals-arriving.tsx'
import { useMirror } from '../../state/mirror.ts'
import { choose, type Chosen } from '../../state/place.ts'
import { go } from '../../state/view.ts'

/** Receive a medium: choose it, then it is read. */
export function Receive(): ReactNode {
  const [failure, setFailure] = useState<FailureView | null>(null)
  const recovery = useMirror((mirror) => mirror.desk?.policy.document.programs.par2 !== undefined)
  const read = async (format?: 'tar'): Promise<void> => {
    const chosen = await choose({ purpose: 'medium', intent: 'open', format }, setFailure)
    if (chosen !== null) await verify(chosen)
  }
  const verify = async (chosen: Chosen): Promise<void> => {
    const started = await call('verify.start', { medium: chosen.place })
    if (started.ok) go({ to: 'job', id: started.value.job })
    else setFailure(started.failure)
  }
  const repair = async (): Promise<void> => {
    const medium = await choose({ purpose: 'medium', intent: 'open' }, setFailure)
    const to = medium === null ? null : await choose({ purpose: 'medium', intent: 'save' }, setFailure)
    if (medium === null || to === null) return
    const started = await call('repair.start', { medium: medium.place, to: to.place })
    if (started.ok) go({ to: 'job', id: started.value.job })
    else setFailure(started.failure)
  }
  return (
    <Frame
      heading="Put the medium in, and choose it"
      means="It is only read. Signatures are checked before anything else is opened."
      next="Next: every byte is checked."
      acts={
        <>
          <Act onPress={() => go({ to: 'start' })}>Back to the consignments</Act>
          <Act onPress={() => void read('tar')}>Choose a bundle tar…</Act>
          <Act kind="primary" onPress={() => void read()}>
            Choose a folder…
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <section className="card">
        <h2>Before you go on</h2>
        <ul>
          <li>Compare the seal and the label with the paper that came with the medium.</li>
          <li>Use a reader or a switch that keeps the medium from being written.</li>
          <li>A bundle tar alone can be read too; nothing is then known about a medium.</li>
        </ul>
      </section>
      {recovery ? (
        <Fold name="how to repair a damaged medium">
          <p>Choose the medium, then a folder for the copy.</p>
          <Act writes onPress={() => void repair()}>
            Repair to a copy…
          </Act>
        </Fold>
      ) : null}
      <Fold name="fields for the seal">
        <SealsArriving />
      </Fold>
      <Drives
        use={{
          name: 'Read this',
          changes: false,
          onChosen: (chosen) => void verify(chosen),
        }}
      />
    </Frame>
  )
}

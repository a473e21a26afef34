import { useState, type ReactNode } from 'react'
import type { CallOutput } from '../../shared/contract.ts'
import type { FailureView } from '../../shared/failure.ts'
import type { ConsignmentView } from '../../shared/views.ts'
import { call } from '../bridge.ts'
import { useLanding } from '../state/landing.ts'
import { refresh } from '../state/mirror.ts'
import { choose } from '../state/place.ts'
import { go } from '../state/view.ts'
import { count } from '../text/format.ts'
import { causesOf } from '../text/landing.ts'
import { Act } from './act.tsx'
import { Badge } from './badge.tsx'
import { FailureBox } from './failure.tsx'
import { LandingPassphraseField, useLandingPassphrase } from './landing-passphrase.tsx'

/** Signed statements that what both people named as a cause failed here. Nothing where nothing was named. */
export function FailedSummaries({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const landing = useLanding()
  const [made, setMade] = useState<CallOutput<'summary.save'> | null>(null)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const passphrase = useLandingPassphrase(landing, setFailure)
  const causes = causesOf(consignment)
  if (causes.length === 0 || landing === null) return null
  const make = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'landing', intent: 'save' }, setFailure)
    if (chosen === null) return
    const input = { id: consignment.id, place: chosen.place, ...passphrase.take() }
    const answer = await call('summary.save', input)
    await refresh()
    setMade(answer.ok ? answer.value : null)
    if (!answer.ok) passphrase.tell(answer.failure)
  }
  return (
    <section className="card" aria-labelledby="failed-summaries">
      <h2 id="failed-summaries">Failed summaries for the far side</h2>
      <p>
        Signed files by which engines there refuse what both people named as a cause:{' '}
        {count(causes.length, 'thing')}.
      </p>
      <FailureBox failure={failure} />
      <div role="status">
        {made === null ? null : (
          <p>
            <Badge result="pass" text="Made" /> {count(made.files.length, 'file')}:{' '}
            <code>{made.files.join(', ')}</code>
          </p>
        )}
      </div>
      {landing.key === null ? (
        <>
          <p>The landing key signs them, and this desk has none.</p>
          <Act onPress={() => go({ to: 'place', place: 'landing' })}>Make a landing key…</Act>
        </>
      ) : (
        <>
          <LandingPassphraseField given={passphrase} enter={() => void make()} />
          <Act writes disabled={!passphrase.ready} onPress={() => void make()}>
            Choose a new folder and make them…
          </Act>
        </>
      )}
    </section>
  )
}

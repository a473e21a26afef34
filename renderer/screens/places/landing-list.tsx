import { useState, type ReactNode } from 'react'
import type { CallOutput } from '../../../shared/contract.ts'
import type { FailureView } from '../../../shared/failure.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Facts } from '../../parts/facts.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { LandingPassphraseField, useLandingPassphrase } from '../../parts/landing-passphrase.tsx'
import type { LandingShown } from '../../state/landing.ts'
import { refresh } from '../../state/mirror.ts'
import { choose } from '../../state/place.ts'
import { count, time } from '../../text/format.ts'

type Saved = CallOutput<'admitted.save'>

/** A list that was made just now: what it admits, and what is left out of it. */
function Made({ made }: { readonly made: Saved }): ReactNode {
  const { sequence, expires, digests, left, file } = made
  return (
    <>
      <p>
        <Badge result="pass" text="Made" /> List {sequence} in <code>{file}</code>: {count(digests, 'digest')}
        , until {time(expires)}.
      </p>
      {left.length === 0 ? (
        <p>Nothing that was accepted here is left out.</p>
      ) : (
        <>
          <p>Left out:</p>
          <ul>
            {left.map((why) => (
              <li key={why}>
                <Badge result="warn" text="Not on it" /> {why}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

/** The signed list of everything that this site admits: the last one, and a new one. */
export function LandingList({ landing }: { readonly landing: LandingShown }): ReactNode {
  const [made, setMade] = useState<Saved | null>(null)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const passphrase = useLandingPassphrase(landing, setFailure)
  const { listed } = landing
  const make = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'landing', intent: 'save', format: 'json' }, setFailure)
    if (chosen === null) return
    const answer = await call('admitted.save', { place: chosen.place, ...passphrase.take() })
    await refresh()
    setMade(answer.ok ? answer.value : null)
    if (!answer.ok) passphrase.tell(answer.failure)
  }
  return (
    <section className="card" aria-labelledby="list">
      <h2 id="list">The list of what this site admits</h2>
      <p>Where containerd asks sallyport admit, it lets in what is on the newest list, and nothing else.</p>
      <FailureBox failure={failure} />
      {made !== null || listed === null ? null : (
        <Facts
          rows={[
            ['Last list', `number ${listed.sequence}, ${time(listed.at)}`],
            ['Expires', time(listed.expires)],
            ['Digests', String(listed.digests)],
          ]}
        />
      )}
      <div role="status">{made === null ? null : <Made made={made} />}</div>
      <LandingPassphraseField given={passphrase} enter={() => void make()} />
      <Act writes disabled={!passphrase.ready} onPress={() => void make()}>
        Make the signed list…
      </Act>
    </section>
  )
}

import { useState, type ReactNode } from 'react'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { FullFingerprint } from '../../parts/digest.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useMirror } from '../../state/mirror.ts'
import { count } from '../../text/format.ts'
import { DeskCard } from './desk-card.tsx'
import { NewSigner } from './new-signer.tsx'

/** Whose signatures count here. */
export function Trust(): ReactNode {
  const trust = useMirror((mirror) => mirror.desk)?.trust ?? []
  const [adding, setAdding] = useState(false)
  const station = useMirror((mirror) => mirror.desk?.station)
  if (adding) return <NewSigner done={() => setAdding(false)} />
  return (
    <Frame
      heading={
        trust.length === 0
          ? 'This desk trusts nobody yet'
          : `This desk trusts ${count(trust.length, 'signer')}`
      }
      means="A signature counts only from these keys, in these roles, for these senders and channels."
      next="Keys come by file, their fingerprints on paper, never on the same medium as a bundle."
      acts={
        <Act kind="primary" onPress={() => setAdding(true)}>
          Trust a signer…
        </Act>
      }
    >
      {trust.length === 0 ? (
        <p>
          A low desk needs nobody here. A high desk needs every signer of the low side, or refuses every
          bundle.
        </p>
      ) : null}
      {trust.map((signer) => (
        <section className="card" key={signer.fingerprint.hex}>
          <header>
            <h2>{signer.name}</h2>
            <span className="id">{signer.algorithm}</span>
          </header>
          <Facts
            rows={[
              ['Roles', signer.roles.join(', ')],
              [
                'Senders',
                signer.senders === null ? (
                  <Badge key="any" result="warn" text="any sender" />
                ) : (
                  <code>{signer.senders.join(', ')}</code>
                ),
              ],
              [
                'Channels',
                signer.channels === null ? (
                  <Badge key="any" result="warn" text="any channel" />
                ) : (
                  signer.channels.join(', ')
                ),
              ],
            ]}
          />
          <FullFingerprint value={signer.fingerprint} />
        </section>
      ))}
      {station === undefined ? null : (
        <section className="card">
          <h2>The key of this station</h2>
          <p className="soft">It says “this installation wrote this”. It never counts as a person.</p>
          <FullFingerprint value={station} />
        </section>
      )}
      <DeskCard />
    </Frame>
  )
}

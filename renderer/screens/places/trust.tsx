import { useState, type ReactNode } from 'react'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { FullFingerprint } from '../../parts/digest.tsx'
import { Facts } from '../../parts/facts.tsx'
import { DeskId } from '../../parts/desk-id.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useMirror } from '../../state/mirror.ts'
import { go } from '../../state/view.ts'
import { count } from '../../text/format.ts'
import { DeskCard } from './desk-card.tsx'
import type { ChangeView } from '../../../shared/changes.ts'
import type { SignerView } from '../../../shared/views.ts'
import { ChangePage } from './change-page.tsx'
import { Changes } from './changes.tsx'
import { NewRoot } from './new-root.tsx'
import { NewSigner } from './new-signer.tsx'
import { alikeRows } from '../../parts/alike.tsx'
import { deskCardOf, SheetPage } from '../sheet.tsx'
import { Revoke, type Revocable } from './revoke.tsx'
import { RevokedKeys, Roots } from './roots.tsx'

/** The signers of the other side, each with its limits. */
function Signers(props: {
  readonly trust: readonly SignerView[]
  readonly revoke: (what: Revocable) => void
}): ReactNode {
  return (
    <>
      {props.trust.map((signer) => (
        <section className="card" key={signer.fingerprint.hex}>
          <header>
            <h2>{signer.name}</h2>
            <span className="id">{signer.algorithm}</span>
          </header>
          <Facts
            rows={[
              ...alikeRows(signer, props.trust),
              ['Roles', signer.roles.join(', ')],
              [
                'Senders',
                signer.senders === null ? (
                  <Badge key="any" result="warn" text="any sender" />
                ) : (
                  <ul key="senders" className="bare">
                    {signer.senders.map((id) => (
                      <li key={id}>
                        <DeskId id={id} />
                      </li>
                    ))}
                  </ul>
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
          <Fold name="the key" of={signer.name}>
            <FullFingerprint value={signer.fingerprint} />
          </Fold>
          <Act
            writes
            spoken={`Revoke the key of ${signer.name}…`}
            onPress={() =>
              props.revoke({ name: `the key of ${signer.name}`, fingerprint: signer.fingerprint.hex })
            }
          >
            Revoke…
          </Act>
        </section>
      ))}
    </>
  )
}

/** Whose signatures count here. */
export function Trust(): ReactNode {
  const desk = useMirror((mirror) => mirror.desk)
  const [page, setPage] = useState<'signer' | 'root' | 'desk-card' | ChangeView | Revocable | null>(null)
  if (desk === null) return null
  const { trust, station, roots, revoked, peers, founding } = desk
  const done = (): void => setPage(null)
  if (page === 'signer') return <NewSigner done={done} />
  if (page === 'root') return <NewRoot done={done} />
  if (page === 'desk-card')
    return <SheetPage shown={deskCardOf(desk.card.name)} back="Back to trust" done={done} />
  if (page !== null && 'number' in page) return <ChangePage change={page} done={done} />
  if (page !== null) return <Revoke what={page} done={done} />
  return (
    <Frame
      heading={
        trust.length === 0
          ? 'This desk trusts nobody yet'
          : `This desk trusts ${count(trust.length, 'signer')}`
      }
      means="No other signature counts."
      next={
        founding
          ? 'Fingerprints come on paper, never with a bundle.'
          : 'Two security officers make each change.'
      }
      acts={
        <>
          <Act onPress={() => go({ to: 'place', place: 'order' })}>Order and time…</Act>
          {desk.card.side === 'low' ? null : (
            <Act onPress={() => go({ to: 'place', place: 'landing' })}>Landing…</Act>
          )}
          <Act writes onPress={() => setPage('root')}>
            Install a trusted root…
          </Act>
          <Act kind="primary" writes onPress={() => setPage('signer')}>
            Trust a signer…
          </Act>
        </>
      }
    >
      <Changes open={setPage} />
      {trust.length === 0 ? (
        <p>
          A low desk needs nobody here. A high desk needs every signer of the low side, or refuses every
          bundle.
        </p>
      ) : null}
      <Signers trust={trust} revoke={setPage} />
      <Roots roots={roots} revoke={setPage} />
      <RevokedKeys revoked={revoked} />
      {peers.length === 0 ? null : (
        <section className="card" aria-labelledby="peers">
          <h2 id="peers">Paired desks</h2>
          <Facts
            rows={peers.map((peer) => [peer.name, <code key={peer.id}>{peer.seal ?? 'not sealed'}</code>])}
          />
        </section>
      )}
      <section className="card">
        <h2>The key of this station</h2>
        <p className="soft">It never counts as a person.</p>
        <Fold name="it in words and digits" of="the key of this station">
          <FullFingerprint value={station} />
        </Fold>
      </section>
      <DeskCard print={() => setPage('desk-card')} />
    </Frame>
  )
}

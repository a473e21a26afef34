import { useState, type ReactNode } from 'react'
import type { ChangeView } from '../../../shared/changes.ts'
import type { FailureView } from '../../../shared/failure.ts'
import { landingKeyWarning } from '../../../shared/text/landing.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { FullDigits, Words } from '../../parts/digest.tsx'
import { Facts } from '../../parts/facts.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useLanding, type LandingShown } from '../../state/landing.ts'
import { useMirror } from '../../state/mirror.ts'
import { choose } from '../../state/place.ts'
import { go } from '../../state/view.ts'
import { time } from '../../text/format.ts'
import { landingCardOf, SheetPage } from '../sheet.tsx'
import { ChangePage } from './change-page.tsx'
import { Changes } from './changes.tsx'
import { LandingList } from './landing-list.tsx'
import { NewLandingKey } from './new-landing-key.tsx'
import { Revoke } from './revoke.tsx'

function headingOf({ key, signers }: LandingShown): string {
  if (key === null) return 'This desk has no landing key'
  return signers === 'station'
    ? 'The landing key seals what lands at a registry'
    : 'Those who accepted it seal what lands; the landing key signs lists and files for engines'
}

const meaning = {
  station: 'A seal is a signature that engines there can ask for.',
  deciders: 'The policy says so. Without a landing key no list and no files for engines can be made.',
} as const

const revoking =
  'This desk seals nothing with it from then on. What it sealed before still counts on the far side until the files of its engines are replaced.'

/** The key in force, to be compared with paper. */
function KeyCard(props: {
  readonly shown: NonNullable<LandingShown['key']>
  readonly revoke: () => void
  readonly print: () => void
}): ReactNode {
  const { fingerprint, locked, at, by } = props.shown
  return (
    <section className="card" aria-labelledby="landing-key">
      <h2 id="landing-key">The landing key in force</h2>
      <Facts
        rows={[
          ['Since', time(at)],
          ['By', by.length === 0 ? 'whoever set up this desk, before it was sealed' : by.join(' and ')],
          [
            'Its file',
            locked ? 'has a passphrase' : <Badge key="open" result="warn" text="has no passphrase" />,
          ],
        ]}
      />
      <Words words={fingerprint.words} />
      <Fold name="all its digits">
        <FullDigits value={fingerprint} />
      </Fold>
      <div className="acts">
        <Act spoken="Print the card of the landing key…" onPress={props.print}>
          Print…
        </Act>
        <Act writes spoken="Revoke the landing key…" onPress={props.revoke}>
          Revoke…
        </Act>
      </div>
    </section>
  )
}

type Page =
  { readonly act: 'new' | 'revoke' | 'print' } | { readonly act: 'change'; readonly change: ChangeView }

/** The key by which this desk seals for the far side, and the list of what it admits. */
export function Landing(): ReactNode {
  const landing = useLanding()
  const name = useMirror((mirror) => mirror.desk?.card.name ?? '')
  const [page, setPage] = useState<Page | null>(null)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [saved, setSaved] = useState<string | null>(null)
  const done = (): void => setPage(null)
  if (landing === null) return null
  const { key, signers } = landing
  if (page?.act === 'new') return <NewLandingKey replaces={key !== null} done={done} />
  if (page?.act === 'revoke' && key !== null)
    return (
      <Revoke
        what={{ name: 'the landing key', fingerprint: key.fingerprint.hex, means: revoking }}
        done={done}
      />
    )
  if (page?.act === 'print')
    return <SheetPage shown={landingCardOf(name)} back="Back to the landing" done={done} />
  if (page?.act === 'change') return <ChangePage change={page.change} done={done} />
  const save = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'landing', intent: 'save', format: 'pub' }, setFailure)
    if (chosen === null) return
    const answer = await call('landing.save', { place: chosen.place })
    if (answer.ok) setSaved(answer.value.file)
    else setFailure(answer.failure)
  }
  const make = (): void => setPage({ act: 'new' })
  return (
    <Frame
      heading={headingOf(landing)}
      means={meaning[signers]}
      next={
        key === null
          ? 'Next: make one, and give its public half to the far side.'
          : 'The far side gets the public half as a file and on paper, never by the registry.'
      }
      acts={
        <>
          <Act onPress={() => go({ to: 'place', place: 'trust' })}>Back to trust</Act>
          {key === null ? (
            <Act kind="primary" writes onPress={make}>
              Make a landing key…
            </Act>
          ) : (
            <>
              <Act writes onPress={make}>
                Replace it…
              </Act>
              <Act kind="primary" onPress={() => void save()}>
                Save its public half…
              </Act>
            </>
          )}
        </>
      }
    >
      <section className="card warn" aria-label="Know this first">
        <p>
          <strong>{landingKeyWarning}.</strong>
        </p>
        {signers === 'station' ? (
          <p>Where that is too much, the policy can let those who accepted it seal instead.</p>
        ) : null}
      </section>
      <FailureBox failure={failure} />
      <div role="status">{saved === null ? null : <p>Saved as {saved}.</p>}</div>
      <Changes open={(change) => setPage({ act: 'change', change })} />
      {key === null ? null : (
        <KeyCard
          shown={key}
          revoke={() => setPage({ act: 'revoke' })}
          print={() => setPage({ act: 'print' })}
        />
      )}
      {key === null ? null : <LandingList landing={landing} />}
    </Frame>
  )
}

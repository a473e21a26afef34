import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Frame } from '../../parts/frame.tsx'
import { askedOf, useLooking } from '../../state/looking.ts'
import { useMirror } from '../../state/mirror.ts'
import { go } from '../../state/view.ts'
import { Keys } from './keys.tsx'
import { InRegistry, OnComputer } from './what.tsx'

/** Chooses something that others made, and whose keys count for it. Nothing of it is kept. */
export function LookInto(): ReactNode {
  const looking = useLooking()
  const side = useMirror((mirror) => mirror.desk?.card.side ?? null)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const asked = askedOf(looking)
  const { chosen, reference } = looking
  const start = async (): Promise<void> => {
    if (asked === null) return
    setFailure(null)
    const started = await call('look.start', asked)
    if (started.ok) go({ to: 'job', id: started.value.job })
    else setFailure(started.failure)
  }
  return (
    <Frame
      heading={
        asked === null
          ? 'Choose what to look into'
          : `${chosen === null ? reference : chosen.label} can be looked into`
      }
      means="What it holds and what it proves."
      reading
      next={asked === null ? 'First choose a file or a folder.' : 'It is only read; nothing is kept.'}
      acts={
        <>
          <Act onPress={() => go({ to: 'start' })}>{side === null ? 'Back' : 'All consignments'}</Act>
          <Act kind="primary" disabled={asked === null} onPress={() => void start()}>
            Look into it
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <OnComputer fail={setFailure} />
      {side === 'low' && chosen === null ? <InRegistry start={() => void start()} fail={setFailure} /> : null}
      <Keys fail={setFailure} />
    </Frame>
  )
}

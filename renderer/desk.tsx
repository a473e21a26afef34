import { useEffect, type ReactNode } from 'react'
import type { FailureView } from '../shared/failure.ts'
import { Act } from './parts/act.tsx'
import { FailureBox } from './parts/failure.tsx'
import { Frame } from './parts/frame.tsx'
import { Consignments } from './screens/consignments.tsx'
import { High } from './screens/high.tsx'
import { Receive } from './screens/high/receive.tsx'
import { RefusedPage } from './screens/high/refused.tsx'
import { LookInto } from './screens/look/look-into.tsx'
import { Low } from './screens/low.tsx'
import { NewRequest } from './screens/low/new-request.tsx'
import { Landing } from './screens/places/landing.tsx'
import { Ledger } from './screens/places/ledger.tsx'
import { Media } from './screens/places/media.tsx'
import { Order } from './screens/places/order.tsx'
import { People } from './screens/places/people.tsx'
import { Policy } from './screens/places/policy.tsx'
import { Settings } from './screens/places/settings.tsx'
import { Trust } from './screens/places/trust.tsx'
import { Working } from './screens/working.tsx'
import { refreshShown, useMirror } from './state/mirror.ts'
import { go, useView } from './state/view.ts'

const placePages = {
  consignments: Consignments,
  media: Media,
  people: People,
  trust: Trust,
  policy: Policy,
  order: Order,
  landing: Landing,
  ledger: Ledger,
  settings: Settings,
}

function Unreadable({ failure }: { readonly failure: FailureView }): ReactNode {
  return (
    <Frame
      heading="This consignment cannot be shown"
      next="Nothing can be decided here before it can be shown."
      acts={
        <Act kind="primary" onPress={() => go({ to: 'start' })}>
          All consignments
        </Act>
      }
    >
      <FailureBox failure={failure} />
    </Frame>
  )
}

function Shown(): ReactNode {
  const { shown, desk, failure } = useMirror()
  const { step, consignment } = useView()
  // Never one consignment's facts under the choice of another.
  if (desk === null || shown === null || shown.id !== consignment)
    return failure === null ? null : <Unreadable failure={failure} />
  return desk.card.side === 'low' ? (
    <Low consignment={shown} step={step} />
  ) : (
    <High consignment={shown} step={step} />
  )
}

/** The pages of an open desk, one at a time. */
export function Desk(): ReactNode {
  const jobs = useMirror((mirror) => mirror.jobs)
  const { place, consignment, job, receiving, refused, requesting, looking } = useView()
  useEffect(() => {
    void refreshShown(consignment)
  }, [consignment])
  // A page that was loaded in mid-job goes back to what is under way.
  const running = jobs.find((one) => one.state === 'running')?.id
  useEffect(() => {
    if (running !== undefined) go({ to: 'job', id: running })
  }, [running])
  if (job !== null) return <Working id={job} />
  if (receiving) return <Receive />
  if (refused !== null) return <RefusedPage sequence={refused} />
  if (requesting) return <NewRequest />
  if (looking) return <LookInto />
  if (consignment !== null) return <Shown />
  const Page = placePages[place]
  return <Page />
}

import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import type { MediumView } from '../../../shared/media.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Choice } from '../../parts/choice.tsx'
import { Drives } from '../../parts/drives.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Frame } from '../../parts/frame.tsx'
import type { Chosen } from '../../state/place.ts'
import { go } from '../../state/view.ts'

const ways = [
  { value: 'fill', name: 'In two acts:', means: 'fill it, take it out, put it back, read it.' },
  { value: 'at-once', name: 'At once:', means: 'memory may answer for it.' },
] as const

/** Tests whether a medium holds what it says. */
export function TestMedium({
  medium,
  done,
}: {
  readonly medium: MediumView
  readonly done: () => void
}): ReactNode {
  const { label, filled } = medium
  const [way, setWay] = useState<'fill' | 'at-once'>('fill')
  const [failure, setFailure] = useState<FailureView | null>(null)
  const test = async ({ place }: Chosen): Promise<void> => {
    const fill = filled === null && way === 'fill'
    const started = await call('capacity.start', { label, at: place, fill })
    if (started.ok) go({ to: 'job', id: started.value.job })
    else setFailure(started.failure)
  }
  return (
    <Frame
      heading={
        filled === null
          ? `Does ${label} hold what it says?`
          : `${label} was filled: put it in again, and read it`
      }
      means="It must be empty. All of it is written and read."
      next={filled === null ? 'Next: it is filled.' : 'Next: every byte is compared.'}
      acts={<Act onPress={done}>Back to {label}</Act>}
    >
      <FailureBox failure={failure} />
      {filled === null ? <Choice label="How?" value={way} onChange={setWay} options={ways} /> : null}
      <Drives
        use={{
          name: filled === null ? 'Test this' : 'Read this',
          changes: true,
          onChosen: (one) => void test(one),
        }}
      />
    </Frame>
  )
}

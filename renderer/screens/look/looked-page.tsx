import type { ReactNode } from 'react'
import type { Looked } from '../../../shared/look.ts'
import { Act } from '../../parts/act.tsx'
import { Frame } from '../../parts/frame.tsx'
import { LookedFacts } from '../../parts/looked.tsx'
import { lookAnew } from '../../state/looking.ts'
import { useMirror } from '../../state/mirror.ts'
import { go } from '../../state/view.ts'
import { lookedHeading, lookedMeans } from '../../text/look.ts'

/** Where one goes on: to something else with the same keys, or back to the consignment that it is of. */
function Acts({ consignment }: { readonly consignment: string | null }): ReactNode {
  const none = useMirror((mirror) => mirror.desk === null)
  if (consignment !== null) {
    return (
      <Act kind="primary" onPress={() => go({ to: 'consignment', id: consignment, step: 'verdict' })}>
        Back to the consignment
      </Act>
    )
  }
  const leave = (to: 'look' | 'start') => (): void => {
    lookAnew()
    go({ to })
  }
  return (
    <>
      <Act onPress={leave('start')}>{none ? 'Close' : 'All consignments'}</Act>
      <Act onPress={() => go({ to: 'look' })}>Other keys…</Act>
      <Act kind="primary" onPress={leave('look')}>
        Look into something else
      </Act>
    </>
  )
}

/** What a look came to: the answer, then what it stands on. */
export function LookedPage(props: {
  readonly looked: Looked
  /** The consignment that it is of; `null` for what lies elsewhere. */
  readonly consignment: string | null
}): ReactNode {
  const { looked, consignment } = props
  const shown = useMirror((mirror) => mirror.shown)
  const means = lookedMeans(looked)
  return (
    <Frame
      heading={lookedHeading(looked)}
      means={
        <>
          <code>{looked.name}</code>
          {means === '' ? '' : `: ${means}`}
        </>
      }
      reading
      next={
        consignment === null
          ? 'Nothing of it was kept. The keys stay for the next look.'
          : 'Nothing was changed.'
      }
      consignment={consignment === null ? null : shown}
      acts={<Acts consignment={consignment} />}
    >
      <LookedFacts looked={looked} />
    </Frame>
  )
}

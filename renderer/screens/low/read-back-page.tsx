import type { ReactNode } from 'react'
import type { Verified } from '../../../shared/verdict.ts'
import { Act } from '../../parts/act.tsx'
import { Eject } from '../../parts/eject.tsx'
import { Frame } from '../../parts/frame.tsx'
import { VerdictFacts } from '../../parts/verdict-facts.tsx'
import { useMirror } from '../../state/mirror.ts'
import { go } from '../../state/view.ts'
import { readBackHeading } from '../../text/verdict.ts'

/** A medium that was read back and is not what this desk wrote, or nothing that it knows. */
export function ReadBackPage({ verified }: { readonly verified: Verified }): ReactNode {
  const { id } = verified
  const side = useMirror((mirror) => mirror.desk?.card.side)
  return (
    <Frame
      heading={readBackHeading(verified)}
      means="Do not hand it over. Other copies of the same consignment are not touched by this."
      next="Next: mark this medium as spoiled, and write another copy. The ledger has this result."
      acts={
        <>
          <Act onPress={() => go({ to: 'start' })}>All consignments</Act>
          {id === undefined ? null : (
            <Act
              kind="primary"
              onPress={() => go({ to: 'consignment', id, step: side === 'high' ? 'export' : 'write' })}
            >
              Write another copy
            </Act>
          )}
        </>
      }
    >
      <VerdictFacts verdict={verified} />
      <Eject />
    </Frame>
  )
}

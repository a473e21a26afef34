import type { ReactNode } from 'react'
import type { Verified } from '../../../shared/verdict.ts'
import { Act } from '../../parts/act.tsx'
import { Frame } from '../../parts/frame.tsx'
import { VerdictFacts } from '../../parts/verdict-facts.tsx'
import { go } from '../../state/view.ts'
import { headingOf, meaningOf } from '../../text/verdict.ts'

/** The verdict on a medium that made no consignment: its signatures did not pass. */
export function VerdictPage({ verified }: { readonly verified: Verified }): ReactNode {
  return (
    <Frame
      heading={headingOf(verified)}
      means={meaningOf(verified)}
      next="Nothing of this medium was kept. This verdict stays, under Consignments: Refused media."
      acts={
        <Act kind="primary" onPress={() => go({ to: 'start' })}>
          Back to the consignments
        </Act>
      }
    >
      <p>
        Waybill found: <code>{verified.waybill ?? 'none'}</code>
      </p>
      <VerdictFacts verdict={verified} />
    </Frame>
  )
}

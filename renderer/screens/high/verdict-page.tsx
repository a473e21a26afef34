import type { ReactNode } from 'react'
import type { Verified } from '../../../shared/verdict.ts'
import { Act } from '../../parts/act.tsx'
import { Eject } from '../../parts/eject.tsx'
import { Frame } from '../../parts/frame.tsx'
import { VerdictFacts } from '../../parts/verdict-facts.tsx'
import { go } from '../../state/view.ts'
import { headingOf, meaningOf } from '../../text/verdict.ts'

/** The verdict on a medium that made no consignment: its signatures did not pass. */
export function VerdictPage({ verified }: { readonly verified: Verified }): ReactNode {
  const { waybill, checks } = verified
  const said =
    waybill !== null && checks.some(({ expected, result }) => result === 'fail' && expected.includes(waybill))
  return (
    <Frame
      heading={headingOf(verified)}
      means={meaningOf(verified)}
      next="Nothing of it was kept; its verdict stays, under Consignments."
      acts={
        <Act kind="primary" onPress={() => go({ to: 'start' })}>
          Back to the consignments
        </Act>
      }
    >
      {said ? null : (
        <p>
          Waybill found: <code>{verified.waybill ?? 'none'}</code>
        </p>
      )}
      <VerdictFacts verdict={verified} />
      <Eject />
    </Frame>
  )
}

import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../shared/views.ts'
import type { Step } from '../state/view.ts'
import { Approve } from './low/approve.tsx'
import { Asked } from './low/asked.tsx'
import { Authenticity } from './low/authenticity.tsx'
import { GiveUp } from './low/give-up.tsx'
import { HandOver } from './low/hand-over.tsx'
import { Items } from './low/items.tsx'
import { ReadBack } from './low/read-back.tsx'
import { Write } from './low/write.tsx'
import { Report } from './report.tsx'

/** A low desk's consignment: the page of the step that is shown. */
export function Low(props: { readonly consignment: ConsignmentView; readonly step: Step }): ReactNode {
  const { consignment, step } = props
  switch (step) {
    case 'request':
      return <Asked consignment={consignment} />
    case 'items':
      return <Items consignment={consignment} />
    case 'authenticity':
      return <Authenticity consignment={consignment} />
    case 'write':
      return <Write consignment={consignment} />
    case 'readback':
      return <ReadBack consignment={consignment} />
    case 'handover':
    case 'close':
      return <HandOver consignment={consignment} />
    case 'giveup':
      return <GiveUp consignment={consignment} />
    case 'report':
      return <Report consignment={consignment} />
    default:
      return <Approve consignment={consignment} />
  }
}

import type { ReactNode } from 'react'
import { isDecided } from '../../shared/rules/decision.ts'
import type { ConsignmentView } from '../../shared/views.ts'
import { useView, type Step } from '../state/view.ts'
import { Close } from './high/close.tsx'
import { Decide } from './high/decide.tsx'
import { Export } from './high/export.tsx'
import { Kit } from './high/kit.tsx'
import { Received } from './high/received.tsx'
import { Override } from './high/override.tsx'
import { Release } from './high/release.tsx'
import { SealLanded } from './high/seal-landed.tsx'
import { Verdict } from './high/verdict.tsx'
import { Report } from './report.tsx'
import { landingTargets } from '../text/landing.ts'
import { isOpen } from '../text/override.ts'

/** A page about what landed at a registry; the export, where nothing has. */
function AtTarget(props: {
  readonly consignment: ConsignmentView
  readonly step: 'seal' | 'kit'
}): ReactNode {
  const { consignment, step } = props
  const said = useView((view) => view.target)
  const targets = landingTargets(consignment)
  const target = targets.find((one) => one.said === said) ?? targets[0]
  if (target === undefined) return <Export consignment={consignment} />
  return step === 'seal' ? (
    <SealLanded key={target.said} consignment={consignment} target={target} />
  ) : (
    <Kit consignment={consignment} targets={targets} first={target} />
  )
}

/** A high desk's consignment: the page of the step that is shown, or the verdict where that step is not due. */
export function High(props: { readonly consignment: ConsignmentView; readonly step: Step }): ReactNode {
  const { consignment, step } = props
  switch (step) {
    case 'decide':
      return isDecided(consignment.decided) ? (
        <Verdict consignment={consignment} />
      ) : (
        <Decide consignment={consignment} />
      )
    case 'release':
      return consignment.held === null ? (
        <Verdict consignment={consignment} />
      ) : (
        <Release consignment={consignment} held={consignment.held} />
      )
    case 'override':
      return isOpen(consignment) ? (
        <Override consignment={consignment} verdict={consignment.verdict} />
      ) : (
        <Verdict consignment={consignment} />
      )
    case 'export':
      return consignment.decided === 'accept' ? (
        <Export consignment={consignment} />
      ) : (
        <Verdict consignment={consignment} />
      )
    case 'seal':
    case 'kit':
      return consignment.decided === 'accept' ? (
        <AtTarget consignment={consignment} step={step} />
      ) : (
        <Verdict consignment={consignment} />
      )
    case 'report':
      return <Report consignment={consignment} />
    case 'close':
      return <Close consignment={consignment} />
    case 'receive':
      return <Received consignment={consignment} />
    default:
      return <Verdict consignment={consignment} />
  }
}

import type { StepId, StepView } from '../../shared/views.ts'
import type { Step } from './view.ts'

const pages: Readonly<Record<StepId, Step>> = {
  request: 'request',
  collect: 'items',
  authenticity: 'authenticity',
  approve: 'approve',
  write: 'write',
  readback: 'readback',
  handover: 'handover',
  receive: 'receive',
  verify: 'verdict',
  decide: 'decide',
  export: 'export',
  close: 'close',
}

/** The page of a step of the journey; `null` while there is nothing to see of it. */
export function pageOf(step: StepView): Step | null {
  return step.state === 'waiting' || step.state === 'stopped' ? null : pages[step.id]
}

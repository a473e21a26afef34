import type { ConsignmentView } from '../../shared/views.ts'
import type { Step } from './view.ts'

const low: Readonly<Record<string, Step>> = {
  Request: 'request',
  Collect: 'items',
  Authenticity: 'authenticity',
  Approve: 'approve',
  Write: 'write',
  'Read back': 'readback',
  'Hand over': 'handover',
}

const high: Readonly<Record<string, Step>> = {
  Receive: 'receive',
  Verify: 'verdict',
  Decide: 'decide',
  Export: 'export',
  Close: 'close',
}

/** The page of a step of the journey; `null` while there is nothing to see of it. */
export function pageOf(side: 'low' | 'high', step: ConsignmentView['steps'][number]): Step | null {
  if (step.state === 'waiting' || step.state === 'stopped') return null
  return (side === 'low' ? low : high)[step.step] ?? null
}

/** The page that a low desk’s consignment opens with: where its work goes on. */
export function lowStart(steps: ConsignmentView['steps']): Step {
  const current = steps.find((step) => step.state === 'current') ?? steps.at(-1)
  const page = current === undefined ? null : low[current.step]
  // What was collected is looked at before it is signed.
  return page ?? 'approve'
}

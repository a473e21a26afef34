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

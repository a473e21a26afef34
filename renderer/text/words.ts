import type { ConsignmentState } from '../../shared/views.ts'
import type { Role } from '../../shared/schema.ts'
import type { CheckResult } from '../../shared/verdict.ts'

/* Words of the interface that are not about a failure or a check. */

export const resultWords: Readonly<Record<CheckResult, { readonly sign: string; readonly word: string }>> = {
  pass: { sign: '✓', word: 'Passed' },
  fail: { sign: '✕', word: 'Failed' },
  'not-checked': { sign: '?', word: 'Not checked' },
  warn: { sign: '!', word: 'Attention' },
}

export const stateWords: Readonly<Record<ConsignmentState, string>> = {
  collected: 'collected, not signed',
  signing: 'being signed',
  released: 'released',
  written: 'written to a medium',
  'read-back': 'written and read back',
  dropped: 'given up',
  arrived: 'waits for a decision',
  deciding: 'one of two has signed',
  held: 'held',
  accepted: 'accepted',
  rejected: 'rejected',
  exported: 'accepted and exported',
}

/** Roles as people say them: “transfer agent, witness”. */
export function rolesText(roles: readonly Role[]): string {
  return roles.map((role) => role.replace('-', ' ')).join(', ')
}

export const sideWords = { low: 'LOW · connected', high: 'HIGH · no network' } as const

export const jobWords: Readonly<Record<string, { readonly heading: string; readonly cancel: string }>> = {
  verify: {
    heading: 'Reading the medium. Leave it in.',
    cancel: 'Cancelling is safe: nothing is decided, and what was read so far stays in quarantine.',
  },
  export: {
    heading: 'Exporting accepted content.',
    cancel:
      'Cancelling is safe: the target is then not made at all. The content stays accepted at this desk.',
  },
}

export const stepWords: Readonly<Record<string, string>> = {
  signatures: 'checking the signatures',
  waybill: 'reading the waybill',
  medium: 'checking the files of the medium',
  content: 'checking every byte of the content',
  graph: 'checking that everything belongs together',
  record: 'recording the verdict',
  copy: 'copying, each byte hashed as it goes',
  compare: 'comparing what arrived with what was accepted',
}

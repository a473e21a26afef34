import type { ConsignmentState } from '../../shared/views.ts'
import type { Role, SigningRole } from '../../shared/schema.ts'
import type { CheckResult } from '../../shared/verdict.ts'

/* Words of the interface that are not about a failure or a check. */

export const resultWords: Readonly<Record<CheckResult, { readonly sign: string; readonly word: string }>> = {
  pass: { sign: '✓', word: 'Passed' },
  fail: { sign: '✕', word: 'Failed' },
  'not-checked': { sign: '?', word: 'Not checked' },
  warn: { sign: '!', word: 'Attention' },
  overridden: { sign: '⊘', word: 'Overridden' },
}

export const stateWords: Readonly<Record<ConsignmentState, string>> = {
  collected: 'collected',
  signing: 'being signed',
  released: 'released',
  written: 'written',
  'read-back': 'read back',
  dropped: 'given up',
  arrived: 'undecided',
  deciding: 'being decided',
  held: 'held',
  accepted: 'accepted',
  rejected: 'rejected',
  exported: 'exported',
  closed: 'closed',
}

/** States in which somebody at the desk still has to do something. */
export const openStates: Readonly<Record<'low' | 'high', readonly ConsignmentState[]>> = {
  high: ['arrived', 'deciding', 'held'],
  low: ['collected', 'signing', 'released', 'written', 'read-back'],
}

/** What comes next in each state, and whose turn it is. */
export const nextWords: Readonly<Record<ConsignmentState, string>> = {
  collected: 'first signature',
  signing: 'next signature',
  released: 'write a medium',
  written: 'read it back',
  'read-back': 'hand it over',
  dropped: 'nothing',
  arrived: 'decide',
  deciding: 'next signature',
  held: 'decide anew',
  accepted: 'export',
  rejected: 'report, close',
  exported: 'report, close',
  closed: 'nothing',
}

/** Roles as people say them: “transfer agent, witness”. */
export function rolesText(roles: readonly Role[]): string {
  return roles.map((role) => role.replace('-', ' ')).join(', ')
}

export const sideWords = { low: 'LOW · connected', high: 'HIGH · no network' } as const

export const jobWords: Readonly<Record<string, { readonly heading: string; readonly cancel: string }>> = {
  collect: {
    heading: 'Collecting what the request asks for.',
    cancel: 'Cancelling is safe: nothing of this collect is used. What came is not fetched again.',
  },
  waybill: {
    heading: 'Making the waybill anew.',
    cancel: 'Cancelling is safe: the waybill stays as it was.',
  },
  write: {
    heading: 'Writing the medium. Leave it in.',
    cancel:
      'Cancelling is safe: what was written of this copy is removed and recorded as stopped. Other copies stay good.',
  },
  capacity: {
    heading: 'Testing the medium. Leave it in.',
    cancel: 'Cancelling is safe: what the test wrote is removed. It then counts as not tested.',
  },
  readback: {
    heading: 'Reading the medium back. Leave it in.',
    cancel: 'Cancelling is safe: the medium is only read. It then counts as not read back.',
  },
  repair: {
    heading: 'Repairing the medium to a copy. Leave it in.',
    cancel: 'Cancelling is safe: the medium is only read, and no copy is left.',
  },
  verify: {
    heading: 'Reading the medium. Leave it in.',
    cancel: 'Cancelling is safe: nothing is decided, and what was read so far stays in quarantine.',
  },
  export: {
    heading: 'Exporting accepted content.',
    cancel:
      'Cancelling is safe: a folder is then not made at all, and no tag of a registry is set. The content stays accepted at this desk.',
  },
  evidence: {
    heading: 'Looking at what speaks for an image.',
    cancel: 'Cancelling is safe: nothing is kept of what was looked at.',
  },
  look: {
    heading: 'Looking into what others made.',
    cancel: 'Cancelling is safe: nothing is kept of what was looked at.',
  },
  package: {
    heading: 'Collecting a trust package.',
    cancel: 'Cancelling is safe: no file is made.',
  },
}

/** What each role of a waybill's signature is, as a person says it. */
export const signingWords: Readonly<
  Record<SigningRole, { readonly name: string; readonly who: string; readonly signer: string }>
> = {
  prepare: { name: 'Prepare', who: 'a transfer agent', signer: 'transfer agent' },
  release: {
    name: 'Release',
    who: 'a release authority who did not ask for the content',
    signer: 'release authority',
  },
  witness: { name: 'Witness', who: 'a witness', signer: 'witness' },
}

/** What each role may do, for the form that gives it. */
export const roleMeans: Readonly<Record<Role, string>> = {
  requester: 'asks for content and says why. May not release what they asked for.',
  'transfer-agent': 'collects, writes media, receives and exports.',
  'release-authority': 'says that content may cross. May not be the requester.',
  witness: 'is the second person where an act needs two.',
  'media-custodian': 'registers, labels and disposes of media.',
  'security-officer': 'answers for trust and policy; checks the ledger.',
  auditor: 'reads and recomputes everything; holds no other role.',
}

import type { CheckResult } from '../../../shared/verdict.ts'

/** The checks that a policy makes of a bundle as a whole: of the waybill, or once everything else is judged. */
export const waybillChecks = [
  'policy.lifetime',
  'policy.channel-signers',
  'policy.version-floor',
  'policy.tombstone',
  'policy.algorithms',
  'policy.medium',
  'policy.unchecked',
  'policy.rego',
] as const
type WaybillCheckId = (typeof waybillChecks)[number]

/** What a rule about a bundle as a whole comes to. */
export interface BundleResult {
  readonly id: WaybillCheckId
  readonly result: CheckResult
  readonly subject: string
  readonly expected: string
  readonly found: string
  readonly reason: string
}

/** Somebody who signed the waybill: in which role, with which key (SPKI in base64). */
export interface SignedLine {
  readonly role: string
  readonly name: string
  readonly key: string
}

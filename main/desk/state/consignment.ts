import type { Digest } from '../../../shared/digest.ts'
import type { OverrideHalf } from '../../../shared/rules/override.ts'
import type { SigningRole } from '../../../shared/schema.ts'
import type { Counts, Outcome } from '../../../shared/verdict.ts'
import type { ConsignmentState, DecisionOutcome } from '../../../shared/views.ts'
import type { DriveName, OutLevel } from '../../../shared/drives.ts'
import type { Held } from '../../bundle/media-set.ts'
import type { FactsOf, RecordedEvidence } from './facts.ts'

/** A signature on a waybill. The canonical Sigstore bundle is the statement of its event, by number from 1. */
export interface Approval {
  readonly person: string
  readonly name: string
  readonly role: SigningRole
  readonly at: string
  readonly fingerprint: string
  readonly event: number
}

/** Half a decision, or the half that completed one. */
export interface DecisionHalf extends Omit<FactsOf<'decision.signed'>, 'consignment' | 'waybill'> {
  readonly fingerprint: string
  /** Of a key that was revoked after a hold, under rules that let it count on. */
  readonly outlived: boolean
}

/** One writing to a medium. */
export interface Writing extends FactsOf<'write.started'> {
  readonly at: string
  readonly done: FactsOf<'write.done'> | null
  readonly failed: boolean
  readonly readBack: Outcome | null
  /** How far it was seen that it had been out before it was read back. */
  readonly out: OutLevel | null
}

/** A medium of a bundle on several that was read whole. */
export interface ReadMedium extends Held {
  readonly drive: DriveName | null
  readonly at: string
}

/** A verdict as recorded: the checks themselves lie in the consignment's folder under this digest. */
export interface RecordedVerdict {
  readonly digest: Digest
  readonly outcome: Outcome
  readonly counts: Counts
  readonly scope: 'medium' | 'tar'
  /** What was judged of the items, under this digest beside it. */
  readonly evidence: RecordedEvidence | null
  /** The drive that it was read from, where that is known. */
  readonly drive: DriveName | null
  /** The number of its event. */
  readonly event: number
  readonly at: string
}

/** A released waybill that was made again: its way was barred. */
export interface ReplacedWaybill {
  readonly made: FactsOf<'waybill.sealed'>
  /** Why its number is void; `null` where its epoch had ended. */
  readonly voided: string | null
  readonly writings: readonly Writing[]
}

/** That what landed at a target was sealed. */
export interface SealedLanding {
  readonly target: string
  readonly by: 'station' | 'deciders'
  readonly keys: readonly string[]
  readonly count: number
  readonly at: string
}

/** That somebody who accepted it signed the seals for a target. */
export interface SealingHalf {
  readonly target: string
  readonly seals: Digest
  readonly person: string
  readonly fingerprint: string
  readonly at: string
}

/** A consignment as the ledger tells it. Low and high share the shape; what a side does not have stays empty. */
export interface Consignment {
  readonly id: string
  state: ConsignmentState
  name: string
  waybill: Digest | null
  sender: { id: string; name: string } | null
  channel: string | null
  sequence: number | null
  created: string | null
  expires: string | null
  requester: string | null
  reason: string | null
  marking: string
  items: number
  bytes: number
  destinations: readonly string[]
  /** Low: the waybill in force, as it was made. */
  made: FactsOf<'waybill.sealed'> | null
  /** Low: released waybills that were made again under new numbers; their numbers stay taken. */
  replaced: ReplacedWaybill[]
  approvals: Approval[]
  releasedAt: string | null
  writings: Writing[]
  /** Low: how it is laid on several media, the last plan; `null` while one medium takes it. */
  plan: FactsOf<'write.planned'> | null
  /** High: media of a bundle on several that were read whole, the last first. */
  here: ReadMedium[]
  /** High: fingerprints of the keys under its waybill. */
  signers: readonly string[]
  /** High: the verdict that stands. */
  verdict: RecordedVerdict | null
  halves: DecisionHalf[]
  /** High: halves of exceptions from checks, in their order. */
  overrides: OverrideHalf[]
  decided: DecisionOutcome | null
  decidedAt: string | null
  moved: boolean
  /** High: what was exported; of a medium, how it was read back last. */
  exports: (FactsOf<'export.done'> & { at: string; readBack: Outcome | null; out: OutLevel | null })[]
  exporting: string | null
  /** High: exports that failed or were stopped, by their targets, and what was missing there; the last first. */
  unfinished: readonly {
    readonly target: string
    readonly code: string
    readonly missing: readonly string[]
    readonly at: string
  }[]
  /** High: seals at targets, and who signed them for a target. */
  landings: SealedLanding[]
  sealing: SealingHalf[]
  /** Media of it that left, the first first. */
  handed: (FactsOf<'media.handed'> & { at: string })[]
  dropped: { reason: string; voided: boolean } | null
  /** When its work here was ended; nothing more is written or exported then. */
  closed: string | null
  pruned: boolean
  collecting: boolean
  updated: string
}

export function newConsignment(id: string, at: string): Consignment {
  return {
    id,
    state: 'arrived',
    name: '',
    waybill: null,
    sender: null,
    channel: null,
    sequence: null,
    created: null,
    expires: null,
    requester: null,
    reason: null,
    marking: '',
    items: 0,
    bytes: 0,
    destinations: [],
    made: null,
    replaced: [],
    approvals: [],
    releasedAt: null,
    writings: [],
    plan: null,
    here: [],
    signers: [],
    verdict: null,
    halves: [],
    overrides: [],
    decided: null,
    decidedAt: null,
    moved: false,
    exports: [],
    exporting: null,
    unfinished: [],
    landings: [],
    sealing: [],
    handed: [],
    dropped: null,
    closed: null,
    pruned: false,
    collecting: false,
    updated: at,
  }
}

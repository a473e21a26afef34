import type { Digest } from '../../shared/digest.ts'
import type { ItemEvidence } from '../../shared/evidence.ts'
import type { Override } from '../../shared/rules/override.ts'
import type { CameOn } from '../../shared/rules/media.ts'
import type { SignerRule } from '../../shared/policy.ts'
import type { StreamMemory } from '../../shared/rules/stream-memory.ts'
import type { CheckId } from '../../shared/text/checks.ts'
import type { Item, Waybill } from '../../shared/waybill.ts'
import type { CheckResult, Verdict } from '../../shared/verdict.ts'
import type { Assessed } from '../evidence/assess.ts'
import type { BlobReader } from '../evidence/piece.ts'
import type { EvidenceTrust } from '../evidence/judge.ts'
import type { Located } from '../bundle/locate.ts'
import type { Held } from '../bundle/media-set.ts'
import type { MadeWaybill } from '../bundle/waybill.ts'
import type { Head } from '../ledger/merkle.ts'
import type { Pool } from '../platform/workers.ts'
import type { TrustedSigner } from '../trust/signers.ts'

/* What a verification is given. Values and small interfaces: `desk/acts` makes them from its state. */

/** A sender's ledger head as an earlier waybill showed it. */
export interface SeenHead {
  readonly waybill: Digest
  readonly head: Head
  /** Proofs that this waybill brought from still earlier heads; none when its file is gone. */
  proofs(): Promise<readonly HeadProof[]>
}

/** What a waybill brings to prove an earlier head of its sender. */
export interface HeadProof {
  readonly size: number
  readonly root: string
  readonly hashes: readonly string[]
}

/** What this desk remembers, from its ledger. */
export interface History {
  stream(sender: string, channel: string): StreamMemory
  heads(sender: string): readonly SeenHead[]
  /** What ended the chain of a sender's heads, where a raise of an epoch did. */
  ended(sender: string): string | null
  /** Whether this desk's own ledger has this root (base64) at this size. */
  contains(size: number, root: string): boolean
  /** Events in this desk's own ledger. */
  readonly ledgerSize: number
  /** Digests that two people named as the cause of a rejection. */
  readonly causes: ReadonlySet<Digest>
}

/** What a rule of a policy comes to, for a bundle as a whole. */
export interface BundleRule {
  readonly id: CheckId
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

/**
 * What a policy asks, and what comes of it: of the waybill alone, before any content is read; of each item, with the
 * evidence that speaks for it; of the whole, once every item is judged. The built-in rules (`policy/rules.ts`) are the
 * first set of them. Times, keys and history are given to a set when it is made: a rule asks no clock.
 */
export interface PolicyRules {
  /** The checks that such rules could ask for. */
  readonly ids: readonly CheckId[]
  /** Those that the ones in force do ask for. */
  readonly asked: readonly CheckId[]
  waybill(waybill: Waybill, signed: readonly SignedLine[]): readonly BundleRule[]
  item(item: Item, evidence: readonly Assessed[]): readonly ItemEvidence['rules'][number][]
  /** `came`: on which media; `null` for a bundle tar. `signal` ends what may take long. */
  bundle(
    waybill: Waybill,
    items: readonly ItemEvidence[],
    came: CameOn | null,
    signal?: AbortSignal,
  ): Promise<readonly BundleRule[]>
}

/** By whom and what the evidence of items is judged. */
export interface EvidenceGround {
  readonly trust: EvidenceTrust
  readonly rules: PolicyRules
}

/** Whose signatures count, by which rule, at which time. */
export interface Ground {
  readonly trust: readonly TrustedSigner[]
  readonly signers: SignerRule
  readonly evidence: EvidenceGround
  /** This desk's id. */
  readonly here: string
  readonly founding: boolean
  /** Keys that no longer count, by fingerprint: since when and why. */
  readonly revoked: ReadonlyMap<string, { readonly at: string; readonly reason: string }>
  readonly now: string
  readonly floor: string | null
  /** Hours by which a sender's clock may be ahead. */
  readonly tolerance: number
  readonly history: History
  /** The exceptions that two people have made for a waybill. */
  overrides(waybill: Digest): readonly Override[]
}

/** Where blobs go as they pass, and where they lie afterwards. */
export interface Keeper extends BlobReader {
  /** The file that takes a blob's bytes, or `null` when it is here already. */
  place(digest: Digest): Promise<string | null>
  /** The bytes in that file were right: they get their name. */
  keep(digest: Digest): Promise<void>
  /** The bytes in that file were wrong: they go. */
  discard(digest: Digest): Promise<void>
  /** The file in which the pieces of a content come together that lies on several media. */
  pieces(digest: Digest): Promise<string>
  /** Where a content lies that was kept before, whole or in pieces; it is still to be hashed. */
  before(digest: Digest): Promise<{ readonly path: string; readonly inPieces: boolean } | null>
  /** The pieces were right together: the content gets its name. */
  join(digest: Digest): Promise<void>
}

/** A bundle, or a medium of it, as it is given to a reading. */
export interface Given {
  readonly located: Located
  /** Serial of the drive that it is in now; `null` where that is not known. */
  readonly serial: string | null
}

/** A medium of a bundle on several as this reading found it. */
export interface HeldFound extends Held {
  /** Its place in what was given. */
  readonly given: number
  /** Whether everything on it was as it must be. */
  readonly whole: boolean
}

export interface Progress {
  readonly signal: AbortSignal
  step(name: string, total?: number): void
  advance(bytes: number): void
}

/** How a reading tells of the parts it found, each by its name. */
export interface PartProgress {
  readonly name: (names: readonly string[]) => void
  readonly change: (
    name: string,
    change: { readonly state?: 'working' | 'done'; readonly total?: number },
  ) => void
  readonly advance: (name: string, bytes: number) => void
}

export interface Tools extends Progress {
  readonly pool: Pool
  readonly items: PartProgress
}

/** How far a bundle on several media is here. */
export interface MediaSet {
  readonly of: number
  /** Numbers of those that are here, from before too. */
  readonly here: readonly number[]
  /** Those of this reading. */
  readonly found: readonly HeldFound[]
  /** Whether what came together from all of them was right; `null` while some are missing. */
  readonly joined: boolean | null
}

/** What a reading found out. */
export interface Reading {
  readonly scope: 'medium' | 'tar'
  /** Digest of the bytes found as `waybill.json`, or `null` when there were none. */
  readonly found: Digest | null
  /** Set once step 1 has passed. */
  readonly signed: boolean
  /** Set once the waybill is parsed. */
  readonly made: MadeWaybill | null
  readonly signatures: Buffer | null
  /** What was judged of each item; `null` when reading stopped before. */
  readonly evidence: readonly ItemEvidence[] | null
  /** Of a bundle on several media; `null` otherwise. */
  readonly set: MediaSet | null
  readonly verdict: Verdict
}

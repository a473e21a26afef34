import type { Credentials } from '../oci/credentials.ts'
import type { Digest } from '../../shared/digest.ts'
import type { EvidenceSummary } from '../../shared/evidence.ts'
import type { Looked } from '../../shared/look.ts'
import type { JobItem } from '../../shared/job.ts'
import type { RendererUse } from '../../shared/policy.ts'
import type { Failure } from '../platform/failure.ts'
import type { Warnings } from '../oci/warnings.ts'
import type { Gate, GateRules } from '../platform/network.ts'
import type { PinnedProgram } from '../platform/pinned-program.ts'
import type { Pool } from '../platform/workers.ts'
import type { OpenedForeign } from '../source/foreign/foreign-source.ts'
import type { Blobs } from '../store/blobs.ts'

/** The steps of a collect, in order; `fetch` counts bytes, `resolve` and `evidence` items. */
export const collectSteps = ['resolve', 'evidence', 'fetch', 'check'] as const
export type CollectStep = (typeof collectSteps)[number]

/** How a collect tells of its items, each by its reference. */
export interface CollectItems {
  readonly name: (references: readonly string[]) => void
  readonly change: (reference: string, change: Partial<Omit<JobItem, 'name'>>) => void
  readonly advance: (reference: string, bytes: number) => void
  /** Waits until somebody says how to go on with a failed item; `null`: a failure ends the collect. */
  readonly wayOn: ((reference: string, failure: Failure) => Promise<'again' | 'leave-out'>) | null
}

/** A file that was taken, and where it lies now. */
export interface TakenFile {
  readonly digest: Digest
  readonly size: number
  readonly place: string
}

/** How a collect looks into what others packed: by the trust of this desk. */
export interface ForeignTools {
  /**
   * What is in a file and what it proves: by this desk's trust.
   *
   * @param keys public keys or keyrings by which it is judged instead, and by nothing else
   */
  look(path: string, keys?: readonly Buffer[]): Promise<Looked>
  /**
   * A text with a signature of OpenPGP around it, by these keys: who signed it and what, or why it does not count, in words.
   */
  signedText(
    bytes: Buffer,
    keys: Buffer,
  ): Promise<{ readonly signer: string; readonly text: string } | { readonly found: string }>
  /**
   * What a document that speaks for something proves, by this desk's trust: an entry for each piece in it.
   *
   * @param about what it speaks for: a file that was taken, or bytes at hand
   */
  judge(
    document: { readonly bytes: Buffer; readonly type: string },
    about: Buffer | TakenFile,
  ): Promise<readonly EvidenceSummary[]>
  /** Goes through it, to take items out of it. @throws ArchiveProblem */
  open(path: string): Promise<OpenedForeign>
}

/** What a collect is given. */
export interface CollectTools {
  readonly gate: Gate
  /** The same rules, for the gates of the threads. */
  readonly rules: GateRules
  readonly credentials: Credentials
  /** Whom the gate asked; whom the threads asked is added. */
  readonly hosts: Set<string>
  /** What the registries warn of, on all threads. */
  readonly warnings: Warnings
  readonly blobs: Blobs
  readonly pool: Pool
  readonly signal: AbortSignal
  readonly items: CollectItems
  readonly foreign: ForeignTools
  /** The variables by which programs are found; a program is given those that it needs. */
  readonly environment: NodeJS.ProcessEnv
  /** The program that the policy names for this, as a copy that is there until the end; `null`: it names none. */
  readonly renderer: (use: RendererUse) => Promise<PinnedProgram | null>
  step(name: CollectStep, total?: number): void
  advance(count: number): void
  addTotal(count: number): void
}

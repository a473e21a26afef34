import type { Credentials } from '../oci/credentials.ts'
import type { Gate, GateRules } from '../platform/network.ts'
import type { Pool } from '../platform/workers.ts'
import type { Blobs } from '../store/blobs.ts'

/** The steps of a collect, in order; `fetch` counts bytes, `resolve` and `evidence` items. */
export const collectSteps = ['resolve', 'evidence', 'fetch', 'check'] as const
export type CollectStep = (typeof collectSteps)[number]

/** What a collect is given. */
export interface CollectTools {
  readonly gate: Gate
  /** The same rules, for the gates of the threads. */
  readonly rules: GateRules
  readonly credentials: Credentials
  readonly blobs: Blobs
  readonly pool: Pool
  readonly signal: AbortSignal
  step(name: CollectStep, total?: number): void
  advance(count: number): void
  addTotal(count: number): void
}

import type { Readable } from 'node:stream'
import type { Gate, GateRules, Spoken } from '../platform/network.ts'
import type { Credentials } from './credentials.ts'
import type { Pacing, Rest } from './pacing.ts'
import type { Warnings } from './warnings.ts'

/** What asking registries is done with. */
export interface RegistryAccess {
  readonly gate: Gate
  readonly rules: GateRules
  readonly credentials: Credentials
  readonly signal?: AbortSignal | undefined
  /** Until when the host is let alone, where others ask it too. */
  readonly rest?: Rest | undefined
  readonly pacing?: Pacing | undefined
  /** Is told what the registry warns of. */
  readonly warnings?: Warnings | undefined
}

/** One question to a registry. */
export interface Ask {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE'
  readonly repository: string
  /** Below `/v2/`, or an address that an answer named, with whose that was. */
  readonly path: string | { readonly place: URL; readonly from: Spoken }
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | (() => Readable)
  /** Who asks what, for failures: `host/repository:tag`. */
  readonly subject: string
  /** Statuses that the caller understands; all others become failures. */
  readonly expect: readonly number[]
  /** What changes with each time it is said is not said again: whoever asks goes on from the failure. */
  readonly once?: boolean
  /** Ends the question in the place of what ends all others. */
  readonly signal?: AbortSignal
  readonly push?: boolean
  /** A further repository that must be readable, to mount from it. */
  readonly alsoPull?: string
}

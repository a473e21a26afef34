import type { Opinion } from '../../../shared/evidence.ts'
import { shown } from '../refusal.ts'
import type { TrustedRoot } from '../trusted-root.ts'
import type { Ask, Proven } from '../verify-bundle.ts'

/** What the second verifier is asked about: something that our core has proven. */
export interface SecondAsk {
  /** The bundle as JSON, parsed but not read by our core; `null` where there is none to be had. */
  readonly json: unknown
  /** What was signed, where a bare signature was; `null`: only its digest is at hand. */
  readonly artifact: Buffer | null
  readonly roots: readonly TrustedRoot[]
  readonly proven: Proven
  readonly ask: Pick<Ask, 'logs' | 'times' | 'scts'>
}

/** That it gives no judgement, and why. */
export const cannot = (why: string): Opinion => ({ answer: 'cannot-judge', why: shown(why) })

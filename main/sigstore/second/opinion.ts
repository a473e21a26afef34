import type { Opinion } from '../../../shared/evidence.ts'
import { limits } from '../../platform/limits.ts'
import { shown } from '../refusal.ts'
import type { TrustedRoot } from '../trusted-root.ts'
import type { Ask, Proven } from '../verify-bundle.ts'
import { unfit } from './fit.ts'

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

/**
 * What `@sigstore/verify` says of something that our core has proven, by the same trusted roots and thresholds
 * (trust.md, "A second opinion"). It never throws, and only `contradicts` is a judgement: what the library cannot read,
 * or passes over, is `cannot-judge`.
 */
export async function secondOpinion(asked: SecondAsk): Promise<Opinion> {
  const why = unfit(asked)
  if (why !== null) return cannot(why)
  const { libraryOpinion } = await import('./library.ts')
  return libraryOpinion(asked)
}

/** A bundle for the second verifier, parsed by nothing of ours; `null` where it is too large to be held twice. */
export function bundleForSecond(bytes: Uint8Array): unknown {
  if (bytes.length > limits.secondOpinionBytes) return null
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown
  } catch {
    return null
  }
}

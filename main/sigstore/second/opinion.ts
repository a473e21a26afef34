import type { Opinion } from '../../../shared/evidence.ts'
import { limits } from '../../platform/limits.ts'
import { cannot, type SecondAsk } from './asked.ts'
import { unfit } from './fit.ts'

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

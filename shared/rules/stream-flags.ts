import type { Digest } from '../digest.ts'
import { voidsCount, type StreamMemory } from './stream-memory.ts'

/** What was learned of an accepted waybill since: it stays accepted, and people are told. */
export interface StreamFlags {
  /** Its sender has declared it void; that changes nothing in the order. */
  readonly withdrawn: boolean
  /** Other waybills with its number, or that say its number is void under another digest. */
  readonly contradicted: readonly Digest[]
}

/** The flags of an accepted waybill (trust.md, Order: the row of equivocation, and “Voids”). */
export function flagsOf(memory: Pick<StreamMemory, 'seen'>, digest: Digest): StreamFlags {
  const own = memory.seen.find((one) => one.digest === digest && one.decided === 'accepted')
  if (own === undefined) return { withdrawn: false, contradicted: [] }
  const stream = memory.seen.filter((one) => one.epoch === own.epoch)
  const others = stream.filter((one) => one.digest !== digest)
  const counting = others.filter((one) => one.voids.length > 0 && voidsCount(one, stream))
  const names = (one: (typeof others)[number], same: boolean): boolean =>
    one.voids.some((told) => told.sequence === own.sequence && (told.digest === digest) === same)
  const twins = others.filter(
    (one) => one.sequence === own.sequence && one.decided !== 'rejected' && one.trusted,
  )
  const contradicted = [...twins, ...counting.filter((one) => names(one, false))].map((one) => one.digest)
  return {
    withdrawn: counting.some((one) => names(one, true)),
    contradicted: [...new Set(contradicted)].sort(),
  }
}

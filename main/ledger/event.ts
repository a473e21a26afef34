import { z } from 'zod'
import { zDigest, zHex64, zName, zKeptText, zTime } from '../../shared/schema.ts'

/**
 * Who did it: a person proven by a signature, or the station, with the system account as claimed. While a desk is
 * founding, changes need no key: then the station is the actor.
 */
export const zActor = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('person'), id: zName, fingerprint: zHex64 }),
  z.strictObject({ kind: z.literal('station'), fingerprint: zHex64, account: zKeptText }),
])
export type Actor = z.infer<typeof zActor>

/** One line of `ledger.jsonl` (trust.md, "Ledger"). */
export const zEvent = z.strictObject({
  format: z.literal('sallyport.event/v1'),
  /** From 1, without gaps. */
  sequence: z.number().int().min(1),
  /** SHA-256 of the line before, hex; `null` on the first. */
  previous: zHex64.nullable(),
  type: z.string().regex(/^[a-z]+\.[a-z-]+$/),
  /** The wall clock as this computer claims it, where it came from and how sure it is. */
  time: z.strictObject({
    at: zTime,
    source: z.literal('system-clock'),
    certainty: z.literal('not-confirmed'),
  }),
  actors: z.array(zActor).max(16),
  subjects: z.array(zDigest).max(1000),
  outcome: z.string().max(100).nullable(),
  /** The acts' own statements: canonical Sigstore bundles. */
  statements: z.array(z.string()).max(16),
  /** The version of the rules that it was made under; 1 where it names none. */
  rules: z.number().int().min(1).max(1000).optional(),
  /** What the type defines; see main/desk/state/facts.ts. */
  facts: z.record(z.string(), z.unknown()),
})
export type LedgerEvent = z.infer<typeof zEvent>

/** An event before the ledger gives it its place. */
export interface NewEvent {
  readonly type: string
  readonly at: string
  readonly actors: readonly Actor[]
  readonly subjects?: readonly string[]
  readonly outcome?: string | null
  readonly statements?: readonly string[]
  readonly facts?: Readonly<Record<string, unknown>>
  readonly rules: number
}

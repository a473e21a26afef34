import { z } from 'zod'
import { outLevels, zDriveName } from './drives.ts'
import { zDigest, zUuid } from './schema.ts'

export const checkResults = ['pass', 'fail', 'warn', 'not-checked', 'overridden'] as const
export type CheckResult = (typeof checkResults)[number]

/** One check of a verdict. `expected` and `found` are verbatim; `means` and `next` are for an officer. */
export const zCheck = z.strictObject({
  id: z.string(),
  subject: z.string(),
  expected: z.string(),
  found: z.string(),
  result: z.enum(checkResults),
  /** A closed word for why, `as-expected` on a pass. */
  reason: z.string(),
  /** A failed row of the order that holds the bundle instead of refusing it: it can be looked into and released. */
  holds: z.boolean().default(false),
  /** The name of the person whom it is about, where it is about one. */
  person: z.string().nullable().default(null),
  means: z.string(),
  next: z.string(),
})
export type Check = z.infer<typeof zCheck>

export const zNotAsked = z.strictObject({ id: z.string(), reason: z.string() })
export type NotAsked = z.infer<typeof zNotAsked>

export const outcomes = ['passed', 'failed', 'refused', 'not-checked'] as const
export type Outcome = (typeof outcomes)[number]

export const zCounts = z.strictObject({
  pass: z.number(),
  fail: z.number(),
  warn: z.number(),
  notChecked: z.number(),
  /** Failed or not checked, and overridden by two people: blocks nothing, and is never a pass. */
  overridden: z.number().default(0),
})
export type Counts = z.infer<typeof zCounts>

export const zVerdict = z.strictObject({
  outcome: z.enum(outcomes),
  counts: zCounts,
  notAsked: z.array(zNotAsked),
  checks: z.array(zCheck),
})
export type Verdict = z.infer<typeof zVerdict>

/** Checks whose failing means "refused or held by rule", not "the bytes are wrong" (exit code 4, not 3). */
export function isRule(id: string): boolean {
  return id.startsWith('policy.') || id.startsWith('order.')
}

/** The outcome that a list of checks amounts to. An empty list proves nothing. */
export function outcomeOf(checks: readonly Check[]): Outcome {
  const failed = checks.filter((check) => check.result === 'fail')
  if (failed.some((check) => !isRule(check.id))) return 'failed'
  if (failed.length > 0) return 'refused'
  if (checks.length === 0 || checks.some((check) => check.result === 'not-checked')) return 'not-checked'
  return 'passed'
}

export function countsOf(checks: readonly Check[]): Counts {
  const count = (result: CheckResult): number => checks.filter((check) => check.result === result).length
  return {
    pass: count('pass'),
    fail: count('fail'),
    warn: count('warn'),
    notChecked: count('not-checked'),
    overridden: count('overridden'),
  }
}

/** The exit code of the command line for an outcome (architecture.md, "Three different things"). */
export const exitCodes: Readonly<Record<Outcome, number>> = {
  passed: 0,
  failed: 3,
  refused: 4,
  'not-checked': 5,
}

/** What reading a medium came to. `id` is there where it became, or is, a consignment. */
export const zVerified = z.strictObject({
  id: zUuid.optional(),
  /** The drive that it was read from, and how this computer calls it; not there where that is not known. */
  drive: zDriveName.extend({ device: z.string() }).optional(),
  /** Of a read-back: how far this session saw that the medium had been out. */
  out: z.enum(outLevels).optional(),
  scope: z.enum(['medium', 'tar']),
  /** How many media of the bundle are here, of how many; not there where nothing of a medium was read. */
  media: z.strictObject({ here: z.number(), of: z.number(), missing: z.array(z.number()) }).optional(),
  waybill: zDigest.nullable(),
  outcome: z.enum(outcomes),
  counts: zCounts,
  notAsked: z.array(zNotAsked),
  checks: z.array(zCheck),
})
export type Verified = z.infer<typeof zVerified>

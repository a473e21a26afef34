import { z } from 'zod'
import { zEvidenceSummary } from './evidence.ts'
import { zDigest } from './schema.ts'
import { outcomes, zCheck, zCounts, zNotAsked } from './verdict.ts'

/** What lies in something that others packed, under a name or digest of its own. Texts are its own words. */
export const zLookedItem = z.strictObject({
  kind: z.enum(['image', 'chart', 'file', 'folder', 'package', 'bundle', 'artifact']),
  name: z.string().nullable(),
  version: z.string().nullable(),
  references: z.array(z.string()),
  /** Of the OCI manifest or index; of formats that have none, of the config or of the file itself. */
  digest: zDigest,
  mediaType: z.string(),
  platforms: z.array(z.string()),
  /** Bytes of all that belongs to it and is there. */
  size: z.number(),
  evidence: z.array(zEvidenceSummary),
})
export type LookedItem = z.infer<typeof zLookedItem>

/** What is in a thing, and what it proves. */
export const zLooked = z.strictObject({
  name: z.string(),
  /** `null`: it cannot be read as one whole thing. */
  format: z.string().nullable(),
  container: z.enum(['folder', 'tar', 'tar.gz', 'tar.zst', 'file', 'registry']).nullable(),
  size: z.number(),
  /** Names of the files that it lies in, where there are several. */
  parts: z.array(z.string()),
  /** SHA-256 of the whole; `null` for a folder. */
  digest: zDigest.nullable(),
  outcome: z.enum(outcomes),
  counts: zCounts,
  items: z.array(zLookedItem),
  files: z.array(z.strictObject({ path: z.string(), size: z.number(), sha256: zDigest })),
  /** Files that are there and not listed: too many. */
  filesLeftOut: z.number(),
  /** Images that something in it names. */
  named: z.array(z.strictObject({ reference: z.string(), where: z.array(z.string()), carried: z.boolean() })),
  checks: z.array(zCheck),
  notAsked: z.array(zNotAsked),
})
export type Looked = z.infer<typeof zLooked>

/** What was found in something that travels bit for bit, as signers, record and report tell it; lists are cut. */
export const zLookedInto = z.strictObject({
  reference: z.string(),
  format: z.string(),
  outcome: z.enum(outcomes),
  digest: zDigest.nullable(),
  /** How many there are, by kind. */
  holds: z.array(z.strictObject({ kind: zLookedItem.shape.kind, count: z.number() })),
  items: z.array(
    z.strictObject({ kind: zLookedItem.shape.kind, name: z.string().nullable(), digest: zDigest }),
  ),
  files: z.number(),
  /** Images that something in it names and that it does not carry. */
  missing: z.array(z.string()),
  missingCount: z.number(),
  /** Who signed it, or something in it, as far as that is proven. */
  signed: z.array(z.string()),
  /** Checks that did not pass: id, result, subject. */
  open: z.array(
    z.strictObject({ id: z.string(), result: z.string(), subject: z.string(), found: z.string() }),
  ),
})
export type LookedInto = z.infer<typeof zLookedInto>

/** Entries of each list that are told. */
export const mostTold = 100

/** What is told of a look. */
export function toldOf(reference: string, looked: Looked): LookedInto {
  const { items, checks, named } = looked
  const kinds = [...new Set(items.map(({ kind }) => kind))]
  const missing = named.filter((one) => !one.carried).map((one) => one.reference)
  const signatures = checks.filter(({ id, result }) => id.endsWith('.signature') && result === 'pass')
  return {
    reference,
    format: looked.format ?? 'unreadable',
    outcome: looked.outcome,
    digest: looked.digest,
    holds: kinds.map((kind) => ({ kind, count: items.filter((item) => item.kind === kind).length })),
    items: items.slice(0, mostTold).map(({ kind, name, digest }) => ({ kind, name, digest })),
    files: looked.files.length + looked.filesLeftOut,
    missing: missing.slice(0, mostTold),
    missingCount: missing.length,
    signed: [...new Set(signatures.map(({ found }) => found))].slice(0, mostTold),
    open: checks
      .filter(({ result }) => result !== 'pass')
      .slice(0, mostTold)
      .map(({ id, result, subject, found }) => ({ id, result, subject, found })),
  }
}

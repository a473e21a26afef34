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

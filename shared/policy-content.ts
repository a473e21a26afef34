import { z } from 'zod'
import { mediumKinds } from './rules/media.ts'
import { zExact, zPattern } from './policy-items.ts'
import { zDigest, zName, zText } from './schema.ts'

/* What a policy says of content as such, of channels, and of what it lets pass for a time. */

const zDay = z.iso.date()
const zReason = zText
const why = { reason: zReason, since: zDay }

/** What no item may hold: by digest, by package and versions, by licence. */
export const zForbidden = z.union(
  [
    z.strictObject({ digest: zDigest, ...why }),
    z.strictObject({
      /** `pkg:npm/lodash`, without a version. */
      purl: zExact,
      /** `>=1.0.0 <1.2.3 || =2.0.0`; every version unless given. */
      versions: z.string().min(1).max(1024).optional(),
      ...why,
    }),
    z.strictObject({
      /** One licence of SPDX, perhaps `WITH` an exception. */
      licence: zExact,
      ...why,
    }),
  ],
  'digest; or purl and perhaps versions; or licence; each with reason and since',
)
export type Forbidden = z.infer<typeof zForbidden>

/** A digest that is withdrawn: nothing that holds it comes in. */
export const zTombstone = z.strictObject({ digest: zDigest, ...why })

const zFloor = z.strictObject({ name: zPattern, version: z.string().min(1).max(128) })

/** What is asked of the media of one channel. A kind is what this desk’s register says it is. */
const zRoute = z.strictObject({
  kinds: z.array(z.enum(mediumKinds)).min(1).max(mediumKinds.length).optional(),
  /** Media that one bundle may be laid on. */
  atMost: z.number().int().min(1).max(999).optional(),
  /** Whether the medium must be in the register. */
  registered: z.boolean().optional(),
  /** Whether its arrival must be on record, with a seal that fits. */
  sealed: z.boolean().optional(),
})

/** What is asked of the bundles of one channel, beside what is asked of all. */
export const zChannel = z.strictObject({
  name: zName,
  /** Days from making to expiry, at most. */
  lifetime: z.number().int().min(1).max(3650).optional(),
  /** The least number of people who must have signed in each role. */
  signers: z
    .strictObject({
      prepare: z.number().int().min(1).max(4).optional(),
      release: z.number().int().min(1).max(4).optional(),
      witness: z.number().int().min(1).max(4).optional(),
    })
    .optional(),
  /** People who must sign that a bundle is accepted; two unless more are asked for. */
  approvals: z.strictObject({ accept: z.number().int().min(2).max(4) }).optional(),
  /** Items below these versions are refused. */
  floors: z.array(zFloor).max(1000).default([]),
  media: zRoute.optional(),
  /** What it means that a rule for an item or a medium could not be checked: people may except it, or the bundle is refused. */
  notChecked: z.enum(['holds', 'refuses']).default('holds'),
})
export type Channel = z.infer<typeof zChannel>

/** Rules of a house beside those of the policy: a compiled rule set of Rego, which can only object. */
export const zRuleSet = z.strictObject({
  name: zName,
  /** Of the file that `opa build -t wasm` makes. */
  digest: zDigest,
  /** The rule whose set is the objections, as it was built: `house/deny`. */
  entrypoint: z
    .string()
    .max(200)
    .regex(/^[A-Za-z_][A-Za-z0-9_]*(?:\/[A-Za-z_][A-Za-z0-9_]*)+$/),
})
export type RuleSet = z.infer<typeof zRuleSet>

/** An exception that is written ahead: what it is about is shown as overridden, never as passed. */
export const zException = z.strictObject({
  check: z.string().regex(/^policy\.[a-z-]{1,60}$/),
  /** The item, or whatever the check is about; all of them unless given. */
  subject: z.string().min(1).max(300).optional(),
  reason: zReason,
  /** Two people of this desk, by their ids, who may decide together. */
  approvers: z.array(zName).length(2),
  /** The first day and the last one. */
  since: zDay,
  until: zDay,
})
export type Exception = z.infer<typeof zException>

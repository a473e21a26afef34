import { z } from 'zod'
import { zPolicy } from '../policy.ts'
import { zDigest } from '../schema.ts'
import { zCheck, zVerified } from '../verdict.ts'
import { call, long, zConsignmentId, zPlace } from './call.ts'
import { zOfficer, zPending } from './officer.ts'

const zPolicyPreview = z.strictObject({
  version: z.number(),
  digest: zDigest,
  source: z.string(),
  document: zPolicy,
})

/** Files of rule sets that the policy names and this desk does not keep yet. */
const zRuleSets = z.array(zPlace).max(8).default([])
/** Where a policy comes from: a file, or a text that somebody writes. The parser bounds its bytes. */
const zFile = z.strictObject({ place: zPlace })
const zText = z.strictObject({ source: z.string().max(1024 * 1024) })

const zOn = z.strictObject({ kind: z.enum(['bundle', 'waybill']), place: zPlace }).optional()

const zNamed = z.strictObject({ rule: z.string(), says: z.string() })

/** A policy, explained: what it says, what it would change, what of it comes to nothing, and what a bundle is by it. */
const zPolicyChecked = z.strictObject({
  version: z.number(),
  digest: zDigest,
  /** The version in force here. */
  current: z.number(),
  rules: z.array(zNamed),
  differences: z.array(
    z.strictObject({ rule: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
  ),
  /** The bundles, of the last ten here, that could be read; and the rules that are about nothing in any of them. */
  bundles: z.number(),
  unmatched: z.array(z.string()),
  /** Exceptions that count for nothing here: their approvers are no two people who may decide together. */
  idle: z.array(z.string()),
  /** High: channels of which nothing could be accepted here: they ask for more people than may decide. */
  unmet: z.array(z.string()),
  /** What a bundle comes to by it. Nothing was decided, and nothing kept. */
  trial: zVerified.nullable(),
})

/** Why a rule came out as it did. */
const zExplained = zCheck.extend({
  title: z.string(),
  /** Digests of the evidence that it stands on. */
  evidence: z.array(z.string()),
})

export const setStates = ['kept', 'missing', 'other-file'] as const

/** A rule set that a policy names, and whether its very file is kept here. */
const zKeptSet = z.strictObject({ name: z.string(), digest: zDigest, state: z.enum(setStates) })
export type KeptSet = z.infer<typeof zKeptSet>

export const policyCalls = {
  /** What a policy says, before it is put in force. */
  'policy.preview': call(z.union([zFile, zText]), zPolicyPreview),
  'policy.set': call(
    z.union([zFile.extend({ rego: zRuleSets, ...zOfficer }), zText.extend({ rego: zRuleSets, ...zOfficer })]),
    z.strictObject({ version: z.number(), digest: zDigest, ...zPending }),
  ),
  /** The same, and tried on a bundle or on a waybill alone, without deciding or keeping anything. */
  'policy.check': long(
    z.union([zFile.extend({ rego: zRuleSets, on: zOn }), zText.extend({ rego: zRuleSets, on: zOn })]),
    zPolicyChecked,
  ),
  /** The rule sets of the policy in force, and of those that officers are asked for. */
  'policy.sets': call(z.strictObject({}), z.strictObject({ sets: z.array(zKeptSet) })),
  /** Keeps the file of a rule set again that the policy in force names, or one that officers are asked for. */
  'policy.keep': call(
    z.strictObject({ place: zPlace }),
    z.strictObject({ digest: zDigest, names: z.array(z.string()) }),
  ),
  /** Why each rule of the policy came out as it did for a consignment, by which evidence. */
  'policy.explain': call(
    zConsignmentId,
    z.strictObject({
      policy: zDigest,
      /** Whether the policy in force is still the one that it was judged by. */
      current: z.boolean(),
      rules: z.array(zExplained),
    }),
  ),
  /** The form of a policy, or of what a rule set is asked about, as JSON Schema. */
  'policy.schema': call(
    z.strictObject({ of: z.enum(['policy', 'rego-input']).default('policy') }),
    z.strictObject({ schema: z.string() }),
  ),
} as const

import { z } from 'zod'
import { zName } from './schema.ts'
import { itemKinds } from './waybill.ts'

/* What a policy asks of items: of each, by what speaks for it. */

export const zExact = z.string().min(1).max(1024)
/** Text in which `*` stands for anything within a part between slashes and `**` for anything at all. */
export const zPattern = z.string().min(1).max(1024)
const zNames = z.array(zName).min(1).max(32)
const zDays = z.number().int().min(1).max(3650)

/** How bad a finding of a scan is, from harmless to worst (CVSS 3.1, 5). */
export const severities = ['none', 'low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

// What a bill of materials can be asked to say: of each component, and of itself.
const ofComponent = ['version', 'purl', 'licence', 'supplier', 'hash'] as const
const ofDocument = ['created', 'author', 'relations'] as const
export type ComponentField = (typeof ofComponent)[number]
export type DocumentField = (typeof ofDocument)[number]

const zMaterial = z.strictObject({
  uri: zPattern,
  /** `sha256:…`, `gitCommit:…`: this and no other. */
  digest: z
    .string()
    .regex(/^[A-Za-z0-9]{1,32}:[0-9a-f]{32,128}$/)
    .optional(),
})

/** A pair of builder and signer that counts: a builder’s name in a statement that anybody signed proves nothing. */
const zBuild = z.strictObject({
  builder: zExact,
  signedBy: zName,
  source: zPattern.optional(),
  ref: zPattern.optional(),
  buildType: zExact.optional(),
  /** Days since then, at most, by the times that are proven and by what it says itself. */
  maxAge: zDays.optional(),
  /** What was asked of the builder from outside, by name: texts are patterns, in objects each named member must fit. */
  parameters: z.record(z.string().min(1).max(256), z.json()).optional(),
  /** Whether what is not named among the parameters is refused. */
  otherParameters: z.enum(['allowed', 'refused']).default('allowed'),
  /** What must be among the materials. */
  materials: z.array(zMaterial).min(1).max(64).optional(),
  /** Whether every material that it states must have a digest. */
  pinnedMaterials: z.boolean().default(false),
})
export type BuildRule = z.infer<typeof zBuild>

const zSignedBy = z.strictObject({
  identities: zNames,
  /** How many of them must have signed. */
  least: z.number().int().min(1).max(8).default(1),
  /** Whether a known transparency log must hold the signature, and a known authority state its time. */
  log: z.boolean().default(false),
  time: z.boolean().default(false),
  maxAge: zDays.optional(),
})

const zSbom = z.strictObject({
  format: z.enum(['spdx', 'cyclonedx', 'syft', 'any']).default('any'),
  signedBy: zNames,
  /** Whether the document itself must name the item’s digest. */
  describes: z.boolean().default(false),
  maxAge: zDays.optional(),
  /** What it must say of every component, and of itself. */
  fields: z
    .array(z.enum([...ofComponent, ...ofDocument]))
    .max(8)
    .default([]),
  /** How many components may have no version. */
  unversioned: z.number().int().min(0).max(1_000_000).optional(),
})

/** A scan by a named scanner’s signer, and what it may have found. */
const zScan = z.strictObject({
  signedBy: zNames,
  /** The worst finding that is let pass. */
  highest: z.enum(severities),
  /** Days since the scan, and since the scanner’s knowledge was brought up to date. */
  maxAge: zDays.optional(),
  databaseMaxAge: zDays.optional(),
  /** Whose signed statements (OpenVEX, CSAF) may say that a finding is none here. */
  vex: zNames.optional(),
})

/** A verification summary of SLSA by a named verifier, whose signer is named with it. */
const zSummary = z.strictObject({
  verifier: zExact,
  signedBy: zName,
  resource: zPattern,
  levels: z
    .array(z.string().regex(/^[A-Z][A-Z0-9_]{0,99}$/))
    .min(1)
    .max(16),
  maxAge: zDays.optional(),
})

/** What is asked of the items whose kind and name fit. Where several rules fit, all apply. */
export const zItemRule = z.strictObject({
  kind: z.enum([...itemKinds, 'any']),
  name: zPattern,
  signedBy: zSignedBy.optional(),
  /** Any one of these builds. */
  provenance: z.array(zBuild).min(1).max(32).optional(),
  sbom: zSbom.optional(),
  /** By whose bill of materials it must be shown that nothing in the item is forbidden. */
  free: z.strictObject({ signedBy: zNames }).optional(),
  scan: zScan.optional(),
  /** Any one of these summaries. */
  summary: z.array(zSummary).min(1).max(16).optional(),
  /** `requested`: the request itself must name the digest. `resolved`: a tag is pinned when it is collected, and said. */
  pinned: z.enum(['requested', 'resolved']).optional(),
  /** Says outright that nothing is asked. */
  nothing: z.literal(true).optional(),
})
export type ItemRule = z.infer<typeof zItemRule>
export type SignatureRule = NonNullable<ItemRule['signedBy']>
export type SbomRule = NonNullable<ItemRule['sbom']>
export type ScanRule = NonNullable<ItemRule['scan']>
export type SummaryRule = NonNullable<ItemRule['summary']>[number]

/** What a rule can ask for, beside saying whom it is about. */
export const asks = ['signedBy', 'provenance', 'sbom', 'free', 'scan', 'summary', 'pinned'] as const

/** The identities that a rule names, each with where it stands. */
export function namesOf(rule: ItemRule): { readonly name: string; readonly path: (string | number)[] }[] {
  const list = (names: readonly string[] | undefined, ...path: (string | number)[]) =>
    (names ?? []).map((name, i) => ({ name, path: [...path, i] }))
  const one = (name: string, ...path: (string | number)[]) => ({ name, path })
  return [
    ...list(rule.signedBy?.identities, 'signedBy', 'identities'),
    ...(rule.provenance ?? []).map(({ signedBy }, i) => one(signedBy, 'provenance', i, 'signedBy')),
    ...list(rule.sbom?.signedBy, 'sbom', 'signedBy'),
    ...list(rule.free?.signedBy, 'free', 'signedBy'),
    ...list(rule.scan?.signedBy, 'scan', 'signedBy'),
    ...list(rule.scan?.vex, 'scan', 'vex'),
    ...(rule.summary ?? []).map(({ signedBy }, i) => one(signedBy, 'summary', i, 'signedBy')),
  ]
}

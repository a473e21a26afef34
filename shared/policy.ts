import { z } from 'zod'
import { pinNames, type PinName } from './evidence.ts'
import { zMediaPolicy } from './media-policy.ts'
import { zChannel, zException, zForbidden, zRuleSet, zTombstone } from './policy-content.ts'
import { asks, namesOf, zExact, zItemRule, type ItemRule } from './policy-items.ts'
import { zDigest, zHex64, zName } from './schema.ts'

const zHost = z.string().regex(/^[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$|^\[[0-9a-f:]+\](:[0-9]{1,5})?$/)
/** A host that a high desk may push to, and the only ones its gate opens for. */
export const zExportRegistry = z.strictObject({
  host: zHost,
  /** Where that registry sends clients for a token, if that is another host. */
  tokenHost: zHost.optional(),
  /** `plain-http` is honoured for loopback only. */
  allow: z.array(z.literal('plain-http')).max(1).optional(),
})

/** How many people must sign a waybill in each role. */
export const zSignerRule = z.strictObject({
  prepare: z.number().int().min(1).max(4),
  release: z.number().int().min(1).max(4),
  witness: z.number().int().min(0).max(4),
})
export type SignerRule = z.infer<typeof zSignerRule>

/**
 * Somebody whose signatures of content count. `key`: a public key in PEM, with the fingerprint that was compared on
 * paper. Else whom an issuer vouched for; name and issuer are compared whole, and so is every pinned detail.
 */
export const zIdentity = z.union(
  [
    z.strictObject({ name: zName, key: z.string().min(1).max(8192), fingerprint: zHex64 }),
    z.strictObject({
      name: zName,
      /** None: only certificates that name no issuer count, as a company's own authority makes them. */
      issuer: zExact.optional(),
      identity: zExact,
      pins: z.partialRecord(z.enum(Object.keys(pinNames) as [PinName, ...PinName[]]), zExact).default({}),
      /** Digest of the one trusted root under which it counts, typed from paper. */
      root: zDigest.optional(),
      /** Logs that must hold the signature, sources of time, logs of certificates; by operators, each 1 unless said. */
      logs: z.number().int().min(0).max(8).default(1),
      times: z.number().int().min(1).max(8).default(1),
      scts: z.number().int().min(0).max(8).default(1),
      /** Where the authority has no source of time, the clock of the desk that judges may stand for it; under a root alone. */
      time: z.literal('desk-clock').optional(),
    }),
  ],
  'name, key and fingerprint; or name, issuer and identity; or name, identity and root',
)
export type PolicyIdentity = z.infer<typeof zIdentity>

/** What a program of others is run for, where the policy names it. */
const rendererUses = ['helm', 'kustomize'] as const
export type RendererUse = (typeof rendererUses)[number]
export const programUses = [...rendererUses, 'par2'] as const

/** Who seals what lands, and for how long a list of what is admitted holds. */
const zLandingPolicy = z.strictObject({
  /** `station`: the landing key of the desk; `deciders`: everybody who accepted it, each with their own key. */
  signers: z.enum(['station', 'deciders']).default('station'),
  /** Days until the signed list of what a site admits expires. */
  listDays: z.number().int().min(1).max(365).default(30),
})

/** Digests of the files that count as such a program: one for each version or computer. */
const zProgramDigests = z.array(zDigest).min(1).max(16)

/** The two ways to say what the document is: as requests do, or as our JSON files do (YAML reads JSON too). */
const asNamed = (document: unknown): unknown => {
  if (typeof document !== 'object' || document === null || 'sallyport' in document) return document
  const { format, ...rest } = document as Record<string, unknown>
  return format === 'sallyport.policy/v1' ? { sallyport: 'policy/v1', ...rest } : document
}

interface Named {
  readonly identities: readonly PolicyIdentity[]
  readonly items: readonly ItemRule[]
}

// Whoever misspells a name must hear of it, not lose a rule.
function checkNames({ identities, items }: Named, check: z.RefinementCtx): void {
  const problem = (path: (string | number)[], message: string): void =>
    check.addIssue({ code: 'custom', path, message })
  const known = new Set<string>()
  identities.forEach(({ name }, i) => {
    if (known.has(name)) problem(['identities', i, 'name'], 'a name that only one identity has')
    known.add(name)
  })
  identities.forEach((identity, i) => {
    if ('key' in identity || identity.root !== undefined) return
    const { issuer, logs, scts, time } = identity
    if (issuer === undefined || logs < 1 || scts < 1 || time !== undefined) {
      problem(['identities', i], 'root: sha256:…, the one trusted root under which less is asked')
    }
  })
  const need = (name: string, path: (string | number)[]): void => {
    if (!known.has(name)) problem(path, 'the name of an identity of this policy')
  }
  items.forEach((rule, i) => {
    const isAsking = asks.some((one) => rule[one] !== undefined)
    if (isAsking === (rule.nothing === true))
      problem(['items', i], 'either something that is asked, or nothing: true')
    for (const { name, path } of namesOf(rule)) need(name, ['items', i, ...path])
    const { signedBy } = rule
    if (signedBy !== undefined && new Set(signedBy.identities).size < signedBy.least) {
      problem(['items', i, 'signedBy', 'least'], 'no more than there are identities')
    }
  })
}

/** The document in its one form. */
export const zPolicyDocument = z
  .strictObject({
    sallyport: z.literal('policy/v1'),
    version: z.number().int().min(1).max(1_000_000_000),
    signers: zSignerRule.default({ prepare: 1, release: 1, witness: 0 }),
    /** Days from the making of a waybill to its expiry, at most. */
    lifetime: z.number().int().min(1).max(3650).default(90),
    /** Hours that a sender's clock may be before this desk's: a waybill made later than that fails. */
    clockTolerance: z.number().int().min(0).max(720).default(48),
    exportRegistries: z.array(zExportRegistry).max(100).default([]),
    /** Programs of others that this desk may run, each by the digest of its file; none is run that is not named. */
    programs: z.partialRecord(z.enum(programUses), zProgramDigests).default({}),
    identities: z.array(zIdentity).max(256).default([]),
    items: z.array(zItemRule).max(1000).default([]),
    media: zMediaPolicy.prefault({}),
    landing: zLandingPolicy.prefault({}),
    /** Which algorithms may have signed what this policy relies on. */
    algorithms: z.enum(['default', 'fips-approved']).default('default'),
    forbidden: z.array(zForbidden).max(10_000).default([]),
    tombstones: z.array(zTombstone).max(10_000).default([]),
    channels: z.array(zChannel).max(256).default([]),
    exceptions: z.array(zException).max(256).default([]),
    rego: z.array(zRuleSet).max(8).default([]),
  })
  .superRefine(checkNames)
/** A policy document. What it does not name keeps the built-in value. */
export const zPolicy = z.preprocess(asNamed, zPolicyDocument)
export type Policy = z.infer<typeof zPolicy>

/** The policy that every desk starts with. Its digest is over exactly these bytes. */
export const builtInPolicy = `sallyport: policy/v1
version: 1
# Who signs a waybill. prepare: a transfer agent; release: a release authority who is not the requester.
signers:
  prepare: 1
  release: 1
  witness: 0
# Days until a waybill expires, at most.
lifetime: 90
# Registries that a high desk may push to. None: a high desk opens no connection at all.
exportRegistries: []
# Whose signatures of content count, and what is asked of which items. None: evidence is carried and shown, but not asked for.
identities: []
items: []
`

import { z } from 'zod'

/** A host that a high desk may push to, and the only ones its gate opens for. */
export const zExportRegistry = z.strictObject({
  host: z.string().regex(/^[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$|^\[[0-9a-f:]+\](:[0-9]{1,5})?$/),
  /** Where that registry sends clients for a token, if that is another host. */
  tokenHost: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$/)
    .optional(),
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

/** The two ways to say what the document is: as requests do, or as our JSON files do (YAML reads JSON too). */
const asNamed = (document: unknown): unknown => {
  if (typeof document !== 'object' || document === null || 'sallyport' in document) return document
  const { format, ...rest } = document as Record<string, unknown>
  return format === 'sallyport.policy/v1' ? { sallyport: 'policy/v1', ...rest } : document
}

const zDocument = z.strictObject({
  sallyport: z.literal('policy/v1'),
  version: z.number().int().min(1).max(1_000_000_000),
  signers: zSignerRule.default({ prepare: 1, release: 1, witness: 0 }),
  /** Days from the making of a waybill to its expiry, at most. */
  lifetime: z.number().int().min(1).max(3650).default(90),
  exportRegistries: z.array(zExportRegistry).max(100).default([]),
})
/** A policy document. What it does not name keeps the built-in value. */
export const zPolicy = z.preprocess(asNamed, zDocument)
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
`

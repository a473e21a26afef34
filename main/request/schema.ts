import { z } from 'zod'
import {
  zAnyReference,
  zDigest,
  zFileReference,
  zHex64,
  zName,
  zReference,
  zText,
  zTime,
} from '../../shared/schema.ts'
import { isFileReference, isWeb, transport } from '../../shared/names.ts'
import { mostEvidence } from '../../shared/waybill.ts'
import { limits } from '../platform/limits.ts'
import { parsePlatform } from '../oci/platform.ts'

const zPlatform = z
  .string()
  .refine((text) => parsePlatform(text) !== null, 'os[(version)]/architecture[/variant]')
const zPlatforms = z
  .array(zPlatform)
  .min(1, 'at least one platform, or no such field for all')
  .max(100, 'at most 100 platforms')
const zAllow = z.array(z.literal('plain-http')).max(1)

/** How much evidence is carried: what proves goes before what describes. */
const zEvidence = z.strictObject({ most: z.number().int().min(1).max(mostEvidence) })

const zWeb = z
  .string()
  .refine(isWeb, 'https://host/path, without a log-in, a query or a fragment (at most 300 characters)')
const webOrFile = (value: string): boolean => isWeb(value) || isFileReference(value)
const zWebOrFile = z.string().refine(webOrFile, 'https://host/path, or a path in the folder of the request')
/** A SHA-256, also as 64 hex digits alone, as `sha256sum` prints it. */
const zSum = z
  .string()
  .transform((text) => (/^[0-9a-f]{64}$/.test(text) ? `sha256:${text}` : text))
  .pipe(zDigest)
const zCommit = z
  .string()
  .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'the whole digest of a commit: 40 or 64 lower-case hex digits')
const zTag = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}$/, 'a tag of letters, digits and . _ + -')

/** What an item can be asked for as, and what else may be said of each; exactly one of them stands in each. */
const fieldsBeside = {
  image: ['platforms', 'allow', 'signatures', 'evidence'],
  artifact: ['platforms', 'allow', 'signatures', 'evidence'],
  chart: ['name', 'version', 'sha256', 'images', 'values', 'allow', 'signatures', 'evidence'],
  manifests: ['images'],
  file: ['evidence'],
  url: ['sha256', 'signature', 'key', 'allow', 'evidence'],
  git: ['commit', 'tag', 'key', 'allow'],
  folder: ['key'],
  model: ['platforms', 'allow', 'signatures', 'signature', 'evidence'],
  archive: ['as', 'evidence'],
  package: ['platforms', 'allow', 'signatures', 'evidence'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** What an item can be asked for as. */
export type AskedAs = keyof typeof fieldsBeside
export const asked = Object.keys(fieldsBeside) as AskedAs[]
const exactlyOne = `exactly one of ${asked.slice(0, -1).join(', ')} and ${asked.at(-1) ?? ''}`
/** Fields that only content with manifests has. */
const ofContent: readonly string[] = ['platforms', 'allow', 'signatures']

/** Whether a model lies in the request's folder: no path there has a colon, and every other reference has one. */
export const isModelFolder = (reference: string): boolean => !reference.includes(':')

/** Whether a package lies in the request's folder; otherwise it is in a registry. */
export const isFile = (reference: string | undefined): boolean =>
  reference !== undefined && !transport.test(reference)

/** An item as it is written. */
const zWrittenItem = z
  .strictObject({
    image: zReference.optional(),
    artifact: zReference.optional(),
    chart: zAnyReference.optional(),
    manifests: zFileReference.optional(),
    file: zFileReference.optional(),
    url: zWeb.optional(),
    git: zWebOrFile.optional(),
    folder: zFileReference.optional(),
    model: zAnyReference.optional(),
    archive: zFileReference.optional(),
    package: zReference.optional(),
    as: z.enum(['whole', 'items']).optional(),
    platforms: zPlatforms.optional(),
    allow: zAllow.optional(),
    evidence: zEvidence.optional(),
    signatures: zReference.optional(),
    name: zTag.optional(),
    version: zTag.optional(),
    sha256: zSum.optional(),
    signature: zWebOrFile.optional(),
    key: zFileReference.optional(),
    commit: zCommit.optional(),
    tag: zTag.optional(),
    images: z.enum(['list', 'take']).optional(),
    values: z.array(zFileReference).min(1).max(16).optional(),
  })
  .superRefine((item, context) => {
    const [named, ...more] = asked.filter((field) => item[field] !== undefined)
    if (named === undefined || more.length > 0) context.addIssue({ code: 'custom', message: exactlyOne })
    if (named === undefined) return
    const { model } = item
    const local =
      (named === 'package' && isFile(item.package)) || (model !== undefined && isModelFolder(model))
    const may: readonly string[] = fieldsBeside[named]
    const wrong = (field: string): boolean => !may.includes(field) || (local && ofContent.includes(field))
    for (const field of Object.keys(item)) {
      if (field === named || asked.some((one) => one === field) || !wrong(field)) continue
      context.addIssue({ code: 'custom', path: [field], message: `no such field beside ${named}` })
    }
  })
export type WrittenItem = z.infer<typeof zWrittenItem>

/** The whole request as it is written (`sallyport: request/v1`). */
export const zWrittenRequest = z.strictObject({
  sallyport: z.literal('request/v1'),
  name: zName,
  reason: zText,
  requester: zName,
  destinations: z
    .array(zHex64)
    .min(1, 'at least one desk')
    .max(1000, 'at most 1000 desks')
    .refine((desks) => new Set(desks).size === desks.length, 'each desk once'),
  channel: zName,
  marking: zText.optional(),
  expires: zTime.optional(),
  evidence: zEvidence.optional(),
  items: z.array(zWrittenItem).min(1, 'at least one item').max(limits.items, `at most ${limits.items} items`),
})

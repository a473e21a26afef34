import { z } from 'zod'
import { zFileReference, zHex64, zName, zReference, zText, zTime } from '../../shared/schema.ts'
import { transport } from '../../shared/names.ts'
import { mostEvidence } from '../../shared/waybill.ts'
import { limits } from '../platform/limits.ts'
import { parsePlatform } from '../oci/platform.ts'

const zPlatform = z.string().refine((text) => parsePlatform(text) !== null, 'os/architecture[/variant]')
const zPlatforms = z
  .array(zPlatform)
  .min(1, 'at least one platform, or no such field for all')
  .max(100, 'at most 100 platforms')
const zAllow = z.array(z.literal('plain-http')).max(1)

/** How much evidence is carried: what proves goes before what describes. */
const zEvidence = z.strictObject({ most: z.number().int().min(1).max(mostEvidence) })

/** What an item can be asked for as; exactly one of them stands in each. */
export const asked = ['image', 'artifact', 'file', 'archive', 'package'] as const
const exactlyOne = `exactly one of ${asked.slice(0, -1).join(', ')} and ${asked.at(-1) ?? ''}`
/** Fields that only content with manifests has. */
const ofContent = ['platforms', 'allow', 'signatures'] as const

/** An item as it is written. */
const zWrittenItem = z
  .strictObject({
    image: zReference.optional(),
    artifact: zReference.optional(),
    file: zFileReference.optional(),
    archive: zFileReference.optional(),
    package: zReference.optional(),
    as: z.enum(['whole', 'items']).optional(),
    platforms: zPlatforms.optional(),
    allow: zAllow.optional(),
    evidence: zEvidence.optional(),
    signatures: zReference.optional(),
  })
  .superRefine((item, context) => {
    const [named, ...more] = asked.filter((field) => item[field] !== undefined)
    if (named === undefined || more.length > 0) context.addIssue({ code: 'custom', message: exactlyOne })
    const wrong = (field: string): void =>
      context.addIssue({ code: 'custom', path: [field], message: `no such field beside ${named ?? 'these'}` })
    const local = named === 'file' || named === 'archive' || (named === 'package' && isFile(item.package))
    for (const field of ofContent) if (local && item[field] !== undefined) wrong(field)
    if (item.as !== undefined && named !== 'archive') wrong('as')
  })

/** Whether a package lies in the request's folder; otherwise it is in a registry. */
export const isFile = (reference: string | undefined): boolean =>
  reference !== undefined && !transport.test(reference)
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

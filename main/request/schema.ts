import { z } from 'zod'
import { zFileReference, zHex64, zName, zReference, zText, zTime } from '../../shared/schema.ts'
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

/** An item as it is written: exactly one of image, artifact and file. */
const zWrittenItem = z
  .strictObject({
    image: zReference.optional(),
    artifact: zReference.optional(),
    file: zFileReference.optional(),
    platforms: zPlatforms.optional(),
    allow: zAllow.optional(),
    evidence: zEvidence.optional(),
    signatures: zReference.optional(),
  })
  .superRefine((item, context) => {
    const named = [item.image, item.artifact, item.file].filter((value) => value !== undefined)
    if (named.length !== 1) {
      context.addIssue({ code: 'custom', message: 'exactly one of image, artifact and file' })
    }
    for (const field of ['platforms', 'allow', 'signatures'] as const) {
      if (item.file === undefined || item[field] === undefined) continue
      context.addIssue({ code: 'custom', path: [field], message: 'no such field beside file' })
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
  items: z
    .array(zWrittenItem)
    .min(1, 'at least one image, artifact or file')
    .max(limits.items, `at most ${limits.items} items`),
})

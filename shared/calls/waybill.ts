import { z } from 'zod'
import { zToldFinding } from '../rules/findings.ts'
import { zDigest, zUuid } from '../schema.ts'
import { long, zConsignmentId } from './call.ts'

/** A consignment with its waybill: what it carries, by count. */
export const zMade = z.strictObject({
  id: zUuid,
  waybill: zDigest,
  words: z.array(z.string()),
  items: z.number(),
  blobs: z.number(),
  bytes: z.number(),
  /** What could not be collected as asked, one for each registry and cause. */
  findings: z.array(zToldFinding),
  /** What was asked for and is not carried, as the request spells it. */
  leftOut: z.array(z.string()),
})

export const waybillCalls = {
  /** Makes the waybill of a collected consignment again, with the next number. Nothing is fetched. */
  'waybill.make': long(zConsignmentId, zMade),
} as const

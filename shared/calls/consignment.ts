import { z } from 'zod'
import { zConsignmentEvidence } from '../evidence.ts'
import { zDigest, zUuid } from '../schema.ts'
import { zConsignmentPage, zConsignmentQuestion } from '../consignments.ts'
import { zConsignmentView } from '../views.ts'
import { call, zConsignmentId } from './call.ts'

export const consignmentCalls = {
  /** The consignments that match, a window of them. */
  'consignment.list': call(zConsignmentQuestion, zConsignmentPage),
  /** What this desk judged of the evidence of each item; `null` when nothing was judged yet. */
  'consignment.evidence': call(zConsignmentId, z.strictObject({ evidence: zConsignmentEvidence.nullable() })),
  /** One piece of evidence as it was carried: JSON text, cut after 256 KiB. */
  'consignment.blob': call(
    z.strictObject({ id: zUuid, blob: zDigest }),
    z.strictObject({ text: z.string(), size: z.number(), cut: z.boolean() }),
  ),
  'consignment.show': call(zConsignmentId, zConsignmentView),
  'consignment.drop': call(z.strictObject({ id: zUuid, reason: z.string() }), zConsignmentId),
  /** Ends the work on a consignment: nothing more is written or exported, and its content is no longer kept from pruning. */
  'consignment.close': call(zConsignmentId, zConsignmentId),
} as const

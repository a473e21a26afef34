import { z } from 'zod'
import { zEvidenceReport } from '../evidence.ts'
import { long, zAccess, zPlace } from './call.ts'

export const evidenceCalls = {
  /** What speaks for an image, and what each piece proves here. */
  'evidence.show': long(
    z.strictObject({
      /** `registry.example/team/app:1`, or the place of an OCI layout with a tag or digest of it. */
      image: z.union([
        z.string().min(1).max(1024),
        z.strictObject({ layout: zPlace, name: z.string().max(300) }),
      ]),
      /** None: the roots of the open desk, and without a desk the public root that is built in. */
      roots: z.array(zPlace).max(16),
      keys: z.array(zPlace).max(64),
      plainHttp: z.boolean(),
      /** A repository of a registry that holds signatures beside the image's own. */
      signatures: z.string().min(1).max(300).optional(),
      ...zAccess,
    }),
    zEvidenceReport,
  ),
} as const

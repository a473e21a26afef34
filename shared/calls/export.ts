import { z } from 'zod'
import { zUuid } from '../schema.ts'
import { zExportView } from '../views.ts'
import { long, zAccess, zPlace } from './call.ts'

export const exportCalls = {
  'export.start': long(
    z.strictObject({
      id: zUuid,
      target: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('oci-layout'), place: zPlace }),
        z.strictObject({ kind: z.literal('dir'), place: zPlace }),
        z.strictObject({
          kind: z.literal('registry'),
          host: z.string().max(300),
          prefix: z.string().max(200),
        }),
      ]),
      ...zAccess,
    }),
    zExportView.extend({ id: zUuid }),
  ),
} as const

import { z } from 'zod'
import { zPreview } from '../preview.ts'
import { long, zAccess, zPlace } from './call.ts'
import { zRequestText } from './request.ts'

export const previewCalls = {
  /**
   * What would come of a request: what each thing stands for now, how large it is, who signed it. Nothing is kept.
   * `only`: places in the request, from 0, of the things that are asked about; without it all are.
   */
  'preview.start': long(
    z.strictObject({
      request: z.union([zPlace, z.strictObject({ text: zRequestText, folder: zPlace.nullable() })]),
      only: z.array(z.number().int().min(0)).max(10_000).optional(),
      ...zAccess,
    }),
    zPreview,
  ),
} as const

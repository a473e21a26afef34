import { z } from 'zod'
import { zUuid } from '../schema.ts'
import { call, zConsignmentId, zPlace } from './call.ts'

/** The text of a request: YAML, at most 1 MiB. */
export const zRequestText = z.string().max(1024 * 1024)

/** What is wrong with a request, and where: `path` as in `items.2.image`, '' for the whole. */
export const zRequestProblem = z.strictObject({
  path: z.string(),
  line: z.number(),
  column: z.number(),
  expected: z.string(),
  found: z.string(),
})
export type RequestProblem = z.infer<typeof zRequestProblem>

export const requestCalls = {
  /** A request file, to go on with in the window. `folder` is the place its files lie in. */
  'request.open': call(
    z.strictObject({ place: zPlace }),
    z.strictObject({ text: zRequestText, folder: zPlace, label: z.string() }),
  ),
  /** Everything that is wrong with a request as far as it is written. */
  'request.check': call(
    z.strictObject({ text: zRequestText }),
    z.strictObject({ problems: z.array(zRequestProblem) }),
  ),
  /** How a request names a chosen file, layout or folder. Without a folder the request's folder becomes the one it lies in. */
  'request.name': call(
    z.strictObject({
      place: zPlace,
      kind: z.enum(['content', 'layout', 'content-folder']),
      folder: zPlace.nullable(),
    }),
    z.strictObject({ reference: z.string(), folder: zPlace, label: z.string() }),
  ),
  /** The request of a consignment, as it was collected. */
  'request.show': call(zConsignmentId, z.strictObject({ id: zUuid, text: zRequestText })),
} as const

import { z } from 'zod'
import { zFingerprint } from '../views.ts'
import { call, zPlace } from './call.ts'

export const cardCalls = {
  /** What another desk's card says. Nothing of it is trusted by being read. */
  'card.read': call(
    z.strictObject({ place: zPlace }),
    z.strictObject({ id: zFingerprint, side: z.enum(['low', 'high']), name: z.string() }),
  ),
  /** Saves this desk's card, to be carried to the other side. */
  'card.save': call(z.strictObject({ place: zPlace }), z.strictObject({ file: z.string() })),
} as const

import { z } from 'zod'
import { zVerified } from '../verdict.ts'
import { long, zPlace } from './call.ts'

export const readbackCalls = {
  /** Whether a medium holds what this desk wrote. */
  'readback.start': long(z.strictObject({ medium: zPlace }), zVerified),
} as const

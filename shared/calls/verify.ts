import { z } from 'zod'
import { zVerified } from '../verdict.ts'
import { long, zPlace } from './call.ts'

export const verifyCalls = {
  /** Reads a medium into quarantine and makes its verdict. */
  'verify.start': long(z.strictObject({ medium: zPlace }), zVerified),
} as const

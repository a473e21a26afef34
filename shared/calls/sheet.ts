import { z } from 'zod'
import { zUuid } from '../schema.ts'
import { call, zPlace } from './call.ts'
import { papers, zSaved } from './report.ts'

export const sheetKinds = ['label', 'custody'] as const

export const sheetCalls = {
  /** Saves a sheet for the media that may leave, those read back: labels, or the custody sheet. Low only. */
  'sheet.save': call(
    z.strictObject({
      id: zUuid,
      kind: z.enum(sheetKinds),
      format: z.enum(['html', 'pdf']),
      paper: z.enum(papers).default('a4'),
      place: zPlace.optional(),
    }),
    zSaved,
  ),
} as const

import { z } from 'zod'
import { zUuid } from '../schema.ts'
import { call, zPlace } from './call.ts'
import { zMonth } from '../statistics.ts'
import { papers, zPrinted, zSaved } from './report.ts'

export const sheetKinds = [
  'label',
  'custody',
  'key-card',
  'desk-card',
  'landing-card',
  'refused',
  'certificate',
  'statistics',
] as const

/** A sheet of paper, and what it is of. */
const zSheet = z.discriminatedUnion('kind', [
  /** For the media of a consignment that may leave, those read back: labels, or the custody sheet. Low only. */
  z.strictObject({ kind: z.enum(['label', 'custody']), id: zUuid }),
  /** The key of a person of this desk, for the other side to type; of one who was revoked, it says so. */
  z.strictObject({ kind: z.literal('key-card'), person: z.string().max(200) }),
  /** The id, seal and station key of this desk, for the other side to compare its card with. */
  z.strictObject({ kind: z.literal('desk-card') }),
  /** The landing key in force, for those who run the far side’s engines. High only. */
  z.strictObject({ kind: z.literal('landing-card') }),
  /** The verdict on a medium that was refused, by the number of its event in the ledger. High only. */
  z.strictObject({ kind: z.literal('refused'), sequence: z.number().int().min(1) }),
  /** That a medium of the register was sanitised or destroyed. */
  z.strictObject({ kind: z.literal('certificate'), label: z.string().max(64) }),
  /** The numbers of a month. */
  z.strictObject({ kind: z.literal('statistics'), month: zMonth }),
])
export type Sheet = z.infer<typeof zSheet>

export const sheetCalls = {
  /** The sheet as it is printed, for the window. */
  'sheet.show': call(z.strictObject({ sheet: zSheet }), z.strictObject({ html: z.string() })),
  /** Saves a sheet as a report is saved. `id`: the consignment, the person or the desk that it is of. */
  'sheet.save': call(
    z.strictObject({
      sheet: zSheet,
      format: z.enum(['html', 'pdf']),
      paper: z.enum(papers).default('a4'),
      place: zPlace.optional(),
    }),
    zSaved.extend({ id: z.string() }),
  ),
  /** Hands a sheet to the system's print dialog, as a report is handed. */
  'sheet.print': call(z.strictObject({ sheet: zSheet, paper: z.enum(papers).default('a4') }), zPrinted),
} as const

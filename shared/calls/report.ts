import { z } from 'zod'
import { zDigest, zHex64, zUuid } from '../schema.ts'
import { call, zConsignmentId, zPlace } from './call.ts'

const reportFormats = ['json', 'html', 'pdf', 'csv'] as const
export const papers = ['a4', 'letter'] as const
export type Paper = (typeof papers)[number]

/** What was saved, and the digest of its file. */
export const zSaved = z.strictObject({ id: zUuid, file: z.string(), sha256: zHex64 })

/** Whether it went to a printer: not when the person cancelled, or was asked about another page at that moment. */
export const zPrinted = z.strictObject({ printed: z.boolean() })

export const reportCalls = {
  /** The report as it is printed, for the window. */
  'report.show': call(zConsignmentId, z.strictObject({ id: zUuid, html: z.string(), digest: zDigest })),
  /**
   * Saves the report; `pdf` needs the desktop app, and only there the paper counts. Without a place it goes to the
   * desk's own `reports/`.
   */
  'report.save': call(
    z.strictObject({
      id: zUuid,
      format: z.enum(reportFormats),
      paper: z.enum(papers).default('a4'),
      place: zPlace.optional(),
    }),
    zSaved,
  ),
  /** Hands the page that the PDF is made from to the system's print dialog, where a person decides. */
  'report.print': call(zConsignmentId.extend({ paper: z.enum(papers).default('a4') }), zPrinted),
} as const

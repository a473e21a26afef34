import { join } from 'node:path'
import { z } from 'zod'
import { hexOf } from '../../../shared/digest.ts'
import { zLookedInto, type LookedInto } from '../../../shared/look.ts'
import { zRendered, type Rendered } from '../../../shared/rendered.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import { Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { JsonError, parseStrict } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import type { Desk } from '../desk.ts'

// Only what is read again here; the rest is for people.
const zAssessment = z.object({
  format: z.literal('sallyport.assessment/v1'),
  archives: z.array(zLookedInto).default([]),
  hosts: z.array(z.string()).default([]),
  rendered: z.array(zRendered).default([]),
})

/** What the low side told its signers. */
interface Told {
  /** What it found in the archives of a bundle. */
  readonly archives: LookedInto[]
  /** Every host that it asked for the content. */
  readonly hosts: string[]
  /** What programs put together of it, to find images. */
  readonly rendered: Rendered[]
}

/** What is told where nothing is known. */
export const nothingTold: Told = { archives: [], hosts: [], rendered: [] }

/**
 * What the low side told those who signed a bundle, as they signed it with the waybill. Nothing where it is not here, or was
 * not made by a version that tells it.
 */
export async function assessmentIn(desk: Desk, consignment: string, waybill: Waybill): Promise<Told> {
  const attachment = waybill.attachments.find(({ role }) => role === 'assessment')
  if (attachment === undefined) return nothingTold
  // A page only looks: opening a store would make its folder.
  for (const folder of [desk.folder.quarantineOf(consignment), desk.folder.store]) {
    try {
      const path = join(folder, 'blobs', 'sha256', hexOf(attachment.digest))
      const bytes = await readCapped(path, limits.archiveDocumentBytes)
      if (digestOf(bytes) !== attachment.digest) continue
      const { archives, hosts, rendered } = zAssessment.parse(parseStrict(bytes))
      return { archives, hosts, rendered }
    } catch (error) {
      // What cannot be read says nothing here; whoever verifies the content is told of it there.
      if (!(error instanceof Failure || error instanceof JsonError || error instanceof z.ZodError))
        throw error
    }
  }
  return nothingTold
}

import { z } from 'zod'
import { zUuid } from '../schema.ts'
import { zExportView } from '../views.ts'
import { long, zAccess, zPlace, zSecret } from './call.ts'

export const exportCalls = {
  'export.start': long(
    z.strictObject({
      id: zUuid,
      target: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('oci-layout'), place: zPlace }),
        z.strictObject({ kind: z.literal('dir'), place: zPlace }),
        z.strictObject({ kind: z.literal('oci-archive'), place: zPlace }),
        z.strictObject({
          kind: z.literal('docker-archive'),
          place: zPlace,
          /** `os[(version)]/architecture[/variant]`: which one, of images that carry several. */
          platform: z
            .string()
            .regex(/^[A-Za-z0-9._-]{1,60}(\([A-Za-z0-9._+-]{1,120}\))?(\/[A-Za-z0-9._-]{1,60}){1,2}$/)
            .optional(),
        }),
        z.strictObject({
          kind: z.literal('medium'),
          /** The folder on the medium in which one is made. */
          place: zPlace,
          /** Files as a folder has them, or one OCI layout. */
          form: z.enum(['folder', 'layout']),
        }),
        z.strictObject({
          kind: z.literal('registry'),
          host: z.string().max(300),
          prefix: z.string().max(200),
          /** A file that says where names go. */
          map: zPlace.optional(),
          /** An index of which platforms stay behind: as it is, or its platforms as images of their own. */
          sparse: z.enum(['index', 'platforms']).optional(),
          /** Tags that hold something else: told and left alone, or moved and put on the record. */
          tags: z.enum(['keep', 'move']).optional(),
          /** Where the lock file goes: old and new names with their digests. */
          lock: zPlace.optional(),
          /** Where the same goes as YAML of ours. */
          relocate: zPlace.optional(),
        }),
      ]),
      /** Whether what lands is sealed where it can be; that it was not wanted is put on the record. */
      seal: z.boolean().default(true),
      /** The passphrase of the landing key, where it has one. */
      passphrase: zSecret.optional(),
      /** Goes on with an export to the same target that failed or was stopped. */
      resume: z.boolean().default(false),
      ...zAccess,
    }),
    zExportView.extend({ id: zUuid }),
  ),
} as const

import { z } from 'zod'
import { zUuid } from '../schema.ts'
import { zLooked } from '../look.ts'
import { long, zAccess, zPlace } from './call.ts'

export const lookCalls = {
  /** What is in something that others packed, and what it proves. Needs no desk and keeps nothing. */
  'look.start': long(
    z.strictObject({
      /** A file or folder, or a reference in a registry. */
      what: z.union([
        z.strictObject({ file: zPlace }),
        z.strictObject({ folder: zPlace }),
        /** Something that was collected or accepted here: its reference or name. */
        z.strictObject({ consignment: zUuid, item: z.string().min(1).max(1024) }),
        z.strictObject({ reference: z.string().min(1).max(1024) }),
      ]),
      /** Public keys (PEM, DER, certificate, OpenSSH) or keyrings of OpenPGP. */
      keys: z.array(zPlace).max(64),
      roots: z.array(zPlace).max(16),
      plainHttp: z.boolean(),
      ...zAccess,
    }),
    zLooked,
  ),
} as const

import { z } from 'zod'
import { zFingerprint } from '../views.ts'
import { call, zPlace, zSecret } from './call.ts'

const zKey = z.strictObject({ fingerprint: zFingerprint, algorithm: z.string() })

export const keyCalls = {
  'key.create': call(
    z.strictObject({
      place: zPlace,
      algorithm: z.enum(['p256', 'p384', 'p521', 'rsa3072', 'rsa4096', 'ed25519']),
      /** Default: `pkcs8`. */
      form: z.enum(['pkcs8', 'cosign']).optional(),
      passphrase: zSecret,
    }),
    /** `public`: the place of the public key, for `person.add`. */
    zKey.extend({ public: zPlace }),
  ),
  'key.show': call(z.strictObject({ place: zPlace }), zKey),
} as const

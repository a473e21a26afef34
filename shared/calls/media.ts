import { z } from 'zod'
import { driveTextLength } from '../drives.ts'
import { zMediumLabel, zMediumLine, zMediumView, zWaitingAct } from '../media.ts'
import { mediumKinds, statedStates } from '../rules/media.ts'
import { call, zNothing, zPlace, zSigner } from './call.ts'

/** The first person who signs; not given where the policy asks for nobody's key. */
const zFirst = { signer: z.strictObject(zSigner).optional() }
const zText = z.string().max(500)
const zSerial = z.string().min(1).max(driveTextLength)

/** What an act on the register came to. */
const zActed = z.strictObject({
  /** The number by which a second person signs it; `null` where it stands. */
  waiting: z.number().nullable(),
  /** The medium as it is now; `null` while its registration waits. */
  medium: zMediumView.nullable(),
})

export const mediaCalls = {
  /** The register, and what waits for a second person. */
  'media.list': call(
    zNothing,
    z.strictObject({ media: z.array(zMediumLine), waiting: z.array(zWaitingAct) }),
  ),
  'media.show': call(z.strictObject({ label: z.string() }), zMediumView),
  /** Takes a medium into the register: one that is in a drive now, or by a serial that is typed. */
  'media.register': call(
    z.strictObject({
      label: zMediumLabel,
      which: z.union([
        z.strictObject({ place: zPlace }),
        z.strictObject({ device: z.string().min(1).max(driveTextLength) }),
        z.strictObject({ serial: zSerial }),
      ]),
      kind: z.enum(mediumKinds).optional(),
      marking: zText.optional(),
      owner: zText.optional(),
      ...zFirst,
    }),
    zActed,
  ),
  /** Says that a medium is in another state; of one that was sanitised or destroyed, how. */
  'media.state': call(
    z.strictObject({
      label: z.string(),
      state: z.enum(statedStates),
      reason: zText,
      disposition: z.strictObject({ method: zText, tool: zText, verified: zText, place: zText }).optional(),
      ...zFirst,
    }),
    zActed,
  ),
  /** The second person's half of an act that waits. */
  'media.sign': call(z.strictObject({ number: z.number().int().min(1), ...zSigner }), zActed),
} as const

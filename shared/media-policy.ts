import { z } from 'zod'
import { mediumKinds } from './rules/media.ts'
import { zText } from './schema.ts'

const unregisteredRules = ['refuse', 'warn', 'allow'] as const

/** What a policy asks of media. */
export const zMediaPolicy = z.strictObject({
  /** What becomes of a medium that is not in the register, before it is written or read. */
  unregistered: z.enum(unregisteredRules).default('warn'),
  /** People whose keys sign a registration, a loss, a sanitising, a destruction. */
  people: z.number().int().min(0).max(2).default(0),
  /** Whether only a medium whose whole capacity was tested may be written. */
  tested: z.boolean().default(false),
  /** Kinds that may be written. */
  kinds: z
    .array(z.enum(mediumKinds))
    .min(1)
    .max(mediumKinds.length)
    .default([...mediumKinds]),
  /** Months for which a record is kept, from its newest event. */
  retainMonths: z.number().int().min(1).max(1200).optional(),
  /** The written procedure that this desk follows: its id and version. */
  procedure: zText.optional(),
})

import { z } from 'zod'
import { consignmentStates, zConsignmentLine } from './views.ts'

export const consignmentColumns = [
  'name',
  'sender',
  'sequence',
  'state',
  'verdict',
  'bytes',
  'updated',
] as const

/** Which consignments are asked for: a window of those that match. What is left out asks for the newest of all. */
export const zConsignmentQuestion = z.strictObject({
  /** How many matching ones to pass over. */
  from: z.number().int().min(0).default(0),
  count: z.number().int().min(1).max(200).default(200),
  /** Part of name, sender, channel, number, digest or id; '' for all. */
  text: z.string().max(200).default(''),
  state: z.enum(consignmentStates).nullable().default(null),
  /** `null`: as they came, the newest first. */
  sort: z
    .strictObject({ key: z.enum(consignmentColumns), down: z.boolean() })
    .nullable()
    .default(null),
})
export type ConsignmentQuestion = z.output<typeof zConsignmentQuestion>

export const zConsignmentPage = z.strictObject({
  /** Consignments at this desk. */
  size: z.number(),
  /** Those that match. */
  matching: z.number(),
  consignments: z.array(zConsignmentLine),
  /** Every state that occurs, and how often. */
  states: z.array(z.strictObject({ state: z.enum(consignmentStates), count: z.number() })),
})

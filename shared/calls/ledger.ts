import { z } from 'zod'
import { zEventPage, zEventQuestion, zRawEvent } from '../ledger.ts'
import { zLedgerCheck } from '../views.ts'
import { call, zPlace } from './call.ts'

export const ledgerCalls = {
  /** Of the open desk, or of the one at `place`: a damaged ledger cannot be opened, but can be checked. */
  'ledger.verify': call(z.strictObject({ place: zPlace.optional() }), zLedgerCheck),
  /** The events that match, as people read them. */
  'ledger.events': call(zEventQuestion, zEventPage),
  /** One event as it stands in the ledger. */
  'ledger.event': call(z.strictObject({ sequence: z.number().int().min(1) }), zRawEvent),
} as const

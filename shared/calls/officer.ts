import { z } from 'zod'
import { zChangeView } from '../changes.ts'
import { zUuid } from '../schema.ts'
import { zSigner } from './call.ts'

/* What every call that changes a desk has in common. */

/** The officer who asks for a change; not while the desk is founding. */
export const zOfficer = { officer: z.strictObject(zSigner).optional() }
/** The change that waits for a second officer; `null` where it is in force at once, on a founding desk. */
export const zPending = { pending: zChangeView.nullable() }
/** Consignments that a change in force had judged again, and accepted ones that it has flagged. */
export const zTouched = { judged: z.array(zUuid), flagged: z.array(zUuid) }

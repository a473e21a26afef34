import { z } from 'zod'
import { zItemComponents } from '../components.ts'
import { zUuid } from '../schema.ts'
import { call, zConsignmentId, zPlace } from './call.ts'
import { zSaved } from './report.ts'

export const componentsCalls = {
  /**
   * What changed inside each item of a consignment, by bills of materials: since what was released last to the same
   * destinations (low), or accepted last (high).
   */
  'components.show': call(zConsignmentId, z.strictObject({ id: zUuid, items: z.array(zItemComponents) })),
  /** The same as a table (CSV), also into the desk's own `reports/`. */
  'components.save': call(z.strictObject({ id: zUuid, place: zPlace.optional() }), zSaved),
} as const

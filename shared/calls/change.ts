import { z } from 'zod'
import { zChangeView } from '../changes.ts'
import { call, zNothing, zSigner } from './call.ts'
import { zTouched } from './officer.ts'

const zNumber = z.number().int().min(1)

export const changeCalls = {
  /** Every change since the founding, the newest first. */
  'change.list': call(zNothing, z.strictObject({ changes: z.array(zChangeView) })),
  'change.show': call(z.strictObject({ number: zNumber }), zChangeView),
  /** The second officer: with this the change is in force. */
  'change.sign': call(z.strictObject({ number: zNumber, ...zSigner }), zChangeView.extend(zTouched)),
  'change.withdraw': call(z.strictObject({ number: zNumber, ...zSigner }), zChangeView),
} as const

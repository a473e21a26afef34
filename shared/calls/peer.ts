import { z } from 'zod'
import { zPeerView } from '../changes.ts'
import { call, zPlace } from './call.ts'
import { zOfficer, zPending } from './officer.ts'

export const peerCalls = {
  /** Pairs with another desk: its id and the digest of its seal are typed from paper. */
  'peer.add': call(
    z.strictObject({
      card: zPlace,
      id: z.string().max(1000),
      seal: z.string().max(1000).optional(),
      ...zOfficer,
    }),
    zPeerView.extend(zPending),
  ),
} as const

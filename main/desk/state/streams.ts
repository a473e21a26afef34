import type { Digest } from '../../../shared/digest.ts'
import { missingRoles } from '../../../shared/rules/approval.ts'
import type { SigningRole } from '../../../shared/schema.ts'
import type { Consignment } from './consignment.ts'
import type { DeskState } from './state.ts'

/** The last released number of one of a low desk's own streams. */
export interface ReleasedStream {
  readonly sequence: number
  /** Of the waybill that has the number. */
  readonly digest: Digest
  readonly channel: string
  /** The destination's desk id. */
  readonly desk: string
}

/** How a stream of this desk is found: by channel and destination. */
export const streamKey = (channel: string, destination: string): string => `${channel}|${destination}`

/** The last released number of each of a low desk's own streams, by `streamKey`. */
export function releasedStreams(state: Pick<DeskState, 'consignments'>): Map<string, ReleasedStream> {
  const streams = new Map<string, ReleasedStream>()
  for (const one of state.consignments.values()) {
    if (one.releasedAt === null || one.made === null) continue
    for (const { channel, destination, sequence } of one.made.destinations) {
      const key = streamKey(channel, destination)
      if ((streams.get(key)?.sequence ?? 0) < sequence) {
        streams.set(key, { sequence, digest: one.made.waybill, channel, desk: destination })
      }
    }
  }
  return streams
}

/**
 * The number of a waybill that another one took meanwhile; `null` while all of them are the next ones of their
 * streams. What a waybill that is released took is its own.
 */
export function takenNumber(
  state: Pick<DeskState, 'consignments'>,
  one: Consignment,
): { readonly channel: string; readonly sequence: number } | null {
  const released = releasedStreams(state)
  const taken = (one.made?.destinations ?? []).find(({ channel, destination, sequence }) => {
    const last = released.get(streamKey(channel, destination))
    const own = one.releasedAt !== null && last?.digest === one.waybill
    return (last?.sequence ?? 0) >= sequence && !own
  })
  return taken ?? null
}

/** Roles whose required signatures a low desk's consignment still lacks, by the policy in force. */
export function rolesMissing(state: Pick<DeskState, 'policy'>, one: Consignment): SigningRole[] {
  return missingRoles(state.policy.document.signers, one.approvals)
}

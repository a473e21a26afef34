import type { Digest } from '../../../shared/digest.ts'
import { missingRoles } from '../../../shared/rules/approval.ts'
import type { SigningRole } from '../../../shared/schema.ts'
import type { Consignment } from './consignment.ts'
import type { FactsOf } from './facts.ts'
import { epochOf } from './order.ts'
import { revokedIn } from './revoked.ts'
import type { DeskState } from './state.ts'

type Sending = Pick<DeskState, 'consignments' | 'order'>
type Sealed = FactsOf<'waybill.sealed'>

/** The last released number of one of a low desk's own streams, in the epoch in force. */
export interface ReleasedStream {
  readonly sequence: number
  /** Of the waybill that has the number. */
  readonly digest: Digest
  readonly channel: string
  /** The destination's desk id. */
  readonly desk: string
}

/** A waybill that this desk released, in force or replaced. */
interface Released {
  readonly consignment: string
  readonly made: Sealed
  /** Why its number is void; `null` while it is not. */
  readonly voided: string | null
}

/** How a stream of this desk is found: by channel and destination. */
export const streamKey = (channel: string, destination: string): string => `${channel}|${destination}`

/** Every waybill that this desk released: the one in force of each consignment, and those it replaced. */
export function releasedWaybills(state: Pick<DeskState, 'consignments'>): Released[] {
  return [...state.consignments.values()].flatMap((one) => {
    const before = one.replaced.map(({ made, voided }) => ({ consignment: one.id, made, voided }))
    if (one.releasedAt === null || one.made === null) return before
    const voided = one.dropped?.voided === true ? one.dropped.reason : null
    return [...before, { consignment: one.id, made: one.made, voided }]
  })
}

const inForce = (state: Sending, { channel, epoch }: Sealed): boolean =>
  epoch === epochOf(state.order, channel)

/** The last released number of each of a low desk's own streams, by `streamKey`. A raise begins each anew. */
export function releasedStreams(state: Sending): Map<string, ReleasedStream> {
  const streams = new Map<string, ReleasedStream>()
  for (const { made } of releasedWaybills(state)) {
    if (!inForce(state, made)) continue
    for (const { channel, destination, sequence } of made.destinations) {
      const key = streamKey(channel, destination)
      if ((streams.get(key)?.sequence ?? 0) < sequence) {
        streams.set(key, { sequence, digest: made.waybill, channel, desk: destination })
      }
    }
  }
  return streams
}

/** A void of one of this desk's own streams. */
interface OwnVoid {
  readonly desk: string
  readonly sequence: number
  readonly digest: Digest
  readonly reason: string
}

/**
 * The voids of a channel's epoch in force towards some destinations, by destination and number. Each is told in every
 * later waybill of its stream and epoch until a receipt shows it.
 */
function voidsOf(
  state: Sending,
  released: readonly Released[],
  channel: string,
  desks: readonly string[],
): OwnVoid[] {
  const voids = released.flatMap(({ made, voided }) => {
    if (voided === null || made.channel !== channel || !inForce(state, made)) return []
    return made.destinations.map(({ destination, sequence }) => ({
      desk: destination,
      sequence,
      digest: made.waybill,
      reason: voided,
    }))
  })
  return voids
    .filter((one) => desks.includes(one.desk))
    .sort((a, b) => desks.indexOf(a.desk) - desks.indexOf(b.desk) || a.sequence - b.sequence)
}

// A released waybill's numbers are its own for good; one that is not released has those it was made with, if still free.
function takenNumber(state: Sending, made: Sealed): string | null {
  const released = releasedStreams(state)
  const taken = made.destinations.find(
    ({ channel, destination, sequence }) =>
      (released.get(streamKey(channel, destination))?.sequence ?? 0) >= sequence,
  )
  return taken === undefined
    ? null
    : `number ${taken.sequence} of channel ${taken.channel} was released with another consignment meanwhile`
}

function untoldVoid(state: Sending, made: Sealed): string | null {
  const told = new Set((made.voids ?? []).map((one) => `${one.desk}|${one.digest}`))
  const desks = made.destinations.map((one) => one.destination)
  const untold = voidsOf(state, releasedWaybills(state), made.channel, desks).find(
    (one) => !told.has(`${one.desk}|${one.digest}`),
  )
  return untold === undefined ? null : `number ${untold.sequence} of its stream was declared void meanwhile`
}

/**
 * Why the waybill of a consignment has to be made again before it is signed or written; `null` while it counts. One that
 * is not released: its number was taken, its epoch was raised, or its stream gained a void since it was made. A released
 * one: its way is barred.
 *
 * @param now an expired waybill is old as well
 */
export function oldWaybill(
  state: Sending & Pick<DeskState, 'revoked'>,
  one: Consignment,
  now: string,
): string | null {
  const { made } = one
  if (made === null) return null
  if (one.dropped !== null) return 'it was given up, and its number is void'
  if (!inForce(state, made)) {
    const epoch = epochOf(state.order, made.channel)
    return `it is of epoch ${made.epoch}, and the epoch of channel ${made.channel} is ${epoch} now`
  }
  if (now >= made.expires) return `it expired on ${made.expires}`
  if (one.releasedAt === null) return takenNumber(state, made) ?? untoldVoid(state, made)
  return null
}

/** Why a released waybill may be made again under a new number; `null` while its way is not barred. */
export function barredWay(state: DeskState, one: Consignment, now: string): string | null {
  const old = oldWaybill(state, one, now)
  if (old !== null) return old
  const [revoked] = revokedIn(state, one)
  return revoked === undefined ? null : `a key under it was revoked on ${revoked.at}`
}

export type Replaces = NonNullable<Sealed['replaces']>

/** The released waybill that the next one of its consignment replaces, and why; `null` where it replaces none. */
export function replacedBy(state: DeskState, one: Consignment, now: string): Replaces | null {
  const { made } = one
  if (made === null || one.releasedAt === null) return null
  const reason = barredWay(state, one, now) ?? 'it was asked for'
  // One that was given up is void already; of an epoch that has ended nothing more is told.
  const voided = one.dropped === null && inForce(state, made)
  return { waybill: made.waybill, reason: `Made again: ${reason}`, voided }
}

/** What a waybill says that is made now: its number and what is before it for each destination, and every void. */
export function nextIn(
  state: Sending,
  channel: string,
  desks: readonly string[],
  replaces: Replaces | null,
): {
  readonly numbers: { readonly desk: string; readonly sequence: number; readonly previous: Digest | null }[]
  readonly voids: OwnVoid[]
} {
  const streams = releasedStreams(state)
  const released = releasedWaybills(state).map((one) =>
    replaces?.voided === true && one.made.waybill === replaces.waybill
      ? { ...one, voided: replaces.reason }
      : one,
  )
  const numbers = desks.map((desk) => {
    const last = streams.get(streamKey(channel, desk))
    return { desk, sequence: (last?.sequence ?? 0) + 1, previous: last?.digest ?? null }
  })
  return { numbers, voids: voidsOf(state, released, channel, desks) }
}

/** Roles whose required signatures a low desk's consignment still lacks, by the policy in force. */
export function rolesMissing(state: Pick<DeskState, 'policy'>, one: Consignment): SigningRole[] {
  return missingRoles(state.policy.document.signers, one.approvals)
}

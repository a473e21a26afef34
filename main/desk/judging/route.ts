import type { Digest } from '../../../shared/digest.ts'
import type { Channel } from '../../../shared/policy-content.ts'
import { sealFits, type CameOn } from '../../../shared/rules/media.ts'
import { isSameMedium } from '../../bundle/media-set.ts'
import type { FoundDrive } from '../../media/drives/found.ts'
import { Failure } from '../../platform/failure.ts'
import type { MediaSet } from '../../verify/types.ts'
import type { Desk } from '../desk.ts'
import type { Consignment } from '../state/consignment.ts'
import { isSealAlarm, type Medium } from '../state/register.ts'
import { registerOf } from '../views/register.ts'
import { consignmentOf } from '../state/state.ts'

/* What the policy asks of the media of one channel: when they are written, and when a bundle came on them. */

const routeOf = (desk: Desk, channel: string | null): Channel['media'] =>
  desk.state.policy.document.channels.find(({ name }) => name === channel)?.media

/**
 * That a medium may carry what is of this channel.
 *
 * @throws Failure `media-unregistered`, `media-kind`
 */
export function checkRoute(desk: Desk, channel: string | null, medium: Medium | null, found: string): void {
  const { kinds, registered } = routeOf(desk, channel) ?? {}
  if (medium === null) {
    // What is not in the register has no kind that anybody answers for.
    if (kinds !== undefined || registered === true) throw new Failure('media-unregistered', { found })
  } else if (kinds !== undefined && !kinds.includes(medium.kind)) {
    const { label, kind } = medium
    throw new Failure('media-kind', { subject: label, found: kind, expected: kinds.join(', ') })
  }
}

/** That a bundle of this channel is laid on no more media than may be. @throws Failure `media-count` */
export function checkCount(desk: Desk, channel: string | null, of: number): void {
  const { atMost } = routeOf(desk, channel) ?? {}
  if (atMost === undefined || of <= atMost) return
  throw new Failure('media-count', {
    subject: channel ?? '',
    found: String(of),
    expected: String(atMost),
  })
}

// A medium that brought this waybill is known by that, whatever became of it since.
function knownAs(desk: Desk, serial: string | null, waybill: Digest): CameOn['media'][number] {
  if (serial === null) return null
  const register = registerOf(desk)
  const carried = register.carried(waybill).filter((one) => one.serial === serial)
  const medium = carried[carried.length - 1] ?? register.ofSerial(serial)
  return medium === null ? null : { label: medium.label, kind: medium.kind }
}

function sealOf(desk: Desk, waybill: Digest): CameOn['seal'] {
  const arrivals = registerOf(desk).arrivalsOf(waybill)
  if (isSealAlarm(arrivals)) return 'differs'
  return arrivals.some(({ seal }) => sealFits(seal)) ? 'fits' : null
}

function came(desk: Desk, waybill: Digest, serials: readonly (string | null)[], of: number): CameOn {
  const media = serials.map((serial) => knownAs(desk, serial, waybill))
  return { media, of, seal: sealOf(desk, waybill) }
}

/** What a bundle is read from: the drives of this reading, and of media of it that were read before. */
export const cameOn =
  (desk: Desk, drives: readonly (FoundDrive | null)[]) =>
  (waybill: Digest, set: MediaSet | null): CameOn => {
    const one = consignmentOf(desk.state, waybill)
    const before = (one?.here ?? []).filter(
      (here) => set?.here.includes(here.number) === true && !set.found.some((now) => isSameMedium(now, here)),
    )
    const serials = [...drives, ...before.map(({ drive }) => drive)].map((drive) => drive?.serial ?? null)
    return came(desk, waybill, serials, set?.of ?? 1)
  }

/** The same of what was read before, as the ledger has it; `null` for a bundle tar. */
export function cameBefore(desk: Desk, { waybill, verdict, here }: Consignment): CameOn | null {
  if (waybill === null || verdict === null || verdict.scope === 'tar') return null
  const drives = here.length > 0 ? here.map(({ drive }) => drive) : [verdict.drive]
  const serials = drives.map((drive) => drive?.serial ?? null)
  return came(desk, waybill, serials, here[0]?.of ?? 1)
}

import type { Digest } from '../../../shared/digest.ts'
import { sealFits, mayBeWritten } from '../../../shared/rules/media.ts'
import type { CallOutput } from '../../../shared/contract.ts'
import type { FoundDrive } from '../../media/drives/found.ts'
import { Failure } from '../../platform/failure.ts'
import type { RegisterSaid, SealSaid } from '../../verify/checks/register.ts'
import type { Desk } from '../desk.ts'
import { isSealAlarm, type Medium } from '../state/register.ts'
import { cameOn, checkRoute } from './route.ts'
import { registerOf } from '../views/register.ts'

/* What the register and the policy say of the drive that a medium lies on. */

const asked = (desk: Desk) => desk.state.policy.document.media

function serialWords(drive: FoundDrive | null): string {
  if (drive === null) return 'a folder, or a drive that is not known'
  return drive.serial === null ? 'a drive without a serial' : `serial ${drive.serial}`
}

function refuseState({ label, state }: Medium): void {
  if (mayBeWritten(state)) return
  throw new Failure('media-state', {
    subject: label,
    found: state,
    expected: 'registered, blank, written or sanitised',
  })
}

/**
 * Whether a medium may be written by what the register knows of it, with what is of this channel.
 *
 * @returns what the plan tells of it
 * @throws Failure `media-unregistered`, `media-state`, `media-kind`, `media-untested`
 */
export function checkWritable(
  desk: Desk,
  drive: FoundDrive | null,
  channel: string | null,
): CallOutput<'write.plan'>['register'] {
  const medium = registerOf(desk).ofSerial(drive?.serial ?? null)
  const { unregistered, kinds, tested } = asked(desk)
  checkRoute(desk, channel, medium, serialWords(drive))
  if (medium === null) {
    if (unregistered === 'refuse') throw new Failure('media-unregistered', { found: serialWords(drive) })
    // A plain folder is no medium: there is nothing to be warned of.
    return { medium: null, unregistered: unregistered === 'warn' && (drive?.serial ?? null) !== null }
  }
  const { label, state, kind, marking, capacity } = medium
  refuseState(medium)
  if (!kinds.includes(kind))
    throw new Failure('media-kind', { subject: label, found: kind, expected: kinds.join(', ') })
  if (tested && capacity?.passed !== true) throw new Failure('media-untested', { subject: label })
  return { medium: { label, state, kind, marking, tested: capacity?.passed ?? null }, unregistered: false }
}

function driveSaid(desk: Desk, drive: FoundDrive | null): RegisterSaid['drives'][number] {
  const { unregistered } = asked(desk)
  const expected = 'a medium of the register'
  const medium = registerOf(desk).ofSerial(drive?.serial ?? null)
  if (medium !== null) {
    const { label, state } = medium
    const subject = `the medium ${label}`
    const found = `${label}, ${serialWords(drive)}, ${state}`
    // Somebody said that nobody has it, or that it holds nothing any more.
    return state === 'lost'
      ? { result: 'fail', subject, expected: 'a medium that is not lost', found, reason: 'lost' }
      : { result: 'pass', subject, expected, found }
  }
  const found = `${serialWords(drive)}: not in the register`
  if (unregistered === 'refuse')
    return { result: 'fail', subject: 'the drive', expected, found, reason: 'unregistered' }
  if ((drive?.serial ?? null) === null) return { notAsked: 'drive-not-known' }
  if (unregistered === 'allow') return { notAsked: 'register-not-asked' }
  return { result: 'warn', subject: 'the drive', expected, found, reason: 'unregistered' }
}

function sealSaid(desk: Desk, waybill: Digest): SealSaid {
  const arrivals = registerOf(desk).arrivalsOf(waybill)
  const wrong = arrivals.filter(({ seal }) => !sealFits(seal))
  const [last] = (isSealAlarm(arrivals) ? wrong : arrivals).slice(-1)
  if (last === undefined) return { notAsked: 'seal-not-recorded' }
  const { sheet, bag, whole } = last.seal
  const said = {
    subject: 'the seal',
    expected: `${sheet}, whole`,
    found: `${bag}, ${whole ? 'whole' : 'not whole'}`,
  }
  if (isSealAlarm(arrivals)) return { ...said, result: 'fail', reason: 'seal' }
  return wrong.length === 0
    ? { ...said, result: 'pass' }
    : {
        ...said,
        result: 'warn',
        reason: 'cleared',
        found: `${said.found}; cleared by ${last.by?.name ?? 'an officer'}`,
      }
}

/** What a reading asks of the register, of the drives that its media are in. */
export function registerSaid(desk: Desk, drives: readonly (FoundDrive | null)[]): RegisterSaid {
  return {
    drives: drives.map((drive) => driveSaid(desk, drive)),
    seal: (waybill) => sealSaid(desk, waybill),
    came: cameOn(desk, drives),
  }
}

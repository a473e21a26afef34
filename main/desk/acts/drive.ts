import type { Drive } from '../../../shared/drives.ts'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { barredWords, driveTitle } from '../../../shared/text/drives.ts'
import type { FoundDrive } from '../../media/drives/found.ts'
import { Failure } from '../../platform/failure.ts'
import type { Context } from '../work/context.ts'
import { drivesNow, drivesOf } from '../work/drives.ts'

interface Chosen {
  readonly drive: FoundDrive
  /** All that can be chosen of its whole drive. */
  readonly together: readonly FoundDrive[]
}

/** The drive of that name which is there now and may be used. @throws Failure `drive-unknown`, `drive-barred` */
async function chosen(context: Context, device: string): Promise<Chosen> {
  const { found, judged } = await drivesNow(context)
  const drive = judged.find((one) => one.device === device)
  if (drive === undefined) throw new Failure('drive-unknown', { found: device })
  const barred = barredWords(drive)
  if (barred !== null) throw new Failure('drive-barred', { subject: device, found: barred.means })
  const own = found.find((one) => one.device === device)
  if (own === undefined) throw new Failure('drive-unknown', { found: device })
  return { drive: own, together: found.filter((one) => one.disk === own.disk) }
}

// Whatever reads or writes now may be at that very drive.
function checkQuiet(context: Context): void {
  if (context.jobs.running()) throw new Failure('job-running', { found: 'work that has not ended' })
}

const labelOf = (drive: Omit<Drive, 'barred'>): string => drive.label ?? driveTitle(drive)

/** `drive.list`: the drives that are seen now. Needs no desk. */
export async function list(context: Context): Promise<CallOutput<'drive.list'>> {
  const { judged } = await drivesNow(context)
  const system = await drivesOf(context)
  return { drives: [...judged], unproven: system.unproven, handles: await system.handles() }
}

/** `drive.mount`: a place on a drive. The path is one that the system told, never one that was asked for. */
export async function mount(
  context: Context,
  { device }: CallInput<'drive.mount'>,
): Promise<CallOutput<'drive.mount'>> {
  const { drive } = await chosen(context, device)
  let now = drive
  if (drive.mounted.length === 0) {
    // What came from the other side is only read.
    const readOnly = context.opened?.desk.state.card.side === 'high'
    await (await drivesOf(context)).mount(drive, readOnly)
    now = (await chosen(context, device)).drive
  }
  const [point] = now.mounted
  if (point === undefined)
    throw new Failure('drive-failed', { what: 'mount', subject: device, found: 'it is not seen anywhere' })
  return { place: context.places.register('medium', point), label: labelOf(now) }
}

/** `drive.unmount`: its files are no longer seen here. */
export async function unmount(
  context: Context,
  { device }: CallInput<'drive.unmount'>,
): Promise<CallOutput<'drive.unmount'>> {
  checkQuiet(context)
  const { drive } = await chosen(context, device)
  if (drive.mounted.length > 0) await (await drivesOf(context)).unmount(drive)
  return { device }
}

/** `drive.eject`: all of the drive is unmounted, then it is let go. */
export async function eject(
  context: Context,
  { device }: CallInput<'drive.eject'>,
): Promise<CallOutput<'drive.eject'>> {
  checkQuiet(context)
  const { drive, together } = await chosen(context, device)
  const system = await drivesOf(context)
  for (const one of together) if (one.mounted.length > 0) await system.unmount(one)
  await system.release(drive)
  return { device }
}

import { homedir } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Drive, DriveName } from '../../../shared/drives.ts'
import { barredWords } from '../../../shared/text/drives.ts'
import { judgeDrives, type OwnFolder } from '../../media/drives/barred.ts'
import type { DriveSystem, FoundDrive } from '../../media/drives/found.ts'
import { driveHolding } from '../../media/drives/holding.ts'
import { DriveWatch } from '../../media/drives/watch.ts'
import { Failure } from '../../platform/failure.ts'
import { workerFile } from '../../platform/worker-file.ts'
import type { Context } from './context.ts'

/** @throws Failure `not-here` */
export async function drivesOf(context: Context): Promise<DriveSystem> {
  const { drives } = context.ports
  if (drives === undefined) throw new Failure('not-here', { expected: 'a host that knows the drives' })
  return drives()
}

function ownFolders({ opened }: Context): OwnFolder[] {
  return [
    ...(opened === null ? [] : [{ path: opened.desk.folder.root, what: 'this desk' }]),
    { path: dirname(process.execPath), what: 'the program that runs here' },
    { path: dirname(fileURLToPath(workerFile())), what: 'Sallyport itself' },
    { path: homedir(), what: 'the account’s home' },
  ]
}

/** The drives that are seen now, and whether each may be selected. @throws Failure `not-here`, `drives-unreadable` */
export async function drivesNow(
  context: Context,
): Promise<{ readonly found: readonly FoundDrive[]; readonly judged: readonly Drive[] }> {
  const found = await (await drivesOf(context)).list()
  return { found, judged: await judgeDrives(found, ownFolders(context)) }
}

/** The drive that a folder lies on; `null` for a folder of the system's own drive, and where it is not known. */
export async function driveUnder(context: Context, folder: string): Promise<FoundDrive | null> {
  if (context.ports.drives === undefined) return null
  try {
    const { found, judged } = await drivesNow(context)
    const drive = await driveHolding(folder, found)
    const system = judged.some(({ disk, barred }) => disk === drive?.disk && barred?.why === 'system')
    return system ? null : drive
  } catch {
    // What cannot be told is not known; the act itself does not depend on it.
    return null
  }
}

/** Which drive it was, for records; `null` where nothing of it is known. */
export function driveName(drive: FoundDrive | null): DriveName | null {
  if (drive === null) return null
  const { maker, model, serial, volume } = drive
  return [maker, model, serial, volume].every((one) => one === null) ? null : { maker, model, serial, volume }
}

/** The drive as the result of a reading tells it; nothing where it is not known. */
export function driveSeen(drive: FoundDrive | null): {
  readonly drive?: DriveName & { readonly device: string }
} {
  if (drive === null) return {}
  const { maker, model, serial, volume, device } = drive
  return { drive: { maker, model, serial, volume, device } }
}

const watches = new WeakMap<Context, DriveWatch>()

/** What this session sees of media after their writing. */
export function watchOf(context: Context): DriveWatch {
  const known = watches.get(context)
  if (known !== undefined) return known
  const watch = new DriveWatch(async () => (await drivesOf(context)).list())
  watches.set(context, watch)
  context.ended.addEventListener('abort', () => watch.end(), { once: true })
  return watch
}

/**
 * The drive that is to be taken into the register: one that may be used, and tells itself from others.
 *
 * @throws Failure `media-no-drive`, `drive-barred`, `media-no-serial`, `not-here`, `drives-unreadable`
 */
export async function registrable(
  context: Context,
  which: { readonly place: string } | { readonly device: string },
): Promise<FoundDrive> {
  const { found, judged } = await drivesNow(context)
  const path = 'place' in which ? context.places.path(which.place, 'medium') : which.device
  const drive =
    'place' in which ? await driveHolding(path, found) : found.find(({ device }) => device === which.device)
  if (drive === undefined || drive === null) throw new Failure('media-no-drive', { path })
  const bars = judged.filter(({ disk, barred }) => disk === drive.disk && barred !== null)
  const [bar] = bars
  const words = bar === undefined ? null : barredWords(bar)
  if (words !== null) throw new Failure('drive-barred', { subject: drive.device, found: words.means })
  if (drive.serial === null) throw new Failure('media-no-serial', { subject: drive.device })
  return drive
}

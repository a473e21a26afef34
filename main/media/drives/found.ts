import type { Drive } from '../../../shared/drives.ts'

/** A drive as an adapter finds it: nobody has yet said whether it may be selected. */
export interface FoundDrive extends Omit<Drive, 'barred'> {
  /** Its device number, `major:minor`; `null` where the system has none. */
  readonly number: string | null
  /** What of the system its whole drive holds: mount points, “swap”; empty where nothing of it. */
  readonly system: readonly string[]
  /** The size of the whole drive, in bytes. */
  readonly whole: number
}

/** The drives of one kind of system. Whatever it is told by programs, kernel and drives is hostile input. */
export interface DriveSystem {
  /** Whether it was never tried on a real computer of its kind. */
  readonly unproven: boolean
  /** Whether it can mount, unmount and eject. */
  handles(): Promise<boolean>
  /** @throws Failure `drives-unreadable` */
  list(): Promise<readonly FoundDrive[]>
  /**
   * Mounts a drive for this account; where, is seen by listing again.
   *
   * @throws Failure `drive-by-hand`, `drive-failed`, `drive-busy`
   */
  mount(drive: FoundDrive, readOnly: boolean): Promise<void>
  /** @throws Failure `drive-by-hand`, `drive-failed`, `drive-busy` */
  unmount(drive: FoundDrive): Promise<void>
  /** Lets go of a whole drive, of which nothing is mounted any more. @throws Failure as `unmount` does */
  release(drive: FoundDrive): Promise<void>
}

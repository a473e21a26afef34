import type { OutLevel } from '../../../shared/drives.ts'
import type { FoundDrive } from './found.ts'

/** Milliseconds between two looks. */
const pace = 1000
/** Media that are watched at the same time; the one that was written first is let go. */
const most = 64

/** What was seen of a medium since it was written. */
interface Followed {
  readonly drive: FoundDrive
  gone: boolean
  back: boolean
  unmounted: boolean
  remounted: boolean
}

const isSame = (one: FoundDrive, other: FoundDrive): boolean =>
  one.serial === null
    ? one.volume !== null && one.volume === other.volume
    : one.serial === other.serial && one.partitions === other.partitions

function see(followed: Followed, drives: readonly FoundDrive[]): void {
  const same = drives.filter((one) => isSame(followed.drive, one))
  if (same.length === 0) followed.gone = true
  else if (followed.gone) followed.back = true
  const own = same.filter((one) => one.volume === followed.drive.volume)
  const mounted = own.some((one) => one.mounted.length > 0)
  if (!mounted) followed.unmounted = true
  else if (followed.unmounted) followed.remounted = true
}

/**
 * Sees, in this session, whether a medium leaves after its writing and comes back: by its serial and by its mounts, as
 * the system tells them. Nothing that a page says goes into it. A look that fails has seen nothing.
 */
export class DriveWatch {
  private readonly list: () => Promise<readonly FoundDrive[]>
  private readonly followed = new Map<string, Followed>()
  private readonly every: number
  private timer: NodeJS.Timeout | null = null
  private ended = false

  constructor(list: () => Promise<readonly FoundDrive[]>, every = pace) {
    this.list = list
    this.every = every
  }

  /** Begins with a medium that is there now. One that cannot be told from others is not followed. */
  follow(run: string, drive: FoundDrive): void {
    if (this.ended || (drive.serial === null && drive.volume === null)) return
    this.followed.set(run, { drive, gone: false, back: false, unmounted: false, remounted: false })
    for (const oldest of this.followed.keys()) {
      if (this.followed.size <= most) break
      this.followed.delete(oldest)
    }
    this.wait()
  }

  private wait(): void {
    if (this.timer !== null || this.ended) return
    this.timer = setTimeout(() => {
      this.timer = null
      void this.look().then(() => {
        if (this.followed.size > 0) this.wait()
      })
    }, this.every)
    this.timer.unref()
  }

  /** Looks now. */
  async look(): Promise<void> {
    const drives = await this.list().catch(() => null)
    if (drives !== null) for (const one of this.followed.values()) see(one, drives)
  }

  /** What was seen of the medium of a writing, which is in this drive now; nothing where it is another drive. */
  level(run: string | null, now: FoundDrive | null): OutLevel {
    const one = run === null ? undefined : this.followed.get(run)
    if (one === undefined || now === null || !isSame(one.drive, now)) return 'not-shown'
    // A drive without a serial may be a copy of the one that left.
    if (one.back && now.serial !== null) return 'seen-to-leave'
    return one.remounted ? 'remounted' : 'not-shown'
  }

  end(): void {
    this.ended = true
    this.followed.clear()
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
  }
}

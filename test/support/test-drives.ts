import type { DriveSystem, FoundDrive } from '../../main/media/drives/found.ts'

/** The drives of a session in a test: what is there, where a mount puts it, and what was done with it. */
export class TestDrives implements DriveSystem {
  readonly unproven = false
  drives: readonly FoundDrive[] = []
  /** Where a drive is seen once it is mounted; `null`: nowhere. */
  point: string | null = null
  /** Thrown by whatever is asked next. */
  failure: Error | null = null
  readonly acts: string[] = []

  async handles(): Promise<boolean> {
    return true
  }

  async list(): Promise<readonly FoundDrive[]> {
    this.fail()
    return this.drives
  }

  async mount({ device }: FoundDrive, readOnly: boolean): Promise<void> {
    this.fail()
    this.acts.push(`mount ${device}${readOnly ? ' read-only' : ''}`)
    this.change(device, this.point === null ? [] : [this.point])
  }

  async unmount({ device }: FoundDrive): Promise<void> {
    this.fail()
    this.acts.push(`unmount ${device}`)
    this.change(device, [])
  }

  async release({ disk }: FoundDrive): Promise<void> {
    this.fail()
    this.acts.push(`release ${disk}`)
    this.drives = this.drives.filter((one) => one.disk !== disk)
  }

  private change(device: string, mounted: string[]): void {
    this.drives = this.drives.map((one) => (one.device === device ? { ...one, mounted } : one))
  }

  private fail(): void {
    const { failure } = this
    this.failure = null
    if (failure !== null) throw failure
  }
}

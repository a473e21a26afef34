import { join } from 'node:path'
import { FailingVolume } from './volume.ts'

/** Several failing volumes, on which cases are tried side by side. */
export class FailingVolumes {
  private readonly free: FailingVolume[] = []
  private readonly all: FailingVolume[] = []

  static async mount(folder: string, count: number): Promise<FailingVolumes> {
    const volumes = new FailingVolumes()
    for (let n = 1; n <= count; n++) {
      const one = await FailingVolume.mount(join(folder, `volume-${n}`))
      volumes.free.push(one)
      volumes.all.push(one)
    }
    return volumes
  }

  /** An empty volume, for one act at a time. */
  async with<Result>(act: (volume: FailingVolume) => Promise<Result>): Promise<Result> {
    const volume = this.free.pop()
    if (volume === undefined) throw new Error('more cases at a time than volumes')
    try {
      return await act(volume)
    } finally {
      await volume.clear()
      this.free.push(volume)
    }
  }

  unmount(): void {
    for (const volume of this.all) volume.unmount()
  }
}

import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport, type Ended } from '../command-line.ts'
import { copyOf, crosses, makeStage, saidOf, stateAt, type Stage } from './stage.ts'
import { Tally } from './tally.ts'
import { missingFailing, type FailingVolume } from './volume.ts'
import { FailingVolumes } from './volumes.ts'
import type { WriteFault } from './write-faults.ts'

/** A writing that a fault met, and how it ended. */
interface Met {
  readonly one: WriteFault
  readonly volume: FailingVolume
  readonly low: string
  readonly ended: Ended
}

class Writing {
  readonly stage: Stage
  private readonly number: number

  constructor(stage: Stage, number: number) {
    this.stage = stage
    this.number = number
  }

  /** The low desk as it was before this medium was written, for one case. */
  desk(): Promise<string> {
    return copyOf(this.stage, this.stage.lows[this.number] ?? '')
  }

  write(low: string, to: string): Promise<Ended> {
    return sallyport(['write', this.stage.id, '--desk', low, '--to', to], this.stage.crossing.clock)
  }

  private readBack(low: string, path: string): Promise<Ended> {
    return sallyport(['readback', path, '--desk', low], this.stage.crossing.clock)
  }

  /** What is left on the volume is nothing that looks whole, unless it is. */
  async checkLeft({ one, volume, low }: Met): Promise<void> {
    const left = await readdir(volume.behind)
    const { said } = one
    const whole = left.filter((name) => /^sallyport-[0-9a-f]{16}$/.test(name))
    if (typeof said !== 'string') {
      expect(left).toEqual(whole)
      expect(left).toHaveLength(1)
      const back = await this.readBack(low, join(volume.path, left[0] ?? ''))
      if (said === null) expect([back.code, saidOf(back)]).toEqual([0, null])
      else expect([back.code, said.includes(saidOf(back) ?? '')]).toEqual([3, true])
      return
    }
    expect(whole).toEqual([])
    if (one.left === undefined) expect(left).toEqual([])
    else
      expect(left.some((name) => (one.left === 'part' ? name.endsWith('.part') : name === 'aside'))).toBe(
        true,
      )
  }

  /** Writes the same medium again, once the fault is gone; what lies in the way is said, and removed by hand. */
  async again({ volume, low }: Met): Promise<string> {
    const left = await readdir(volume.behind)
    if (left.some((name) => name.startsWith('sallyport-')))
      expect(saidOf(await this.write(low, volume.path))).toBe('medium-exists')
    await volume.clear()
    const { id, crossing, media } = this.stage
    const words = media.length === 1 ? [] : ['--medium', String(this.number + 1)]
    const { folder } = await done(['write', id, '--desk', low, '--to', volume.path, ...words], crossing.clock)
    const back = await this.readBack(low, folder)
    expect([back.code, saidOf(back)]).toEqual([0, null])
    return folder
  }

  /** The medium has the very parts that one without a fault has, and crosses with the others. */
  async arrives(folder: string): Promise<void> {
    const { media } = this.stage
    const without = media[this.number] ?? ''
    const parts = (await readdir(folder)).filter((name) => name.startsWith('bundle.tar'))
    expect(parts.length).toBeGreaterThan(0)
    for (const name of parts)
      expect((await readFile(join(folder, name))).equals(await readFile(join(without, name)))).toBe(true)
    await crosses(
      this.stage,
      media.map((medium, i) => (i === this.number ? folder : medium)),
    )
  }
}

/** Tries each fault at a medium: the only one, or the second of three. Leaves its figures under `file`. */
export function testWriting(file: string, several: boolean, table: readonly WriteFault[]): void {
  const tally = new Tally(file)
  const name = several ? 'medium 2 of 3' : 'the only medium'
  describe
    .skipIf(missingFailing() !== null)
    .concurrent(`writing ${name} while it fails (needs root, FUSE and python3-fusepy)`, () => {
      let writing: Writing
      let volumes: FailingVolumes
      beforeAll(async () => {
        writing = new Writing(await makeStage(several), several ? 1 : 0)
        volumes = await FailingVolumes.mount(writing.stage.crossing.folder, 5)
      })
      afterAll(async () => {
        volumes.unmount()
        await writing.stage.crossing.dispose()
        tally.end()
      })

      it.each(table.map((one) => [`${one.kind}: ${one.what}`, one] as const))('%s', async (_, one) => {
        const { stage } = writing
        tally.put(one.kind)
        const low = await writing.desk()
        await volumes.with(async (volume) => {
          const before = await stateAt(stage, low, stage.id)
          await volume.fail(one.faults, one.free)
          const ended = await writing.write(low, volume.path)
          if (one.free === undefined) expect(volume.met()).toBeGreaterThan(0)
          expect([ended.code, saidOf(ended)]).toEqual(
            typeof one.said === 'string' ? [1, one.said] : [0, null],
          )
          await volume.fail([])
          const met = { one, volume, low, ended }
          await writing.checkLeft(met)
          if (typeof one.said === 'string') expect(await stateAt(stage, low, stage.id)).toEqual(before)
          await writing.arrives(one.said === null ? ended.json.folder : await writing.again(met))
          tally.survived(one.kind, one.said === null ? 'passed' : 'refused')
        })
        const { intact } = await done(['ledger', 'verify', '--desk', low], stage.crossing.clock)
        expect(intact).toBe(true)
        await rm(low, { recursive: true })
      })
    })
}

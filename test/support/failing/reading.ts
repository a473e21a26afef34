import { cp, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sallyport, type Ended } from '../command-line.ts'
import type { ReadFault } from './read-faults.ts'
import { copyOf, crosses, failing, makeStage, saidOf, type Stage } from './stage.ts'
import { Tally } from './tally.ts'
import { missingFailing, type FailingVolume } from './volume.ts'
import { FailingVolumes } from './volumes.ts'

/** Reads a medium with a fault, then without, and lets it cross. */
class ReadingOne {
  readonly stage: Stage
  private readonly step: 'readback' | 'verify'
  private readonly number: number

  constructor(stage: Stage, step: 'readback' | 'verify', number: number) {
    this.stage = stage
    this.step = step
    this.number = number
  }

  get medium(): string {
    return this.stage.media[this.number] ?? ''
  }

  read(desk: string, path: string): Promise<Ended> {
    return sallyport([this.step, path, '--desk', desk], this.stage.crossing.clock)
  }

  /** The desk that reads: at the high one, the media before this one were read. */
  async desk(): Promise<string> {
    const { crossing, lows, media } = this.stage
    if (this.step === 'readback') return copyOf(this.stage, lows.at(-1) ?? '')
    const desk = await copyOf(this.stage, crossing.high)
    for (const before of media.slice(0, this.number)) expect((await this.read(desk, before)).code).toBe(5)
    return desk
  }

  checkRefused({ said }: ReadFault, ended: Ended): void {
    const { step, number, stage } = this
    const last = step === 'readback' || number === stage.media.length - 1
    if (said === null) expect([ended.code, saidOf(ended)]).toEqual([last ? 0 : 5, null])
    else if (typeof said === 'string') expect([ended.code, saidOf(ended)]).toEqual([1, said])
    else {
      const found = failing(ended)
      expect([ended.code, said.some((one) => found.includes(one)) ? said : found]).toEqual([3, said])
      // The media before stay good; this one does not count.
      const { media } = ended.json
      if (step === 'verify' && number > 0 && media !== undefined)
        expect(media).toMatchObject({ here: number })
    }
  }

  /** The same medium, once the fault is gone, and the rest of them: all that was sent crosses. */
  async goesOn(desk: string, path: string): Promise<void> {
    const { stage, step, number } = this
    if (step === 'verify') {
      await crosses(stage, [path, ...stage.media.slice(number + 1)], desk)
      return
    }
    const back = await this.read(desk, path)
    expect([back.code, saidOf(back)]).toEqual([0, null])
    await crosses(
      stage,
      stage.media.map((medium, i) => (i === number ? path : medium)),
    )
  }
}

/** On a copy in a folder, which is thrown away; then the medium itself. */
async function onFolder(reading: ReadingOne, one: ReadFault, desk: string): Promise<void> {
  const { stage, medium } = reading
  const copy = await copyOf(stage, medium, basename(medium))
  const path = await one.change?.(copy, stage)
  reading.checkRefused(one, await reading.read(desk, typeof path === 'string' ? path : copy))
  await rm(dirname(copy), { recursive: true })
  await reading.goesOn(desk, medium)
}

/** On a volume whose calls fail; then the same medium there, when they do not. */
async function onVolume(
  reading: ReadingOne,
  one: ReadFault,
  desk: string,
  volume: FailingVolume,
): Promise<void> {
  const name = basename(reading.medium)
  const put = (): Promise<void> => cp(reading.medium, join(volume.behind, name), { recursive: true })
  await put()
  await one.change?.(join(volume.behind, name), reading.stage)
  await volume.fail(one.faults ?? [])
  const ended = await reading.read(desk, volume.path)
  if (one.faults !== undefined) expect(volume.met()).toBeGreaterThan(0)
  reading.checkRefused(one, ended)
  await volume.fail([])
  if (one.change !== undefined) {
    await volume.clear()
    await put()
  }
  await reading.goesOn(desk, join(volume.path, name))
}

/** Tries each fault at a step that reads: the only medium, or the second of three. Leaves its figures under `file`. */
export function testReading(
  file: string,
  step: 'readback' | 'verify',
  several: boolean,
  table: readonly ReadFault[],
): void {
  const tally = new Tally(file)
  const name = several ? 'medium 2 of 3' : 'the only medium'
  describe
    .skipIf(missingFailing() !== null)
    .concurrent(
      `${step} of ${name} that is not as it was written (needs root, FUSE and python3-fusepy)`,
      () => {
        let reading: ReadingOne
        let volumes: FailingVolumes
        beforeAll(async () => {
          reading = new ReadingOne(await makeStage(several), step, several ? 1 : 0)
          volumes = await FailingVolumes.mount(reading.stage.crossing.folder, 5)
        })
        afterAll(async () => {
          volumes.unmount()
          await reading.stage.crossing.dispose()
          tally.end()
        })

        it.each(table.map((one) => [`${one.kind}: ${one.what}`, one] as const))('%s', async (_, one) => {
          tally.put(one.kind)
          const desk = await reading.desk()
          if (one.faults === undefined && one.atRoot !== true) await onFolder(reading, one, desk)
          else await volumes.with((volume) => onVolume(reading, one, desk, volume))
          tally.survived(one.kind, one.said === null ? 'passed' : 'refused')
          await rm(desk, { recursive: true })
        })
      },
    )
}

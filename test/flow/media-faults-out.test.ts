import { cp, readdir, readFile, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport, type Ended } from '../support/command-line.ts'
import { damages, type Damage } from '../support/failing/damage.ts'
import { decideBoth } from '../support/desks.ts'
import { outFaults } from '../support/failing/out-faults.ts'
import { copyOf, failing, makeStage, saidOf, stateAt, type Stage } from '../support/failing/stage.ts'
import { Tally } from '../support/failing/tally.ts'
import { missingFailing, type FailingVolume, type Fault } from '../support/failing/volume.ts'
import { FailingVolumes } from '../support/failing/volumes.ts'
import type { WriteFault } from '../support/failing/write-faults.ts'

/*
 * Media of accepted content that fail while they are written, and while they are read back. Nothing that looks whole stays; then
 * the same is written again, and every file on it is what was sent.
 */

const tally = new Tally('out')
const kindOf = (title: string): string => title.slice(0, title.indexOf(':'))
const outName = /^sallyport-out-[0-9a-f]{16}$/

/** What is said of a file of such a medium that is not what was written. */
function saidOfFile(name: string, { readable }: Damage): string {
  if (name.startsWith('export.')) return 'medium.record unreadable'
  if (name.startsWith('content/')) return readable ? 'medium.file differs' : 'medium.file unreadable'
  return readable ? 'medium.sums differs' : 'medium.sums unreadable'
}
const some = damages.filter(({ kind, what }) => kind !== 'replaced' || what === 'by a link to itself')
const damaged = [
  ...['content/files/large.bin', 'content/files/small.txt', 'VERIFY.txt', 'station.pub'],
  ...['export.json', 'export.sigstore.json', 'SHA256SUMS', 'SHA256SUMS.sig.bin'],
].flatMap((name) => some.map((damage) => ({ name, damage, title: `${damage.kind}: ${name} ${damage.what}` })))

const failingRead = (what: string, said: string, fault: Fault) => ({ what, said, fault })
const reads = [
  failingRead('EIO on read: of a file', 'medium.file unreadable', {
    ...{ call: 'read', name: '^large', from: 100_000, act: 'error', errno: 'EIO' },
  }),
  failingRead('EIO on read: opening a file', 'medium.file unreadable', {
    ...{ call: 'open', name: '^large', act: 'error', errno: 'EIO' },
  }),
  failingRead('EIO on read: of export.json', 'medium.record unreadable', {
    ...{ call: 'read', name: '^export\\.json', act: 'error', errno: 'EIO' },
  }),
  failingRead('EIO on read: listing a folder', 'medium.set unreadable', {
    ...{ call: 'readdir', name: '^files$', act: 'error', errno: 'EIO' },
  }),
  failingRead('EIO on read: looking at the folder', 'file-unreadable', {
    ...{ call: 'getattr', name: '^sallyport', act: 'error', errno: 'EIO' },
  }),
  failingRead('taken away in mid-read: in a file', 'medium.file unreadable', {
    ...{ call: 'read', name: '^large', from: 100_000, act: 'gone' },
  }),
  failingRead('reads other bytes: of a file', 'medium.file differs', {
    ...{ call: 'read', name: '^large', from: 100_000, times: 1, act: 'flip' },
  }),
]

describe
  .skipIf(missingFailing() !== null)
  .concurrent('accepted content on a medium that fails (needs root, FUSE and python3-fusepy)', () => {
    let stage: Stage
    let volumes: FailingVolumes
    let id = ''
    /** A medium that was written without a fault. */
    let good = ''
    beforeAll(async () => {
      stage = await makeStage(false)
      const { crossing } = stage
      id = (await done(['verify', ...stage.media, '--desk', crossing.high], crossing.clock)).id
      await decideBoth(crossing, id, 'accept')
      volumes = await FailingVolumes.mount(crossing.folder, 5)
      await volumes.with(async (volume) => {
        await write(crossing.high, volume)
        const [name = ''] = await readdir(volume.path)
        good = join(crossing.folder, 'good', name)
        await cp(join(volume.behind, name), good, { recursive: true })
      })
    })
    afterAll(async () => {
      volumes.unmount()
      await stage.crossing.dispose()
      tally.end()
    })

    const write = (high: string, volume: FailingVolume): Promise<Ended> =>
      sallyport(['export', id, '--desk', high, '--to', `medium:${volume.path}`], stage.crossing.clock)
    const readBack = (high: string, path: string): Promise<Ended> =>
      sallyport(['readback', path, '--desk', high], stage.crossing.clock)
    const checkWhole = async (high: string, folder: string): Promise<void> => {
      const back = await readBack(high, folder)
      expect([back.code, saidOf(back)]).toEqual([0, null])
      for (const [name, bytes] of stage.sent)
        expect((await readFile(join(folder, 'content', 'files', name))).equals(bytes)).toBe(true)
    }
    const checkLeft = async (one: WriteFault, high: string, volume: FailingVolume): Promise<void> => {
      const left = await readdir(volume.behind)
      const whole = left.filter((name) => outName.test(name))
      if (typeof one.said === 'string') {
        expect(whole).toEqual([])
        if (one.left === undefined) expect(left).toEqual([])
        else
          expect(left.some((name) => (one.left === 'part' ? name.endsWith('.part') : name === 'aside'))).toBe(
            true,
          )
        return
      }
      expect(left).toEqual(whole)
      const back = await readBack(high, volume.path)
      if (one.said === null) expect([back.code, saidOf(back)]).toEqual([0, null])
      else expect([back.code, failing(back)]).toEqual([3, one.said])
    }

    it.each(outFaults.map((one) => [`${one.kind}: ${one.what}`, one] as const))(
      'written, %s',
      async (_, one) => {
        tally.put(one.kind)
        const high = await copyOf(stage, stage.crossing.high)
        await volumes.with(async (volume) => {
          const before = await stateAt(stage, high, id)
          await volume.fail(one.faults, one.free)
          const ended = await write(high, volume)
          if (one.free === undefined) expect(volume.met()).toBeGreaterThan(0)
          expect([ended.code, saidOf(ended)]).toEqual(
            typeof one.said === 'string' ? [1, one.said] : [0, null],
          )
          await volume.fail([])
          await checkLeft(one, high, volume)
          if (typeof one.said === 'string') expect(await stateAt(stage, high, id)).toEqual(before)
          if (one.said !== null) {
            const left = (await readdir(volume.behind)).some((name) => name.startsWith('sallyport-'))
            if (left) expect(saidOf(await write(high, volume))).toBe('medium-exists')
            await volume.clear()
            expect((await write(high, volume)).code).toBe(0)
          }
          const [name = ''] = await readdir(volume.path)
          await checkWhole(high, join(volume.path, name))
          tally.survived(one.kind, one.said === null ? 'passed' : 'refused')
        })
        await rm(high, { recursive: true })
      },
    )

    it.each(damaged.map((one) => [one.title, one] as const))('read back, %s', async (_, { name, damage }) => {
      tally.put(damage.kind)
      const high = await copyOf(stage, stage.crossing.high)
      const copy = await copyOf(stage, good, basename(good))
      await damage.act(join(copy, name))
      const ended = await readBack(high, copy)
      expect([ended.code, failing(ended)]).toEqual([3, expect.arrayContaining([saidOfFile(name, damage)])])
      await rm(dirname(copy), { recursive: true })
      await checkWhole(high, good)
      tally.survived(damage.kind, 'refused')
      await rm(high, { recursive: true })
    })

    it.each(reads.map((one) => [one.what, one] as const))('read back, %s', async (what, { said, fault }) => {
      tally.put(kindOf(what))
      const high = await copyOf(stage, stage.crossing.high)
      await volumes.with(async (volume) => {
        const folder = join(volume.behind, basename(good))
        await cp(good, folder, { recursive: true })
        await volume.fail([fault])
        const ended = await readBack(high, volume.path)
        expect(volume.met()).toBeGreaterThan(0)
        if (said.includes('.'))
          expect([ended.code, failing(ended)]).toEqual([3, expect.arrayContaining([said])])
        else expect([ended.code, saidOf(ended)]).toEqual([1, said])
        await volume.fail([])
        await checkWhole(high, join(volume.path, basename(good)))
      })
      tally.survived(kindOf(what), 'refused')
      await rm(high, { recursive: true })
    })
  })

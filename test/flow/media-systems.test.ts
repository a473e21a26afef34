import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport, type Ended } from '../support/command-line.ts'
import {
  decideBoth,
  makeCrossing,
  release,
  writeFiles,
  writeRequest,
  type Crossing,
} from '../support/desks.ts'
import { failing, saidOf } from '../support/failing/stage.ts'
import { Tally } from '../support/failing/tally.ts'
import {
  discVolume,
  exfatVolume,
  fatVolume,
  has,
  kernelHas,
  loopVolume,
  mayLoop,
  memoryVolume,
} from '../support/volumes.ts'

/*
 * A bundle on five media of the file systems that people use, on real block devices: written, lost, made again, rotted, read in
 * another order, and crossed. Then the same media on discs that can only be read.
 */

const mega = 1024 * 1024
const programs = ['mkfs.exfat', 'mount.exfat-fuse', 'mkfs.vfat', 'fusefat']
const missing =
  mayLoop() && existsSync('/dev/fuse') ? programs.filter((one) => !has(one)) : ['root, losetup, FUSE']

describe.skipIf(missing.length > 0)(
  'a bundle on five media of four file systems (needs root, losetup, FUSE, exfat-fuse, exfatprogs, dosfstools, fusefat)',
  () => {
    const tally = new Tally('systems')
    let crossing: Crossing
    let id: string
    /** A second high desk, which has decided nothing. */
    let other: string
    let count = 0
    const undo: (() => void)[] = []
    /** Folders of the media that arrive, by number. */
    const media = new Map<number, string>()
    const sent = new Map([
      ['large.bin', randomBytes(800_000)],
      ['middle.bin', randomBytes(500_000)],
      ['small.txt', Buffer.from('small\n')],
    ])
    const figures = { written: 0, lost: 0, again: 0, crossed: 0 }

    const place = (name: string): string => join(crossing.folder, `${name}-${(count += 1)}`)
    const ext4 = (): string => {
      const folder = place('ext4')
      undo.push(loopVolume(folder, 16 * mega).undo)
      return folder
    }
    const write = (to: string, ...words: string[]): Promise<Ended> =>
      sallyport(['write', id, '--desk', crossing.low, '--to', to, ...words], crossing.clock)
    const written = async (to: string, number: number, ...words: string[]): Promise<string> => {
      const { code, json } = await write(to, '--medium', String(number), ...words)
      expect([code, json['medium']]).toMatchObject([0, { n: number, of: 5 }])
      figures.written += 1
      return json.folder
    }
    const readBack = (path: string): Promise<Ended> =>
      sallyport(['readback', path, '--desk', crossing.low], crossing.clock)
    const whole = async (path: string): Promise<void> => {
      const back = await readBack(path)
      expect([back.code, saidOf(back)]).toEqual([0, null])
    }
    const looksWhole = async (root: string): Promise<string[]> =>
      (await readdir(root)).filter((name) => /^sallyport-[0-9a-f]{16}$/.test(name))

    beforeAll(async () => {
      crossing = await makeCrossing()
      other = join(crossing.folder, 'other')
      await cp(crossing.high, other, { recursive: true })
      const items = await writeFiles(crossing, Object.fromEntries(sent))
      id = await release(crossing, await writeRequest(crossing, items))
    })
    afterAll(async () => {
      for (const step of undo.reverse()) step()
      await crossing.dispose()
      tally.end()
      const { written: all, lost, again, crossed } = figures
      console.log(`five media: ${all} written, ${lost} lost, ${again} made again, ${crossed} of 5 crossed`)
    })

    it('is written to ext4, exFAT and a memory volume, and read back', async () => {
      const size = ['--of-size', String(4 * mega + 300_000)]
      media.set(1, await written(ext4(), 1, ...size))
      const exfat = place('exfat')
      undo.push(exfatVolume(exfat, 16 * mega).undo)
      media.set(2, await written(exfat, 2))
      media.set(4, await written(ext4(), 4))
      const memory = place('memory')
      undo.push(memoryVolume(memory, 16 * mega))
      media.set(5, await written(memory, 5))
      for (const folder of media.values()) await whole(folder)
    })

    it('is refused by a FAT32 driver that loses what it renames; a copy made by hand is read back', async () => {
      tally.put('loses what it renames')
      const fat = place('fat')
      undo.push(fatVolume(fat, 64 * mega))
      const ended = await write(fat, '--medium', '3')
      if (ended.code !== 0) {
        expect(saidOf(ended)).toBe('medium-failed')
        expect(await readdir(fat)).toEqual([])
      }
      const folder = place('folder')
      await mkdir(folder)
      const made = await written(folder, 3)
      const copy = join(fat, basename(made))
      await rm(copy, { recursive: true, force: true })
      execFileSync('cp', ['-r', made, copy])
      await whole(copy)
      media.set(3, copy)
      tally.survived('loses what it renames', 'refused')
    })

    it('is made again alone where a medium is lost', async () => {
      tally.put('taken away between two steps')
      const lost = media.get(2) ?? ''
      // The second volume that was made: its device goes, and what it was mounted on is an empty folder.
      undo.splice(1, 1)[0]?.()
      figures.lost += 1
      const back = await readBack(join(lost, '..'))
      expect(saidOf(back)).toBe('medium-nothing')
      media.set(2, await written(ext4(), 2))
      figures.again += 1
      await whole(media.get(2) ?? '')
      tally.survived('taken away between two steps', 'refused')
    })

    it('is found rotten where bits of the device changed below the file system', async () => {
      tally.put('bit rot')
      const folder = media.get(4) ?? ''
      const root = join(folder, '..')
      const [part = ''] = (await readdir(folder)).filter((name) => name.startsWith('bundle.tar'))
      const mark = (await readFile(join(folder, part))).subarray(100_000, 100_064)
      execFileSync('umount', [root])
      const device = await open(`${root}.img`, 'r+')
      const at = readFileSync(`${root}.img`).indexOf(mark)
      expect(at).toBeGreaterThan(0)
      await device.write(Buffer.from([(mark[0] ?? 0) ^ 1]), 0, 1, at)
      await device.close()
      execFileSync('mount', ['-o', 'loop', `${root}.img`, root])
      const back = await readBack(folder)
      expect([back.code, failing(back)]).toEqual([3, expect.arrayContaining(['medium.part damaged'])])
      figures.lost += 1
      const again = await written(ext4(), 4)
      figures.again += 1
      await whole(again)
      const high = await sallyport(['verify', folder, '--desk', crossing.high], crossing.clock)
      expect([high.code, failing(high)]).toEqual([3, expect.arrayContaining(['medium.part damaged'])])
      media.set(4, again)
      tally.survived('bit rot', 'refused')
    })

    it.each([
      ['ext4 without room for so many files', ['-N', '16']],
      ['a memory volume without', null],
    ] as const)('is refused in the middle by %s', async (_, inodes) => {
      tally.put('full in the middle')
      const full = place('full')
      if (inodes === null) {
        await mkdir(full)
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m,nr_inodes=6', 'tmpfs', full])
        undo.push(() => execFileSync('umount', ['-l', full]))
      } else undo.push(loopVolume(full, 16 * mega, 'sparse', inodes).undo)
      const before = await readdir(full)
      const ended = await write(full, '--medium', '5')
      expect([ended.code, saidOf(ended)]).toEqual([1, 'medium-failed'])
      expect(await readdir(full)).toEqual(before)
      await whole(media.get(5) ?? '')
      tally.survived('full in the middle', 'refused')
    })

    it('is refused by a medium that is mounted to read only', async () => {
      tally.put('read-only')
      const folder = ext4()
      execFileSync('mount', ['-o', 'remount,ro', folder])
      const ended = await write(folder, '--medium', '5')
      expect([ended.code, saidOf(ended)]).toEqual([1, 'medium-failed'])
      tally.survived('read-only', 'refused')
    })

    it('leaves nothing that looks whole where the device is pulled while it is written', async () => {
      tally.put('taken away in mid-write')
      const folder = place('pulled')
      const { undo: away } = loopVolume(folder, 16 * mega)
      const running = write(folder, '--medium', '5')
      while ((await readdir(folder)).every((name) => name === 'lost+found')) await pause(1)
      away()
      const ended = await running
      expect(await readdir(folder)).toEqual([])
      // What is on the device is whole, or does not look so.
      execFileSync('mount', ['-o', 'loop', `${folder}.img`, folder])
      undo.push(() => execFileSync('umount', ['-l', folder]))
      const [found] = await looksWhole(folder)
      expect(
        ended.code === 0 || ended.json.failure.code === 'medium-failed' || saidOf(ended) === 'target-changed',
      ).toBe(true)
      if (found !== undefined) await whole(join(folder, found))
      tally.survived('taken away in mid-write', ended.code === 0 ? 'passed' : 'refused')
    })

    it('crosses: read in another order, accepted, and byte for byte what was sent', async () => {
      const order = [4, 2, 5, 1, 3]
      let last: Ended | null = null
      for (const number of order) {
        last = await sallyport(['verify', media.get(number) ?? '', '--desk', crossing.high], crossing.clock)
        expect([number, last.code]).toEqual([number, number === order.at(-1) ? 0 : 5])
      }
      const arrived = last?.json.id ?? ''
      await decideBoth(crossing, arrived, 'accept')
      const out = join(crossing.folder, 'out')
      await done(['export', arrived, '--desk', crossing.high, '--to', `dir:${out}`], crossing.clock)
      for (const [name, bytes] of sent)
        expect((await readFile(join(out, 'files', name))).equals(bytes)).toBe(true)
      figures.crossed = order.length
    })

    it.skipIf(!has('xorriso') || (!kernelHas('iso9660') && !has('fuseiso')))(
      'is the same on discs that can only be read (needs xorriso, and iso9660 or fuseiso)',
      async () => {
        const discs: string[] = []
        for (const number of [1, 2, 3, 4, 5]) {
          const from = place('from')
          const medium = media.get(number) ?? ''
          await cp(medium, join(from, basename(medium)), { recursive: true })
          const image = `${from}.iso`
          execFileSync('xorriso', ['-as', 'mkisofs', '-quiet', '-R', '-J', '-o', image, from], {
            stdio: 'ignore',
          })
          const folder = place('disc')
          undo.push(discVolume(image, folder, 'iso9660'))
          discs.push(folder)
        }
        for (const disc of discs) await whole(disc)
        const high = await sallyport(['verify', ...discs, '--desk', other], crossing.clock)
        expect([high.code, high.json.outcome]).toEqual([0, 'passed'])
      },
    )

    it.skipIf(!has('genisoimage') || !kernelHas('udf'))(
      'is the same on a UDF disc (needs genisoimage and a kernel with udf)',
      async () => {
        const medium = media.get(1) ?? ''
        const from = place('from')
        await cp(medium, join(from, basename(medium)), { recursive: true })
        execFileSync('genisoimage', ['-quiet', '-udf', '-R', '-o', `${from}.iso`, from], { stdio: 'ignore' })
        const folder = place('udf')
        undo.push(discVolume(`${from}.iso`, folder, 'udf'))
        await whole(folder)
      },
    )
  },
)

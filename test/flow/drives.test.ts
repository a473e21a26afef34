import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { cp, mkdir, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zMedium } from '../../main/bundle/medium.ts'
import type { FoundDrive } from '../../main/media/drives/found.ts'
import { linuxDrives } from '../../main/media/drives/linux.ts'
import { drivePrograms } from '../../main/media/drives/programs.ts'
import { parseEnvelope } from '../../main/sigstore/envelope.ts'
import { deviceNumber } from '../../main/platform/mounts.ts'
import { openSession, type Session } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import type { Check } from '../../shared/verdict.ts'
import { sallyport, type Ended } from '../support/command-line.ts'
import { makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'
import { failureOf } from '../support/failure-of.ts'
import { foundDrive, MadeKernel } from '../support/made-drives.ts'
import { TestDrives } from '../support/test-drives.ts'
import { loopVolume, mayLoop, mayMount, memoryVolume } from '../support/volumes.ts'

const mega = 1024 * 1024
const numberOf = (path: string): string => deviceNumber(statSync(path).dev)

/** A volume of its own as this session's drive would tell it. */
const driveAt = (path: string, about: Partial<FoundDrive> = {}): FoundDrive =>
  foundDrive({ number: numberOf(path), mounted: [path], ...about })

describe.skipIf(!mayMount())('media on drives that are known (needs root: mount)', () => {
  let crossing: Crossing
  let id: string
  let stick: string
  const undo: (() => void)[] = []
  const drives = new TestDrives()
  const by = (words: readonly string[]): Promise<Ended> =>
    sallyport(words, crossing.clock, undefined, undefined, undefined, drives)
  const must = async (words: readonly string[]): Promise<Ended['json']> => {
    const ended = await by(words)
    if (ended.code !== 0) throw new Error(`${words.join(' ')}: ${ended.stdout}`)
    return ended.json
  }
  const medium = async (root: string): Promise<{ serial: unknown; volume: unknown }> => {
    const [folder = ''] = (await readdir(root)).filter((name) => name.startsWith('sallyport-'))
    return zMedium.parse(JSON.parse(readFileSync(join(root, folder, 'medium.json'), 'utf8')))
  }
  const driveCheck = ({ checks, notAsked }: Ended['json']): unknown =>
    checks.find((one: Check) => one.id === 'medium.drive') ??
    notAsked.find((one) => one.id === 'medium.drive')
  const volume = (name: string): string => {
    const path = join(crossing.folder, name)
    undo.push(memoryVolume(path, 40 * mega))
    return path
  }

  beforeAll(async () => {
    crossing = await makeCrossing()
    id = (await makeBundle(crossing, 'plain')).id
    stick = volume('stick')
    drives.drives = [driveAt(stick)]
  })
  afterAll(async () => {
    for (const step of undo) step()
    await crossing.dispose()
  })
  const write = (to: string): Promise<Ended['json']> =>
    must(['write', id, '--desk', crossing.low, '--to', to])

  it('a plain folder, a drive of the system, and one that nobody knows: medium.json says null, and nothing fails', async () => {
    for (const [name, seen] of [
      ['folder', driveAt(stick)],
      ['system', foundDrive({ number: numberOf(tmpdir()), mounted: ['/'] })],
      ['none', null],
    ] as const) {
      const to = join(crossing.folder, `to-${name}`)
      await mkdir(to)
      drives.drives = seen === null ? [] : [seen]
      expect(await write(to)).toMatchObject({ device: null })
      expect(await medium(to)).toMatchObject({ serial: null, volume: null })
    }
    const to = join(crossing.folder, 'to-failed')
    await mkdir(to)
    drives.failure = new Error('lsblk fell over')
    expect(await write(to)).toMatchObject({ device: null })
    drives.drives = [driveAt(stick)]
  })

  it('medium.json, ledger, show, label and custody sheet say which drive it was', async () => {
    expect(await write(stick)).toMatchObject({ device: '/dev/sdb1' })
    expect(await medium(stick)).toMatchObject({ serial: '4C530001', volume: '1A2B-3C4D' })
    const desk = ['--desk', crossing.low]
    await must(['readback', stick, ...desk])
    const drive = { maker: 'SanDisk', model: 'Ultra', serial: '4C530001', volume: '1A2B-3C4D' }
    const shown = await must(['consignment', 'show', id, ...desk])
    expect((shown['media'] as { drive: unknown; out: unknown }[]).at(-1)).toMatchObject({
      drive,
      out: 'not-shown',
    })
    for (const kind of ['label', 'custody']) {
      const out = join(crossing.folder, `${kind}.html`)
      await must(['sheet', id, '--kind', kind, ...desk, '--out', out])
      expect(readFileSync(out, 'utf8')).toContain('4C530001')
    }
    for (const format of ['json', 'html', 'csv']) {
      const out = join(crossing.folder, `report.${format}`)
      await must(['report', id, ...desk, '--format', format, '--out', out])
      const text = readFileSync(out, 'utf8')
      const said = format === 'json' ? parseEnvelope(Buffer.from(text)).payload.toString('utf8') : text
      expect(said).toContain('4C530001')
      expect(said).toContain(format === 'json' ? 'not-shown' : 'not shown to have been out')
    }
    expect((await must(['ledger', 'verify', ...desk])).intact).toBe(true)
  })

  it('the same drive at the other side is told; another one is a warning and changes no outcome; unknown is said', async () => {
    const desk = ['--desk', crossing.high]
    const same = await by(['verify', stick, ...desk])
    expect(same.code).toBe(0)
    expect(driveCheck(same.json)).toMatchObject({ result: 'pass', found: 'serial 4C530001' })
    expect(same.json['drive']).toMatchObject({ serial: '4C530001', device: '/dev/sdb1' })

    drives.drives = [driveAt(stick, { serial: 'COPY-1' })]
    const other = await by(['verify', stick, ...desk])
    expect([other.code, other.json.outcome]).toEqual([0, 'passed'])
    expect(driveCheck(other.json)).toMatchObject({
      result: 'warn',
      reason: 'other-drive',
      expected: 'serial 4C530001',
      found: 'serial COPY-1',
    })
    const back = await by(['readback', stick, '--desk', crossing.low])
    expect([back.code, (driveCheck(back.json) as Check).result]).toEqual([0, 'warn'])

    for (const seen of [[], [driveAt(stick, { serial: null })]]) {
      drives.drives = seen
      const unknown = await by(['verify', stick, ...desk])
      expect([unknown.code, driveCheck(unknown.json)]).toEqual([
        0,
        { id: 'medium.drive', reason: 'drive-not-known' },
      ])
    }
    drives.drives = [driveAt(stick)]
  })

  it('a medium that was written to a plain folder and copied to a drive says no serial, and that is told', async () => {
    const copy = volume('copy')
    await cp(join(crossing.folder, 'to-folder'), copy, { recursive: true })
    drives.drives = [driveAt(stick), driveAt(copy, { serial: 'COPY-2', device: '/dev/sdc1' })]
    const ended = await by(['verify', copy, '--desk', crossing.high])
    expect([ended.code, driveCheck(ended.json)]).toEqual([
      0,
      { id: 'medium.drive', reason: 'drive-not-recorded' },
    ])
    drives.drives = [driveAt(stick)]
  })

  describe('in one session', () => {
    let session: Session
    const awake: string[] = []
    const open = async (folder: string): Promise<void> => {
      session = openSession({
        clock: crossing.clock,
        network: openGate,
        drives: async () => drives,
        stayAwake: () => {
          awake.push('awake')
          return () => void awake.push('asleep')
        },
      })
      await session.call('desk.open', { place: session.place('desk', folder), mode: 'write' })
    }
    const job = async (started: Promise<{ readonly job: string }>): Promise<Record<string, unknown>> => {
      const ended = await session.call('job.wait', { job: (await started).job })
      if (ended.state !== 'done') throw new Error(JSON.stringify(ended.failure))
      return ended.result as Record<string, unknown>
    }
    const readBack = async (path: string): Promise<unknown> =>
      (await job(session.call('readback.start', { medium: session.place('medium', path) })))['out']

    it('reads back what the session itself saw: nothing, unmounted and mounted, gone and back', async () => {
      const target = volume('watched')
      const here = driveAt(target, { serial: 'W-1', device: '/dev/sdd1', disk: '/dev/sdd' })
      const seen = async (...looks: readonly (readonly FoundDrive[])[]): Promise<void> => {
        for (const look of looks) {
          drives.drives = look
          await new Promise((resolve) => setTimeout(resolve, 1300))
        }
      }
      await open(crossing.low)
      drives.drives = [here]
      await job(session.call('write.start', { id, to: session.place('medium', target) }))
      expect(awake).toEqual(['awake', 'asleep'])
      expect(await readBack(target)).toBe('not-shown')
      await seen([{ ...here, mounted: [] }], [here])
      expect(await readBack(target)).toBe('remounted')
      await seen([], [here])
      expect(await readBack(target)).toBe('seen-to-leave')
      // Another drive in its place was never seen here.
      drives.drives = [{ ...here, serial: 'W-2' }]
      expect(await readBack(target)).toBe('not-shown')
      drives.drives = [here]
      const { media } = await session.call('consignment.show', { id })
      expect(media.at(-1)).toMatchObject({ out: 'not-shown', drive: { serial: 'W-1' } })
      await session.close()
    })

    it('lets the computer sleep after a writing that failed, and ejects nothing while work goes on', async () => {
      await open(crossing.low)
      drives.drives = [driveAt(stick)]
      awake.length = 0
      const to = join(crossing.folder, 'failing')
      await mkdir(to)
      const { job: running } = await session.call('write.start', { id, to: session.place('medium', to) })
      expect((await failureOf(session.call('drive.eject', { device: '/dev/sdb1' }))).code).toBe('job-running')
      expect((await failureOf(session.call('drive.unmount', { device: '/dev/sdb1' }))).code).toBe(
        'job-running',
      )
      await session.call('job.cancel', { job: running })
      expect((await session.call('job.wait', { job: running })).state).toBe('cancelled')
      expect(awake).toEqual(['awake', 'asleep'])
      await session.close()
    })

    it('a high desk mounts to read only, and its own drive is never to be chosen', async () => {
      await open(crossing.high)
      drives.drives = [
        foundDrive({ mounted: [] }),
        foundDrive({ device: '/dev/sda1', disk: '/dev/sda', number: numberOf(crossing.high) }),
      ]
      drives.point = stick
      drives.acts.length = 0
      await session.call('drive.mount', { device: '/dev/sdb1' })
      expect(drives.acts).toEqual(['mount /dev/sdb1 read-only'])
      const { drives: seen } = await session.call('drive.list', {})
      expect(seen.find(({ disk }) => disk === '/dev/sda')?.barred?.found).toContain('this desk')
      await session.close()
    })
  })
})

describe.skipIf(!mayLoop() || !existsSync('/usr/bin/lsblk'))(
  'a block device of this computer (needs root, losetup, mkfs.ext4, lsblk)',
  () => {
    let crossing: Crossing
    const undo: (() => void)[] = []
    beforeAll(async () => {
      crossing = await makeCrossing()
    })
    afterAll(async () => {
      for (const step of undo) step()
      await crossing.dispose()
    })

    it('is listed as it is, the folder on it is told by its device number, and its USB device by the kernel', async () => {
      const { id } = await makeBundle(crossing, 'first')
      const target = join(crossing.folder, 'loop')
      const { device, undo: away } = loopVolume(target, 64 * mega)
      undo.push(away)
      const kernel = new MadeKernel(join(crossing.folder, 'kernel'))
      kernel.usb(device.slice('/dev/'.length), ['08'], {
        serial: 'LOOP-1',
        manufacturer: 'Made',
        product: 'Loop',
      })
      // The kernel's own mounts, beside a made USB device: a loop device hangs on none.
      writeFileSync(join(kernel.root, 'proc', 'self', 'mountinfo'), readFileSync('/proc/self/mountinfo'))
      const drives = linuxDrives(drivePrograms({}), kernel.root)
      const found = (await drives.list()).find((one) => one.device === device)
      expect(found).toMatchObject({
        serial: 'LOOP-1',
        size: 64 * mega,
        fileSystem: 'ext4',
        mounted: [target],
        number: numberOf(target),
        readOnly: false,
        system: [],
      })
      const words = ['write', id, '--desk', crossing.low, '--to', target]
      const ended = await sallyport(words, crossing.clock, undefined, undefined, undefined, drives)
      expect([ended.code, ended.json['device']]).toEqual([0, device])
      const [name = ''] = (await readdir(target)).filter((one) => one.startsWith('sallyport-'))
      const medium = JSON.parse(readFileSync(join(target, name, 'medium.json'), 'utf8')) as unknown
      expect(zMedium.parse(medium).serial).toBe('LOOP-1')
    })

    it('mounted to read only, it is told so; the disc of this system is never to be chosen', async () => {
      const target = join(crossing.folder, 'read-only')
      const { device, undo: away } = loopVolume(target, 16 * mega)
      undo.push(away)
      execFileSync('mount', ['-o', 'remount,ro', target])
      mkdirSync(join(crossing.folder, 'x'), { recursive: true })
      const session = openSession({
        clock: crossing.clock,
        network: openGate,
        drives: async () => linuxDrives(drivePrograms({})),
      })
      const { drives } = await session.call('drive.list', {})
      await session.close()
      expect(drives.find((one) => one.device === device)).toMatchObject({ readOnly: true, barred: null })
      expect(
        drives.filter(({ mounted }) => mounted.includes('/')).every(({ barred }) => barred?.why === 'system'),
      ).toBe(true)
    })
  },
)

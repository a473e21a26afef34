import { mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { judgeDrives } from '../../../../main/media/drives/barred.ts'
import { driveHolding } from '../../../../main/media/drives/holding.ts'
import { deviceNumber, parseMounts } from '../../../../main/platform/mounts.ts'
import { barredWords } from '../../../../shared/text/drives.ts'
import { foundDrive } from '../../../support/made-drives.ts'

const why = async (about: Parameters<typeof foundDrive>[0]): Promise<string | null> => {
  const [drive] = await judgeDrives([foundDrive(about)], [])
  return drive === undefined ? 'not listed' : (barredWords(drive)?.means ?? null)
}
const here = deviceNumber(statSync(tmpdir()).dev)

describe('which drives may be selected', () => {
  it.each([
    [{ system: ['/'] }, 'It holds the system (/).'],
    [{ system: ['swap'] }, 'It holds swap.'],
    [{ interfaces: ['03'] }, 'This device also claims to be a keyboard or mouse (03).'],
    [
      { interfaces: ['03', '03', 'ff'] },
      'This device also claims to be a keyboard or mouse (03), something of its maker’s own (ff).',
    ],
    [{ interfaces: ['??'] }, 'This device also claims to be something else than a drive (??).'],
    [{ interfaces: ['0x; rm'] }, 'This device also claims to be something else than a drive (0x; rm).'],
    // The system comes first: it is not to be taken out.
    [{ system: ['/boot'], interfaces: ['03'] }, 'It holds the system (/boot).'],
    [{}, null],
    [{ interfaces: null }, null],
    [{ readOnly: true }, null],
  ])('%j: %s', async (about, means) => expect(await why(about)).toBe(means))

  it.each([
    ['this desk', tmpdir()],
    ['the program that runs here', process.execPath],
    ['the account’s home', homedir()],
  ])('never the one that holds %s, told once as a whole', async (what, path) => {
    const number = deviceNumber(statSync(path).dev)
    const drives = [
      foundDrive({ number }),
      foundDrive({ device: '/dev/sdb2', number: '8:18', mounted: ['/x'] }),
    ]
    const judged = await judgeDrives(drives, [{ path, what }])
    expect(judged).toMatchObject([
      {
        device: '/dev/sdb',
        size: 8_000_000_000,
        fileSystem: null,
        label: null,
        volume: null,
        mounted: ['/media/stick', '/x'],
        barred: { why: 'system', found: what },
      },
    ])
  })

  it('a folder that is not there bars nothing', async () => {
    const [drive] = await judgeDrives([foundDrive()], [{ path: '/not/there', what: 'this desk' }])
    expect(drive?.barred).toBeNull()
  })
})

describe('the drive that a folder lies on', () => {
  it('is the one with its device number, however the folder is called', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-held-'))
    try {
      expect(
        await driveHolding(folder, [foundDrive(), foundDrive({ device: '/dev/x', number: here })]),
      ).toMatchObject({
        device: '/dev/x',
      })
      // A drive that says it is mounted there does not thereby hold it.
      expect(await driveHolding(folder, [foundDrive({ mounted: [tmpdir()] })])).toBeNull()
      expect(await driveHolding(join(folder, 'none'), [foundDrive({ number: here })])).toBeNull()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('mounts as Linux tells them', () => {
  it('passes over what has another form, and reads blanks in names', () => {
    const text = [
      '',
      'garbage',
      '1 2 8:1 / /a rw',
      '36 35 8:17 / /media/my\\040st\\134ick rw,noatime master:1 shared:2 - vfat /dev/sdb1 rw',
      '37 35 0:44 / /b ro - btrfs /dev/sdc rw',
    ].join('\n')
    expect(parseMounts(text)).toEqual([
      { number: '8:17', point: '/media/my st\\ick', type: 'vfat', source: '/dev/sdb1', readOnly: false },
      { number: '0:44', point: '/b', type: 'btrfs', source: '/dev/sdc', readOnly: true },
    ])
  })
})

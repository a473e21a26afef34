import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { release, writeFiles, writeRequest, type Crossing } from '../support/desks.ts'
import { shownDrive, standInDrives, type DriveList } from '../support/drive-list.ts'
import { Keys } from '../support/keys.ts'
import { look } from '../support/look.ts'
import { loopVolume, mayLoop } from '../support/volumes.ts'

const mega = 1024 * 1024
const has = canRunApp && mayLoop() && existsSync('/usr/bin/lsblk')

describe.skipIf(!has)('drives in the packed app (needs Linux, Xvfb, root, losetup, lsblk)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  let stick: string
  let device: string
  let undo: () => void
  const { press, heading } = byWindow(() => one)
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    await release(crossing, await writeRequest(crossing, await writeFiles(crossing, { 'a.txt': 'a\n' })))
    stick = join(stage.home, 'stick')
    ;({ device, undo } = loopVolume(stick, 64 * mega))
    stage.own()
    one = await launchApp(stage, { desk: crossing.low })
  })
  afterAll(async () => {
    undo()
    await closeCrossing(one, stage, crossing)
  })
  const row = (name: string) => one.page.getByRole('row').filter({ hasText: name })

  it('writes to one by keyboard alone, and reads it back; that of this system has no button', async () => {
    const { page } = one
    await press('payments-2026-11')
    await heading(/is released and can be written$/)
    await row(stick).waitFor()
    await look(page, 'write-drives')
    expect(await row('Not for media').count()).toBe(0)
    await press(/^Show \d+ drives? not for media$/)
    expect(await row('Not for media').count()).toBeGreaterThan(0)
    expect(await row('Not for media').getByRole('button').count()).toBe(0)
    await new Keys(page).press(`Write here: A drive without a name, ${device}`)
    await heading(/^Copy 1 goes to/)
    await press('Write copy 1')
    await heading('Take the medium out, put it back in, and read it back')
    expect(readdirSync(stick).some((name) => name.startsWith('sallyport-'))).toBe(true)
    await press(`Read it back: A drive without a name, ${device}`)
    await heading('1 copy read back exactly as written')
    // The loop device was never out, and the window says nothing else.
    await page.getByText('Read back; not shown to have been out').waitFor()
  })

  describe('as a test tells them', () => {
    let list: DriveList
    beforeAll(async () => {
      list = await standInDrives(one.app, stage.home)
      stage.own()
    })

    it('says why one may not be used and what to do, and gives it no button', async () => {
      const { page } = one
      list.set([
        shownDrive({
          device: '/dev/sda',
          model: 'System disc',
          serial: 'S-0',
          barred: { why: 'system', found: 'the system (/)' },
        }),
        shownDrive({
          device: '/dev/sdc1',
          model: 'Rubber',
          serial: 'D-66',
          barred: { why: 'composite', found: 'a keyboard or mouse (03)' },
        }),
        shownDrive(),
        shownDrive({ device: '/dev/sdd1', model: 'Locked', serial: 'R-1', readOnly: true }),
        shownDrive({
          device: '/dev/sde1',
          model: 'Fresh',
          serial: null,
          mounted: [],
          label: null,
          fileSystem: null,
          partitions: 2,
        }),
      ])
      await press('Copies')
      await heading(/^1 copy of .* is written$/)
      await row('Rubber').waitFor()
      await look(page, 'drives-barred')
      await press('Show 1 drive not for media')
      for (const name of ['Rubber', 'System disc'])
        expect(await row(name).getByRole('button').count()).toBe(0)
      expect(await row('Rubber').innerText()).toContain(
        'This device also claims to be a keyboard or mouse (03).',
      )
      expect(await row('Rubber').innerText()).toContain('security officer')
      expect(await row('System disc').innerText()).toContain('It holds the system (/).')
      const buttons = async (name: string): Promise<string[]> => row(name).getByRole('button').allInnerTexts()
      expect(await buttons('Ultra')).toEqual(['Write here', 'Eject'])
      expect(await buttons('Locked')).toEqual(['Eject'])
      expect(await buttons('Fresh')).toEqual(['Write here', 'Eject'])
      // What may be used stands first.
      expect(
        await page.getByRole('region', { name: 'Drives' }).getByRole('row').nth(1).innerText(),
      ).toContain('Ultra')
    })

    it('a drive that is busy is told, and stays', async () => {
      await press('Eject: SanDisk Ultra, serial 4C530001')
      await one.page.getByRole('heading', { name: 'The drive /dev/sdb1 is still in use.' }).waitFor()
      await look(one.page, 'drives-busy')
    })

    it('without a program that mounts, words are there for the person; a system never tried says so', async () => {
      list.set([shownDrive({ mounted: [] })], { handles: false, unproven: true })
      await one.page.getByText('Open it in the system’s file manager first.').waitFor()
      expect(await row('Ultra').getByRole('button').count()).toBe(0)
      await one.page.getByText('that was not tried on a real one', { exact: false }).waitFor()
      await look(one.page, 'drives-unproven')
    })

    it('follows what comes and goes; where drives cannot be listed, folders still can be chosen', async () => {
      const { page } = one
      list.set([])
      await page.getByText('None that can be used is in.').waitFor()
      list.fail()
      await page.getByText('cannot be listed', { exact: false }).waitFor()
      await look(page, 'drives-unreadable')
      expect(await page.getByRole('button', { name: 'Write another copy…' }).isEnabled()).toBe(true)
      list.set([shownDrive()])
      await row('Ultra').waitFor()
    })

    it('asks only while a page shows them', async () => {
      await one.page
        .getByRole('navigation', { name: 'Places' })
        .getByRole('button', { name: /^Settings/ })
        .click()
      await heading(/./)
      await new Promise((resolve) => setTimeout(resolve, 300))
      const then = list.asked()
      await new Promise((resolve) => setTimeout(resolve, 2500))
      expect(list.asked()).toBe(then)
    })
  })

  it('the high side reads one', async () => {
    await one.close()
    one = await launchApp(stage, { desk: crossing.high })
    await press('Receive a medium…')
    await heading('Put the medium in, and choose it')
    await row(stick).waitFor()
    await look(one.page, 'receive-drives')
    await press(`Read this: A drive without a name, ${device}`)
    await heading('Everything that was asked was proven')
  })
})

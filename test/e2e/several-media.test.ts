import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { done } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { release, writeFiles, writeRequest, type Crossing } from '../support/desks.ts'
import { look, lookOtherwise } from '../support/look.ts'
import { flipBit } from '../support/media.ts'
import { mayMount, memoryVolume } from '../support/volumes.ts'

const mega = 1024 * 1024
const par2 = '/usr/bin/par2'

describe.skipIf(!canRunApp || !mayMount())(
  'a bundle on several media in the packed app (needs Linux, Xvfb and root)',
  () => {
    let stage: Stage
    let crossing: Crossing
    let one: LaunchedApp
    const sticks: string[] = []
    const undo: (() => void)[] = []
    const { press, heading } = byWindow(() => one)

    beforeAll(async () => {
      ;({ stage, crossing } = await openCrossing())
      const files = { 'large.bin': randomBytes(5 * mega), 'notes.txt': 'notes\n' }
      await release(crossing, await writeRequest(crossing, await writeFiles(crossing, files)))
      for (const name of ['stick-1', 'stick-2', 'stick-3']) {
        const stick = join(stage.home, name)
        undo.push(memoryVolume(stick, 8 * mega))
        sticks.push(stick)
      }
      stage.own()
      one = await launchApp(stage, { desk: crossing.low })
    })
    afterAll(async () => {
      for (const step of undo) step()
      await closeCrossing(one, stage, crossing)
    })

    it('says that it does not fit on one, lays it on several, and writes and reads back each', async () => {
      const { page, dialogs } = one
      await press('payments-2026-11')
      await heading(/is released and can be written$/)
      await dialogs.next([sticks[0] ?? ''])
      await press('Choose a folder…')
      await page.getByText('medium-full').waitFor()
      await look(page, 'write-too-large')
      await press('Lay it on several of 8 MB…')
      await heading(/^Medium 1 of 2 goes to “stick-1”/)
      await page
        .getByText(/^2 media of this size; .* stay free on the last\. Keep one more at hand\.$/)
        .waitFor()
      await look(page, 'write-several')
      await lookOtherwise(page, 'write-several')
      await press('Write medium 1 of 2')
      await heading('Take the medium out, put it back in, and read it back')
      await dialogs.next([sticks[0] ?? ''])
      await press('It was out and is in again: read it…')
      await heading('1 of 2 media read back exactly as written')
      await press('Write medium 2…')
      await heading('1 of 2 media of payments-2026-11 are written')
      await look(page, 'write-next-medium')
      await dialogs.next([sticks[1] ?? ''])
      await press('Write medium 2…')
      await heading(/^Medium 2 of 2 goes to “stick-2”/)
      await press('Write medium 2 of 2')
      await heading('1 of 2 media read back exactly as written')
      await dialogs.next([sticks[1] ?? ''])
      await press('It was out and is in again: read it…')
      await heading('2 of 2 media read back exactly as written')
      await look(page, 'read-back-several')
    })

    it('makes one again alone: the same parts, the next copy', async () => {
      const { page, dialogs } = one
      await press('Copies')
      await heading('2 of 2 media of payments-2026-11 are written')
      await dialogs.next([sticks[2] ?? ''])
      await press('Make again: medium 2')
      await heading(/^Medium 2 of 2 goes to “stick-3”/)
      await press('Write medium 2 of 2')
      await heading('2 of 2 media read back exactly as written')
      await press('Show every copy')
      await page.getByText('Medium 2 of 2, copy 2').waitFor()
      const [parts] = [1, 2].map((stick) =>
        readdirSync(join(sticks[stick] ?? '', readdirSync(sticks[stick] ?? '')[0] ?? '')),
      )
      expect(parts).toContain('bundle.tar.002')
      await press('Go on to hand over')
      await heading('2 copies of payments-2026-11 can be handed over')
      await press('Print labels…')
      await page.frameLocator('iframe').getByText('Medium 2 of 2, copy 1').waitFor()
    })

    it('reads them at the other side in any order, and says what is still to come', async () => {
      await one.close()
      one = await launchApp(stage, { desk: crossing.high })
      const { page, dialogs } = one
      await press(/^Receive/)
      await heading('Put the medium in, and choose it')
      await dialogs.next([sticks[2] ?? ''])
      await press('Choose a folder…')
      await heading('Put in the next medium: 1 is still to be read')
      await page.getByText('1 of 2 media are here', { exact: true }).waitFor()
      await page.getByText('It is not proven that the bytes are what somebody signed.').waitFor()
      await page.getByText('Accepting is closed: 1 of 2 here; still to be read: 1.').waitFor()
      expect(await page.getByRole('button', { name: 'Accept…' }).isDisabled()).toBe(true)
      await look(page, 'verdict-next-medium')
      await lookOtherwise(page, 'verdict-next-medium')
      await press('Read the next medium…')
      await dialogs.next([sticks[0] ?? ''])
      await press('Choose a folder…')
      await heading('Everything that was asked was proven')
      await look(page, 'verdict-all-media')
    })

    it.skipIf(!existsSync(par2))('repairs a damaged one to a copy (needs par2)', async () => {
      await one.close()
      stage.take()
      const { low, high, clock, folder } = crossing
      const digest = createHash('sha256').update(readFileSync(par2)).digest('hex')
      const policy = join(folder, 'par2.yaml')
      writeFileSync(policy, `sallyport: policy/v1\nversion: 2\nprograms:\n  par2: [sha256:${digest}]\n`)
      for (const desk of [low, high]) await done(['policy', 'set', policy, '--desk', desk], clock)
      const files = { 'second.bin': randomBytes(2 * mega) }
      await release(
        crossing,
        await writeRequest(crossing, await writeFiles(crossing, files), { name: 'payments-2026-12' }),
      )
      const stick = join(stage.home, 'stick-4')
      const copy = join(stage.home, 'copy')
      mkdirSync(stick)
      mkdirSync(copy)
      stage.own()
      one = await launchApp(stage, { desk: low })
      await press('payments-2026-12')
      await heading(/is released and can be written$/)
      await press('Show sizes')
      await one.page.getByLabel('Recovery data, in percent (may stay empty)').fill('10')
      await one.dialogs.next([stick])
      await press('Choose a folder…')
      await heading(/^Copy 1 goes to “stick-4”/)
      await one.page.getByText('10 %, by par2').waitFor()
      await look(one.page, 'write-recovery')
      await press('Write copy 1')
      await heading('Take the medium out, put it back in, and read it back')
      await one.close()
      stage.take()
      const bundle = join(stick, readdirSync(stick)[0] ?? '')
      await flipBit(join(bundle, 'bundle.tar'), 700_000)
      stage.own()
      one = await launchApp(stage, { desk: high })
      await press(/^Receive/)
      await press('Show how to repair a damaged medium')
      await look(one.page, 'receive-repair')
      await one.dialogs.next([stick])
      await one.dialogs.next([copy])
      await press('Repair to a copy…')
      await heading('The medium was repaired to a copy')
      await one.page.getByText('Damaged and repaired: bundle.tar').waitFor()
      await look(one.page, 'repaired')
      await press('Read the copy…')
      await one.dialogs.next([copy])
      await press('Choose a folder…')
      // It follows on a bundle that nobody has decided on yet; what it holds is proven all the same.
      await heading(/^Hold: /)
      await one.page.getByText(/^The bytes are exactly what Bob Lind and Carol Diaz signed/).waitFor()
    })
  },
)

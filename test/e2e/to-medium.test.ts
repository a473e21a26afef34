import { appendFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { sallyport } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { decideBoth, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { look, lookOtherwise } from '../support/look.ts'

describe.skipIf(!canRunApp)('an export to a medium in the packed app (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  let stick = ''
  const { press, heading } = byWindow(() => one)

  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    const { high, clock, folder } = crossing
    await mkdir(join(folder, 'request'), { recursive: true })
    await writeFile(join(folder, 'request', 'notes.txt'), 'notes\n')
    const id = await release(crossing, await writeRequest(crossing, ['file: notes.txt']))
    const read = await sallyport(['verify', await writeTo(crossing, id, 'medium'), '--desk', high], clock)
    await decideBoth(crossing, read.json.id, 'accept')
    stick = join(stage.home, 'stick')
    await mkdir(stick)
    stage.own()
    one = await launchApp(stage, { desk: high })
  })
  afterAll(() => closeCrossing(one, stage, crossing))

  it('writes a medium, says what is still to do, reads it back, and prints label and custody sheet', async () => {
    const { page, dialogs } = one
    await page.getByRole('row').nth(1).getByRole('button').first().click()
    await heading('Accepted by Dave Okoro and Erin Sand')
    await press('Export…')
    await heading('payments-2026-11 is accepted and can be exported')
    await page.getByRole('radio', { name: /^A medium:/ }).check()
    await page.getByRole('radio', { name: /^As a folder$/ }).waitFor()
    await look(page, 'export-medium')
    await lookOtherwise(page, 'export-medium')
    await dialogs.next([stick])
    await press('Choose the medium and export…')
    await heading('payments-2026-11 was exported')
    await page.getByText(/A copy that was not read back may not leave/).waitFor()
    await page.getByText('Written, not read back').waitFor()
    expect(await page.getByRole('button', { name: 'Print labels…' }).count()).toBe(0)
    await look(page, 'exported-medium')
    await dialogs.next([stick])
    await press('It was out and is in again: read it…')
    await page.getByText('1 copy read back exactly as written.').waitFor()
    await look(page, 'exported-medium-read')
    await lookOtherwise(page, 'exported-medium-read')
    await press('Print labels…')
    await heading(/labels/)
    await press('Export')
    await heading('payments-2026-11 was exported')
  })

  it('says so where it no longer holds what was written, and leads back to the export', async () => {
    const { page, dialogs } = one
    const [name = ''] = await readdir(stick)
    await appendFile(join(stick, name, 'content', 'files', 'notes.txt'), 'x')
    await dialogs.next([stick])
    await press('It was out and is in again: read it…')
    await page.getByText('content/files/notes.txt').first().waitFor()
    await look(page, 'exported-medium-damaged')
    await press('Write another copy')
    await heading('payments-2026-11 was exported')
    await page.getByText('Does not hold what was written: do not use').waitFor()
  })
})

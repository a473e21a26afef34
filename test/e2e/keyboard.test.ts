import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { makeBundle, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { Keys } from '../support/keys.ts'
import { draw } from '../support/look.ts'

// Long enough that a busy computer has drawn the page twice before it is read.
const large = 1536 * 1024 * 1024

describe.skipIf(!canRunApp)('the packed app by keyboard alone, and long work (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  let medium: string
  let heavy: string
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    medium = (await makeBundle(crossing, 'medium-1')).folder
    const file = join(crossing.folder, 'request', 'large.bin')
    writeFileSync(file, 'x')
    truncateSync(file, large)
    const request = await writeRequest(crossing, ['file: ./large.bin'])
    heavy = await writeTo(crossing, await release(crossing, request), 'medium-2')
    stage.own()
    one = await launchApp(stage, { desk: crossing.high })
  })
  afterAll(() => closeCrossing(one, stage, crossing))
  const heading = (text: string | RegExp) => one.page.getByRole('heading', { level: 1, name: text }).waitFor()

  async function signAs(keys: Keys, id: 'dave' | 'erin'): Promise<void> {
    const { page, dialogs } = one
    await keys.pick(/\((dave|erin)\)/, `(${id})`)
    await dialogs.next([crossing.people[id].key])
    await keys.press('Choose your key file…')
    await page.getByText(`${id}.key`).waitFor()
    await keys.fill('Passphrase of your key', readFileSync(crossing.passphrase, 'utf8').trim())
    await keys.fill('Reason', 'Not asked for')
    await keys.press('Reject with my key')
  }

  it('receives, verifies and rejects without a mouse', async () => {
    const { page, dialogs } = one
    const keys = new Keys(page)
    await heading('Nothing has arrived yet')
    await keys.press('Receive a medium…')
    await heading('Put the medium in, and choose it')
    await dialogs.next([medium])
    await keys.press('Choose a folder…')
    await heading('Everything that was asked was proven')
    await keys.press('Show more: on every verdict here')
    await keys.press(/^Show more: /)
    await keys.press('Reject…')
    await heading('Reject this consignment: two people sign')
    await keys.tabTo(/sha256:/)
    await keys.key('Space')
    await signAs(keys, 'dave')
    await page.getByText(/^Names as a cause: sha256:/).waitFor()
    await heading('Reject this consignment: one more person signs')
    await signAs(keys, 'erin')
    await page.getByText('Rejected by two people.').waitFor()
    await keys.press('Report…')
    await heading('The report is ready to be saved and printed')
    await dialogs.next([join(stage.home, 'rejected.html')])
    // The group of formats is one stop; arrows choose in it.
    await keys.tabTo(/^PDF/)
    await keys.key('ArrowDown')
    await keys.key('ArrowDown')
    await keys.press('Save page (HTML)…')
    await page.getByRole('heading', { name: 'rejected.html' }).waitFor()
    expect(readFileSync(join(stage.home, 'rejected.html'), 'utf8')).toContain(
      'Rejected by Dave Okoro and Erin Sand.',
    )
  })

  it('survives a reload in mid-job, and can be cancelled', async () => {
    const { page, dialogs } = one
    await page.getByRole('button', { name: /^Consignments/ }).click()
    await page.getByRole('button', { name: 'Receive a medium…' }).click()
    await dialogs.next([heavy])
    await page.getByRole('button', { name: 'Choose a folder…' }).click()
    await heading('Reading the medium. Leave it in.')
    await page.reload()
    await heading('Reading the medium. Leave it in.')
    await draw(page, 'working')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await heading('The work was cancelled')
    await page.getByText('Nothing that looks finished was left behind.').first().waitFor()
    await page.getByRole('heading', { name: 'Cancelled, as you asked' }).waitFor()
    expect(await page.getByText(/What went wrong|Under way/).count()).toBe(0)
    expect(await page.getByRole('alert').count()).toBe(0)
    await draw(page, 'cancelled')
    await page.getByRole('button', { name: 'Back to the consignments' }).click()
  })

  it('leads back to work that ended while another page was shown', async () => {
    const { page, dialogs } = one
    await page.getByRole('button', { name: 'Receive a medium…' }).click()
    await dialogs.next([heavy])
    await page.getByRole('button', { name: 'Choose a folder…' }).click()
    await heading('Reading the medium. Leave it in.')
    await page.getByRole('button', { name: 'Ledger' }).click()
    await heading(/^The ledger has/)
    await page.getByRole('button', { name: 'Show what came of it' }).click()
    await page.getByRole('button', { name: 'Show the waybill' }).waitFor()
    await page.getByRole('button', { name: 'Hold…' }).waitFor()
    await draw(page, 'came-back')
  })
})

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { makeBundle, type Crossing } from '../support/desks.ts'
import { look, lookOtherwise } from '../support/look.ts'

describe.skipIf(!canRunApp)('a request in words (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  const { press, heading, go, closed } = byWindow(() => one)
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    await makeBundle(crossing, 'medium-1')
    stage.own()
    one = await launchApp(stage, { desk: crossing.low })
  })
  afterAll(() => closeCrossing(one, stage, crossing))

  it('says what is missing by the names of the fields, and nothing of schemas', async () => {
    const { page } = one
    await go('Consignments')
    await press('New request…')
    await heading('Write down what is wanted, why and for whom')
    await page
      .getByText(
        'Missing: the name, the reason, the requester, the destination desk, the channel, what to carry.',
      )
      .waitFor()
    expect(await page.getByText(/Too small|expected array|received|items; found/).count()).toBe(0)
    // Nothing was typed yet: nothing is called wrong at its field.
    expect(await page.locator('.field .field-error:not(:empty)').count()).toBe(0)
    await look(page, 'request-missing')
  })

  it('says what is wrong at the field where it was typed', async () => {
    const { page } = one
    await page.getByLabel('Name', { exact: true }).fill('two words')
    const field = page.locator('.field', { has: page.getByLabel('Name', { exact: true }) })
    await field.getByText(/^Expected: a name of letters, digits/).waitFor()
    await press('Add an image')
    await page.getByLabel('Image 1').fill('no/such host')
    await page
      .locator('.field', { has: page.getByLabel('Image 1') })
      .getByText(/^Expected: /)
      .waitFor()
    await look(page, 'request-wrong')
    await lookOtherwise(page, 'request-wrong')
    await press('Clear')
  })

  it('asks for the folder where a request begins with the text of another one', async () => {
    const { page, dialogs } = one
    await go('Consignments')
    await page
      .getByRole('button', { name: /^payments-2026-11/ })
      .first()
      .click()
    await page.getByRole('button', { name: 'Request', exact: true }).click()
    await press('Begin a new request with this text')
    await heading('One thing is open: which folder the files of this request lie in')
    expect(await closed('Collect')).toBe(true)
    await look(page, 'request-folder')
    await dialogs.next([])
    await press('Choose the folder…')
    expect(await closed('Collect')).toBe(true)
    await dialogs.next([join(crossing.folder, 'request')])
    await press('Choose the folder…')
    await heading('The request is complete and can be collected')
    await press('Collect')
    await heading(/^1 item collected for payments-2026-11/)
  })
})

import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, openStage, picture, type LaunchedApp, type Stage } from '../support/app.ts'
import { testClock } from '../support/command-line.ts'
import { makeBundle, makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'

const large = 700 * 1024 * 1024

/** The name of what has the focus, as a screen reader would say it. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    if (!(element instanceof HTMLElement)) return ''
    const labels =
      element instanceof HTMLInputElement ? [...(element.labels ?? [])].map((one) => one.textContent) : []
    return [element.getAttribute('aria-label') ?? '', ...labels, element.textContent].join(' ').trim()
  })
}

/** Goes on with Tab until the focus is on what has this name; as far as a person would have to. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let steps = 0; steps < 60; steps++) {
    const said = await focused(page)
    if (typeof name === 'string' ? said.startsWith(name) : name.test(said)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`The focus never came to ${String(name)}`)
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.press('Enter')
}

describe.skipIf(!canRunApp)('the packed app by keyboard alone, and long work (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  let medium: string
  let heavy: string
  beforeAll(async () => {
    stage = await openStage()
    crossing = await makeCrossing(testClock(new Date().toISOString()), stage.home)
    medium = (await makeBundle(crossing, 'medium-1')).folder
    const file = join(crossing.folder, 'request', 'large.bin')
    writeFileSync(file, 'x')
    truncateSync(file, large)
    const request = await writeRequest(crossing, ['file: ./large.bin'])
    heavy = await writeTo(crossing, await release(crossing, request), 'medium-2')
    stage.own()
    one = await launchApp(stage, { desk: crossing.high })
  })
  afterAll(async () => {
    expect(one.complaints).toEqual([])
    await one.close()
    await stage.close()
    await crossing.dispose()
  })
  const heading = (text: string | RegExp) => one.page.getByRole('heading', { level: 1, name: text }).waitFor()

  async function signAs(id: 'dave' | 'erin'): Promise<void> {
    const { page, dialogs } = one
    // The group of people is one stop; arrows choose in it.
    await tabTo(page, /\((dave|erin)\)/)
    await page.keyboard.press('Space')
    for (let i = 0; i < 3 && !(await focused(page)).includes(`(${id})`); i++)
      await page.keyboard.press('ArrowDown')
    await dialogs.next([crossing.people[id].key])
    await press(page, 'Choose your key file…')
    await page.getByText(`${id}.key`).waitFor()
    await tabTo(page, 'Passphrase of your key')
    await page.keyboard.type(readFileSync(crossing.passphrase, 'utf8').trim())
    await tabTo(page, 'Reason')
    await page.keyboard.type('Not asked for')
    await press(page, 'Reject with my key')
  }

  it('receives, verifies and rejects without a mouse', async () => {
    const { page, dialogs } = one
    await heading('Nothing has arrived yet')
    await press(page, 'Receive a medium…')
    await heading('Put the medium in, and choose it')
    await dialogs.next([medium])
    await press(page, 'Choose the medium…')
    await heading('Everything that was asked was proven')
    await press(page, 'Show the raw check')
    await press(page, 'Reject…')
    await heading('Reject this consignment: two people sign')
    await signAs('dave')
    await heading('Reject this consignment: one more person signs')
    await signAs('erin')
    await page.getByText('Rejected by two people.').waitFor()
    await press(page, 'Report…')
    await heading('The report is ready to be saved and printed')
    await dialogs.next([join(stage.home, 'rejected.html')])
    // The group of formats is one stop; arrows choose in it.
    await tabTo(page, /^PDF/)
    for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowDown')
    await press(page, 'Save page (HTML)…')
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
    await page.getByRole('button', { name: 'Choose the medium…' }).click()
    await heading('Reading the medium. Leave it in.')
    await page.reload()
    await heading('Reading the medium. Leave it in.')
    await page.screenshot({ path: picture('working-light') })
    await page.getByRole('button', { name: 'Cancel' }).click()
    await heading('The work was cancelled')
    await page.getByText('Nothing that looks finished was left behind.').first().waitFor()
    await page.screenshot({ path: picture('cancelled-light') })
    await page.getByRole('button', { name: 'Back to the consignments' }).click()
  })

  it('leads back to work that ended while another page was shown', async () => {
    const { page, dialogs } = one
    await page.getByRole('button', { name: 'Receive a medium…' }).click()
    await dialogs.next([heavy])
    await page.getByRole('button', { name: 'Choose the medium…' }).click()
    await heading('Reading the medium. Leave it in.')
    await page.getByRole('button', { name: 'Ledger' }).click()
    await heading(/^The ledger has/)
    await page.getByRole('button', { name: 'Show what came of it' }).click()
    await page.getByRole('heading', { name: 'Waybill', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Hold…' }).waitFor()
    await page.screenshot({ path: picture('came-back-light') })
  })
})

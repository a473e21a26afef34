import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { openCrossing } from '../support/crossing-app.ts'
import type { Crossing } from '../support/desks.ts'

/*
 * People type slowly, and the page changes under them: a request becomes complete, a fingerprint becomes whole. Whatever
 * changes, the next key goes where the last one went.
 */

const slow = { delay: 15 }

describe.skipIf(!canRunApp)('typing in the packed app (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    mkdirSync(join(stage.home, 'content'))
    stage.own()
  })
  afterAll(async () => {
    await stage.close()
    await crossing.dispose()
  })

  const { press, go } = byWindow(() => one)

  /** Types into a field key by key: each key goes into it, and it keeps the focus. */
  async function typeInto(field: Locator, text: string): Promise<void> {
    await field.fill('')
    await field.focus()
    await one.page.keyboard.type(text, slow)
    expect(await field.inputValue()).toBe(text)
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true)
  }

  /** All one-line fields that are on the page now, each typed through. */
  async function typeThrough(least: number): Promise<void> {
    const fields = one.page.locator('main input[type=text]:visible, main input[type=password]:visible')
    const count = await fields.count()
    expect(count).toBeGreaterThanOrEqual(least)
    for (let i = 0; i < count; i++) await typeInto(fields.nth(i), 'alpha-1:1.9.0')
  }

  it('reaches every field of the first page', async () => {
    one = await launchApp(stage)
    await typeThrough(2)
    await one.close()
  })

  it('reaches every field of a request, also while it becomes complete and ceases to be', async () => {
    one = await launchApp(stage, { desk: crossing.low })
    const { page } = one
    await press('New request…')
    await page.getByLabel('Name', { exact: true }).fill('payments')
    await page.getByLabel('Reason').fill('Patch')
    await page.getByRole('radio', { name: /Alice Moss/ }).check()
    await page.getByLabel('Or type a desk’s id').fill(crossing.highId)
    await press('Add this id')
    await page.getByLabel('Channel').fill('payments')
    await press('Add an image')
    const image = page.getByRole('textbox', { name: 'Image 1' })
    await typeInto(image, 'registry.example:5000/team/payments-api:1.9.0')
    await page
      .getByRole('heading', { level: 1, name: 'The request is complete and can be collected' })
      .waitFor()
    for (const name of ['Name', 'Channel', 'Image 1'])
      await typeInto(page.getByLabel(name, { exact: true }), `x${name.replaceAll(' ', '')}:1`)
    const reason = page.getByLabel('Reason')
    await typeInto(reason, 'Another reason, with more words')
  })

  it('reaches every field for a person, and the words of a fingerprint one by one', async () => {
    await go('People')
    await press('Add a person…')
    await typeThrough(2)
    await one.close()
    one = await launchApp(stage, { desk: crossing.high })
    await go('Trust')
    await press(/^Trust a signer/)
    await typeThrough(1)
  })

  it('lets the arrow keys go through a choice of settings, one after the other', async () => {
    await go('Settings')
    const choices = one.page.getByRole('group').first().getByRole('radio')
    await choices.first().focus()
    const count = await choices.count()
    expect(count).toBeGreaterThan(2)
    for (let i = 1; i < count; i++) {
      await one.page.keyboard.press('ArrowDown')
      await expect.poll(() => choices.nth(i).isChecked()).toBe(true)
      expect(await choices.nth(i).evaluate((element) => element === document.activeElement)).toBe(true)
    }
    expect(one.complaints).toEqual([])
    await one.close()
  })
})

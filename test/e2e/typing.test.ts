import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Locator } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { look } from '../support/look.ts'
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
    for (const path of ['assistant/weights.bin', 'mirror/index', 'values.yaml']) {
      mkdirSync(dirname(join(crossing.folder, 'request', path)), { recursive: true })
      writeFileSync(join(crossing.folder, 'request', path), 'a: 1\n')
    }
    stage.own()
  })
  afterAll(async () => {
    await stage.close()
    await crossing.dispose()
  })

  const { press, go } = byWindow(() => one)

  /** Types into a field key by key, at its end and in its middle: each key goes where the caret is, and it keeps the focus. */
  async function typeInto(field: Locator, text: string): Promise<void> {
    await field.fill('')
    await field.focus()
    await one.page.keyboard.type(text, slow)
    expect(await field.inputValue()).toBe(text)
    for (const key of ['Home', 'ArrowRight', 'x', 'y']) await one.page.keyboard.press(key)
    expect(await field.inputValue()).toBe(`${text.slice(0, 1)}xy${text.slice(1)}`)
    expect(await field.evaluate((element: HTMLInputElement) => element.selectionStart)).toBe(3)
    for (let i = 0; i < 2; i++) await one.page.keyboard.press('Backspace')
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
    await press('Show typing its id')
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

  it('reaches every field of each kind of thing that a request holds, in whatever order', async () => {
    const { page, dialogs } = one
    const inRequest = (name: string): string => join(crossing.folder, 'request', name)
    await press('Show what else a request can hold')
    await press('Add a Helm chart')
    await press('Add a file of the web')
    await press('Add a git repository')
    const typed: [name: string, text: string][] = [
      ['Helm chart 2', 'https://charts.example/stable'],
      ['Name of chart 2', 'ingress'],
      ['Version of chart 2', '4.2.0+build.5'],
      ['SHA-256 of item 2', 'f'.repeat(64)],
      ['File of the web 3', 'https://downloads.example/tool.tar.gz'],
      ['SHA-256 of item 3', '0123456789abcdef'.repeat(4)],
      ['Signature of item 3', 'https://downloads.example/tool.tar.gz.sig'],
      ['Key for item 3', './keys/maker.pem'],
      ['Git repository 4', 'https://git.example/team/app.git'],
      ['Commit of item 4', 'a'.repeat(40)],
      ['Signed tag of item 4', 'v1.2.3'],
      ['Key for item 4', './keys/maker.asc'],
    ]
    const field = (name: string): Locator => page.getByRole('textbox', { name, exact: true })
    for (const [name, text] of typed) await typeInto(field(name), text)
    await dialogs.next([inRequest('assistant')])
    await press('Add a model’s folder…')
    await dialogs.next([inRequest('mirror')])
    await press('Add a folder…')
    await dialogs.next([inRequest('values.yaml')])
    await press('Show its values: Helm chart 2')
    await press('Add values…')
    const more: typeof typed = [
      ['Model 5', './assistant'],
      ['Signature of item 5', './assistant.sig'],
      ['Folder 6', './mirror'],
      ['Key for item 6', './keys/maker.asc'],
    ]
    for (const [name, text] of more) await typeInto(field(name), text)
    // References once more, where everything is there already: what was typed beside them stays.
    const references = [...more, ...typed].filter(([name]) => /^(?:Model|Helm|File|Git)/.test(name))
    for (const [name, text] of references) await typeInto(field(name), text)
    for (const [name, text] of [...typed, ...more]) expect(await field(name).inputValue(), name).toBe(text)
    await page.getByRole('button', { name: 'Without ./values.yaml' }).waitFor()
    await look(page, 'typing-kinds')
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

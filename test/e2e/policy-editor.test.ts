import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { done } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { makeBundle, type Crossing } from '../support/desks.ts'
import { look, lookOtherwise } from '../support/look.ts'

describe.skipIf(!canRunApp)('a policy that is written in the window (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let bundle: string
  let one: LaunchedApp
  beforeAll(async () => {
    mkdirSync('test-results', { recursive: true })
    ;({ stage, crossing } = await openCrossing())
    bundle = (await makeBundle(crossing, 'medium')).folder
    stage.own()
    one = await launchApp(stage, { desk: crossing.high })
  })
  afterAll(() => closeCrossing(one, stage, crossing))

  const { heading, press, go } = byWindow(() => one)
  const text = () => one.page.getByLabel('The policy as YAML')
  const button = (name: string) => one.page.getByRole('button', { name, exact: true })

  it('is read by what it asks something of, without its YAML', async () => {
    const { page } = one
    await go('Policy')
    await heading('Policy version 1 is in force')
    await page.getByRole('heading', { level: 2, name: 'Asked of bundles' }).waitFor()
    expect(await page.getByText('sallyport: policy/v1').count()).toBe(0)
    await look(page, 'policy-read')
    await lookOtherwise(page, 'policy-read')
  })

  it('begins with the one in force, one version on', async () => {
    await press('Write another…')
    await heading('Write a policy')
    expect(await text().inputValue()).toContain('version: 2')
    await one.page.getByText('It is a policy, version 2.').waitFor()
  })

  it('has what is wrong said beside its line, and leads there by keyboard', async () => {
    const { page } = one
    await text().fill('sallyport: policy/v1\nversion: 2\nlifetimes: 30\n')
    await page.getByText('Line 3, column 1').waitFor()
    await page.getByText('Found: the field “lifetimes”.').waitFor()
    expect(await button('See what changes').isDisabled()).toBe(true)
    expect(await button('Try on a bundle…').isDisabled()).toBe(true)
    await look(page, 'policy-editor-open')
    await lookOtherwise(page, 'policy-editor-open')
    await button('Go to line 3').focus()
    await page.keyboard.press('Enter')
    const chosen = await text().evaluate((area: HTMLTextAreaElement) =>
      area.value.slice(area.selectionStart, area.selectionEnd),
    )
    expect(chosen).toBe('lifetimes: 30')
    await page.keyboard.type('lifetime: 30')
    await page.getByText('It is a policy, version 2.').waitFor()
  })

  it('has everything that is wrong said at once, each beside its line', async () => {
    const { page } = one
    await text().fill('sallyport: policy/v1\nversion: 2\nlifetime: 0\nsigner: 1\nlifetimes: 30\nitem: []\n')
    await page.getByText('Line 3, column 11').waitFor()
    const lines = page.getByRole('region', { name: /^What is open in line / })
    expect(await lines.locator('pre').allInnerTexts()).toEqual(['lifetime: 0', 'signer: 1', 'lifetimes: 30'])
    await look(page, 'policy-editor-several')
    // What is beyond three lines is folded, so that the text stays in sight.
    await press('Show 1 more line in which something is open')
    await button('Go to line 6').waitFor()
    await button('Go to line 5').click()
    const chosen = await text().evaluate((area: HTMLTextAreaElement) =>
      area.value.slice(area.selectionStart, area.selectionEnd),
    )
    expect(chosen).toBe('lifetimes: 30')
    await text().fill('sallyport: policy/v1\nversion: 2\nlifetime: 30\n')
    await page.getByText('It is a policy, version 2.').waitFor()
    expect(await lines.count()).toBe(0)
  })

  it('is tried on a bundle, of which nothing is decided or kept', async () => {
    const { page, dialogs } = one
    await text().fill(
      "sallyport: policy/v1\nversion: 2\nitems:\n  - { kind: image, name: '**', nothing: true }\n",
    )
    await page.getByText('It is a policy, version 2.').waitFor()
    await dialogs.next([bundle])
    await press('Try on a bundle…')
    await page.getByText('Nothing was decided or kept.').waitFor()
    await page.getByText('policy.item-rule').first().waitFor()
    await look(page, 'policy-editor-tried')
    await go('Consignments')
    expect(await page.getByText('payments-2026-11').count()).toBe(0)
    await go('Policy')
    await press('Write another…')
    // What was written is still there.
    expect(await text().inputValue()).toContain('nothing: true')
  })

  it('is tried on a waybill alone, which proves nothing of content, and says so', async () => {
    const { page, dialogs } = one
    await text().fill(
      "sallyport: policy/v1\nversion: 2\nlifetime: 1\nitems:\n  - { kind: file, name: '**', nothing: true }\n",
    )
    await page.getByText('It is a policy, version 2.').waitFor()
    // What was tried by another text is gone.
    expect(await page.getByText('Nothing was decided or kept.').count()).toBe(0)
    await dialogs.next([join(bundle, 'waybill.json')])
    await press('Try on a waybill…')
    await page
      .getByRole('heading', {
        level: 2,
        name: 'waybill.json, tried: 1 rule would refuse it, 1 rule could not be asked',
      })
      .waitFor()
    await page.getByText('policy.lifetime').first().waitFor()
    await page.getByText(/^Only the waybill was read/).waitFor()
    await page.getByText('1 check could not be run: a waybill alone does not say').waitFor()
    await look(page, 'policy-editor-tried-waybill')
    await lookOtherwise(page, 'policy-editor-tried-waybill')
    await dialogs.next([join(bundle, 'waybill.sigstore.jsonl')])
    await press('Try on a waybill…')
    await page.getByRole('alert', { name: 'What went wrong' }).getByText('bad-input').waitFor()
  })

  it('begins with a pack, and shows what it would change before it is in force', async () => {
    const { page } = one
    await press('Show policies to begin with')
    await look(page, 'policy-editor-packs')
    await press('Begin with lab')
    await press('See what changes')
    await heading('What was written would put version 2 in force')
    await look(page, 'policy-editor-changes')
    await press('Keep version 1')
    await heading('Write a policy')
    await press('See what changes')
    await press('Put version 2 in force')
    await heading('Policy version 2 is in force')
    await look(page, 'policy-read-lab')
    await press('Write another…')
    expect(await text().inputValue()).toContain('version: 3')
  })

  it('left nothing in the ledger but the policy', async () => {
    await one.page.keyboard.press('Escape')
    const { policy } = (await done(['desk', 'show', '--desk', crossing.high], crossing.clock)) as unknown as {
      policy: { document: { version: number } }
    }
    expect(policy.document.version).toBe(2)
  })
})

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { makeBundle, type Crossing } from '../support/desks.ts'
import { look, lookOtherwise } from '../support/look.ts'

const heading = (page: Page, text: string | RegExp) => page.getByRole('heading', { level: 1, name: text })
const act = (page: Page, name: string | RegExp) => page.getByRole('button', { name })

describe.skipIf(!canRunApp)('a crossing in the packed app (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  let first: string
  let second: string
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    first = (await makeBundle(crossing, 'medium-1', { 'notes.txt': Buffer.alloc(400_000, 'notes\n') })).folder
    second = (await makeBundle(crossing, 'medium-2', { 'more.txt': 'more\n' })).folder
    stage.own()
    one = await launchApp(stage)
  })
  afterAll(() => closeCrossing(one, stage, crossing))

  it('opens a desk', async () => {
    const { page, dialogs } = one
    await heading(page, 'No desk is open').waitFor()
    await look(page, 'start')
    await dialogs.next([first])
    await act(page, 'Open a desk…').click()
    await page.getByRole('alert').waitFor()
    await look(page, 'start-refused')
    await dialogs.next([crossing.high])
    await act(page, 'Open a desk…').click()
    await heading(page, 'Nothing has arrived yet').waitFor()
    await look(page, 'consignments-empty')
  })

  it('receives a medium and shows its verdict', async () => {
    const { page, dialogs } = one
    await act(page, 'Receive a medium…').click()
    await heading(page, 'Put the medium in, and choose it').waitFor()
    await look(page, 'receive')
    await lookOtherwise(page, 'receive')
    await dialogs.next([first])
    await act(page, 'Choose a folder…').click()
    await heading(page, 'Everything that was asked was proven').waitFor()
    await look(page, 'verdict-passed', 'passed')
    await act(page, /^Show \d+ passed$/).click()
    await look(page, 'verdict-passed-open')
    await lookOtherwise(page, 'verdict-passed-open')
  })

  async function signAs(id: 'dave' | 'erin', deed: string, reason = '', owner = id): Promise<void> {
    const { page, dialogs } = one
    await page.getByRole('radio', { name: new RegExp(`\\(${id}\\)`) }).check()
    await dialogs.next([crossing.people[owner].key])
    await act(page, 'Choose your key file…').click()
    await page.getByText(`${owner}.key`).waitFor()
    await page.getByLabel('Passphrase of your key').fill(readFileSync(crossing.passphrase, 'utf8').trim())
    if (reason !== '') await page.getByLabel(/^Reason/).fill(reason)
    await act(page, `${deed} with my key`).click()
  }

  it('lets two people hold, after which it is decided anew', async () => {
    const { page } = one
    await act(page, 'Hold…').click()
    await heading(page, 'Hold this consignment: two people sign').waitFor()
    await signAs('dave', 'Hold', 'The ticket is not clear')
    await heading(page, 'Hold this consignment: one more person signs').waitFor()
    await signAs('erin', 'Hold', 'I agree')
    await page.getByText('Held by two people.').waitFor()
    await look(page, 'held', 'passed')
  })

  it('lets two people accept, asks nobody twice, and exports', async () => {
    const { page, dialogs } = one
    await act(page, 'Accept…').click()
    await heading(page, 'Accept this consignment: two people sign').waitFor()
    await look(page, 'decide-first')
    await signAs('dave', 'Accept')
    await heading(page, 'Accept this consignment: one more person signs').waitFor()
    await look(page, 'decide-second')
    await lookOtherwise(page, 'decide-second')
    expect(await page.getByRole('radio', { name: /\(dave\)/ }).count()).toBe(0)
    await signAs('erin', 'Accept', '', 'dave')
    await page.getByText('key-not-this-person').waitFor()
    expect(await page.getByLabel('Passphrase of your key').inputValue()).toBe('')
    await look(page, 'decide-refused')
    await signAs('erin', 'Accept')
    await heading(page, 'payments-2026-11 is accepted and can be exported').waitFor()
    await look(page, 'export')
    const out = join(stage.home, 'exported')
    await dialogs.next([out])
    await act(page, 'Choose a new folder and export…').click()
    await heading(page, 'payments-2026-11 was exported').waitFor()
    await look(page, 'exported')
    await lookOtherwise(page, 'exported')
    expect(readFileSync(join(out, 'files', 'notes.txt')).length).toBe(400_000)
  })

  it('saves the report to be printed', async () => {
    const { page, dialogs } = one
    await act(page, 'Report…').click()
    await heading(page, 'The report is ready to be saved and printed').waitFor()
    await dialogs.next([join(stage.home, 'report.pdf')])
    await act(page, 'Save PDF…').click()
    await page.getByRole('heading', { name: 'report.pdf' }).waitFor()
    expect(existsSync(join(stage.home, 'report.pdf'))).toBe(true)
    await lookOtherwise(page, 'report-saved')
  })

  it('shows a replay and a damaged medium as refused', async () => {
    const { page, dialogs } = one
    await act(page, 'Consignments').click()
    await look(page, 'consignments')
    await act(page, 'Receive a medium…').click()
    await dialogs.next([first])
    await act(page, 'Choose a folder…').click()
    await heading(page, 'Do not accept: you have this bundle already').waitFor()
    await look(page, 'verdict-replay', 'failed')
    await act(page, 'Back to the consignments').click()
    await act(page, 'Receive a medium…').click()
    const bytes = readFileSync(join(second, 'waybill.json'))
    bytes[20] = (bytes[20] ?? 0) ^ 1
    writeFileSync(join(second, 'waybill.json'), bytes)
    await dialogs.next([second])
    await act(page, 'Choose a folder…').click()
    await heading(
      page,
      'Stop: Bob Lind and Carol Diaz signed another waybill than the one that lies here',
    ).waitFor()
    await look(page, 'verdict-stopped', 'failed')
    await lookOtherwise(page, 'verdict-stopped')
    await act(page, 'Back to the consignments').click()
    await page.getByRole('heading', { name: '1 medium was refused, and nothing of it kept' }).waitFor()
    await look(page, 'refused-media')
    await act(page, /^Verdict of/).click()
    await heading(page, /^Stop: Bob Lind and Carol Diaz signed another waybill/).waitFor()
    await look(page, 'refused-medium')
    await lookOtherwise(page, 'refused-medium')
    await act(page, 'Report…').click()
    await heading(page, 'The report on the refused medium is ready to be printed').waitFor()
    const paper = page.frameLocator('iframe.paper').getByRole('heading', { level: 1 })
    expect(await paper.innerText()).toMatch(/^Do not accept: 4 checks failed/)
    await look(page, 'refused-paper')
    await dialogs.next([join(stage.home, 'refused.pdf')])
    await act(page, 'Save PDF…').click()
    await page.getByRole('heading', { name: 'refused.pdf' }).waitFor()
    await act(page, 'Back to the verdict').click()
    await act(page, 'All consignments').click()
  })

  it('shows people, trust, policy and ledger', async () => {
    const { page } = one
    for (const [place, text] of [
      ['People', '2 people work at this desk'],
      ['Trust', 'This desk trusts 2 signers'],
      ['Policy', 'Policy version 1 is in force'],
      ['Ledger', /^The ledger has/],
    ] as const) {
      await page
        .getByRole('navigation', { name: 'Places' })
        .getByRole('button', { name: new RegExp(`^${place}`) })
        .click()
      await heading(page, text).waitFor()
      await look(page, place.toLowerCase())
    }
    await act(page, 'Check the whole ledger').click()
    await heading(page, /^The ledger is intact/).waitFor()
  })

  it('works at 320 px and at 200 %', async () => {
    const { page } = one
    for (const [name, width, height] of [
      ['narrow', 320, 640],
      ['zoomed', 640, 400],
    ] as const) {
      await page.setViewportSize({ width, height })
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect({ name, wide }).toEqual({ name, wide: 0 })
      await look(page, `ledger-${name}`)
    }
    await page.setViewportSize({ width: 1280, height: 800 })
  })
})

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, picture, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { done } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { decideBoth, makeBundle, type Crossing } from '../support/desks.ts'
import type { Printed } from '../support/dialogs.ts'
import { Keys } from '../support/keys.ts'
import { look, lookOtherwise } from '../support/look.ts'

const tools = ['pdftotext', 'pdftoppm']
const hasTools = tools.every((tool) => spawnSync('which', [tool]).status === 0)

/** The text of a PDF as it lies on the paper, its pages one after the other. */
function textOf(pdf: string): string {
  return spawnSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' }).stdout
}

/** What somebody reads off a key card to type it elsewhere. */
function wordsOf(pdf: string): string {
  const [, list = ''] =
    /The fingerprint of this key([^]*?)These 16 words/.exec(textOf(pdf).replace(/\s+/g, ' ')) ?? []
  return list.trim()
}

describe.skipIf(!canRunApp || !hasTools)(
  `printing in the packed app (needs Linux, Xvfb, ${tools.join(', ')})`,
  () => {
    let stage: Stage
    let crossing: Crossing
    let one: LaunchedApp
    let gracesWords = ''
    const inHome = (name: string): string => join(stage.home, name)
    beforeAll(async () => {
      ;({ stage, crossing } = await openCrossing())
      const { folder } = await makeBundle(crossing, 'medium')
      await done(['readback', folder, '--desk', crossing.low], crossing.clock)
      const { id } = await done(['verify', folder, '--desk', crossing.high], crossing.clock)
      await decideBoth(crossing, id, 'accept')
      mkdirSync(inHome('keys'))
      stage.own()
      one = await launchApp(stage, { desk: crossing.low })
    })
    afterAll(() => closeCrossing(one, stage, crossing))

    const { heading, press, go } = byWindow(() => one)
    // What Playwright types goes past main to the page; this is as a keyboard does it.
    const printKey = (): Promise<void> =>
      one.app.evaluate(({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents
        for (const type of ['keyDown', 'keyUp'] as const)
          contents?.sendInputEvent({ type, keyCode: 'P', modifiers: ['control'] })
      })
    const paper = (page: Page) => page.frameLocator('iframe')

    /** What was printed once one more page was, its picture kept. */
    async function printedNext(count: number, name: string): Promise<Printed> {
      await expect.poll(() => one.dialogs.printed()).toHaveLength(count)
      const last = (await one.dialogs.printed()).at(-1)
      if (last === undefined) throw new Error('nothing was printed')
      expect(last.url).toBe('app://print/report.html')
      expect(last.options).toMatchObject({ silent: false })
      spawnSync('pdftoppm', ['-r', '60', '-png', last.pdf, picture(`printed-${name}`).replace('.png', '')])
      return last
    }

    it('offers the key card of a person whose key was just made, and prints it', async () => {
      const { page, dialogs } = one
      await go('People')
      await press('Add a person…')
      await page.getByLabel('Name', { exact: true }).fill('Grace Hale')
      await page.getByRole('checkbox', { name: /^witness:/ }).check()
      await page.getByRole('radio', { name: /^They make one now/ }).check()
      await page.getByLabel('New passphrase').fill('correct horse battery staple')
      await page.getByLabel('The same passphrase again').fill('correct horse battery staple')
      await dialogs.next([inHome('keys/grace.key')])
      await press('Choose where to keep it and make the key…')
      await page.getByText('The key is made.').waitFor()
      expect((await dialogs.suggested()).at(-1)).toBe('grace.key')
      await look(page, 'card-key-made')
      await press('Add Grace Hale')
      await page.getByRole('heading', { name: 'Grace Hale was added' }).waitFor()
      await look(page, 'card-added')
      await lookOtherwise(page, 'card-added')
      await page
        .getByRole('region', { name: 'Grace Hale was added' })
        .getByRole('button', { name: 'Print key card…' })
        .click()
      await heading('The key card of Grace Hale is ready to be printed')
      await paper(page).getByRole('heading', { name: 'Key card of Grace Hale' }).waitFor()
      await look(page, 'card-key')
      await lookOtherwise(page, 'card-key')
      await press('Print…')
      await page.getByText('It was handed to the printer.').waitFor()
      await look(page, 'card-key-printed')
      const { options, pdf } = await printedNext(1, 'key-card')
      expect(options).toMatchObject({
        pageSize: 'A4',
        header: 'OFFICIAL · Key card of Grace Hale · Hill-1',
        footer: expect.stringMatching(/^OFFICIAL · ledger \d+ [0-9a-f]{64}$/) as string,
      })
      for (const fact of ['OFFICIAL', 'Key card of Grace Hale', 'Grace Hale (grace)', 'nothing secret'])
        expect(textOf(pdf)).toContain(fact)
      gracesWords = wordsOf(pdf)
      expect(gracesWords.split(' ')).toHaveLength(16)
    })

    it('saves it under the name of the person, the same page on the paper that was chosen', async () => {
      const { page, dialogs } = one
      await page.getByRole('radio', { name: /^Letter/ }).check()
      await dialogs.next([inHome('grace-hale-key-card.pdf')])
      await press('Save PDF…')
      await page.getByRole('heading', { name: 'grace-hale-key-card.pdf was saved' }).waitFor()
      expect((await dialogs.suggested()).at(-1)).toBe('grace-hale-key-card.pdf')
      expect(wordsOf(inHome('grace-hale-key-card.pdf'))).toBe(gracesWords)
      const name = picture('saved-key-card').replace('.png', '')
      spawnSync('pdftoppm', ['-r', '60', '-png', inHome('grace-hale-key-card.pdf'), name])
      await look(page, 'card-key-saved')
    })

    it('prints by Ctrl+P, also from inside the paper, and says when nothing was printed', async () => {
      const { page, dialogs } = one
      await dialogs.refusePrint('Print job canceled')
      await printKey()
      await page.getByText('Nothing was printed.').waitFor()
      await printedNext(2, 'cancelled')
      await paper(page).getByRole('main').focus()
      await printKey()
      await page.getByText('It was handed to the printer.').waitFor()
      expect((await printedNext(3, 'by-key')).options).toMatchObject({ pageSize: 'Letter' })
      await dialogs.refusePrint('no printer is there')
      await press('Print…')
      await page.getByText('print-failed').waitFor()
      await look(page, 'card-print-failed')
      expect(await dialogs.printed()).toHaveLength(4)
      // Where nothing for paper is shown, nothing is printed.
      await press('Back to people')
      await heading('4 people work at this desk')
      await printKey()
      await printKey()
      await go('Trust')
      expect(await dialogs.printed()).toHaveLength(4)
    })

    it('prints the card of the desk, by keyboard alone', async () => {
      const { page, dialogs } = one
      const keys = new Keys(page)
      await page.getByText('The id of this desk').scrollIntoViewIfNeeded()
      await look(page, 'card-trust')
      await page.locator('h1').focus()
      await keys.press('Print desk card…')
      await heading('The desk card is ready to be printed')
      await paper(page).getByRole('heading', { name: 'Desk card of Hill-1' }).waitFor()
      await look(page, 'card-desk')
      await keys.press('Print…')
      await page.getByText('It was handed to the printer.').waitFor()
      const { pdf } = await printedNext(5, 'desk-card')
      const groups = crossing.lowId.match(/.{4}/g)?.join(' ') ?? ''
      expect(textOf(pdf).replace(/\s+/g, ' ')).toContain(groups)
      await dialogs.next([inHome('hill-1-desk-card.pdf')])
      await page.locator('h1').focus()
      await keys.press('Save PDF…')
      await page.getByRole('heading', { name: 'hill-1-desk-card.pdf was saved' }).waitFor()
      await page.locator('h1').focus()
      await keys.press('Back to trust')
      await heading('This desk trusts nobody yet')
      await dialogs.next([inHome('hill-1-card.json')])
      await press('Save desk card…')
      await page.getByText('Saved as hill-1-card.json.').waitFor()
      expect((await dialogs.suggested()).slice(-2)).toEqual(['hill-1-desk-card.pdf', 'hill-1-card.json'])
      expect(existsSync(inHome('hill-1-card.json'))).toBe(true)
    })

    it('prints labels, the custody sheet and the report from where they are shown', async () => {
      const { page, dialogs } = one
      await go('Consignments')
      await page.getByRole('button', { name: /^payments-2026-11/ }).click()
      await heading('1 copy of payments-2026-11 can be handed over')
      await press('Print labels…')
      await heading('The labels are ready to be printed')
      await paper(page).getByText('Copy 1 of 1').waitFor()
      await printKey()
      expect(textOf((await printedNext(6, 'labels')).pdf)).not.toMatch(/payments|notes/)
      await page.getByText('It was handed to the printer.').waitFor()
      await press('Hand over')
      await press('Print custody sheet…')
      await heading('The custody sheet is ready to be printed')
      await printKey()
      expect(textOf((await printedNext(7, 'custody')).pdf)).toContain('Hand-overs')
      await page.getByText('It was handed to the printer.').waitFor()
      await press('Hand over')
      await press('Report…')
      await heading('The report is ready to be saved and printed')
      await printKey()
      const { options, pdf } = await printedNext(8, 'report')
      expect(options).toMatchObject({
        header: expect.stringMatching(/^OFFICIAL · payments-2026-11 · [0-9a-f]{16}$/) as string,
        footer: expect.stringMatching(/^OFFICIAL · record sha256:[0-9a-f]{64}$/) as string,
      })
      expect(textOf(pdf)).toContain('Signed by hand')
      await page.getByText('It was handed to the printer.').waitFor()
      await look(page, 'report-printed')
      await dialogs.next([])
      await press('Save PDF…')
      await expect.poll(async () => (await dialogs.suggested()).at(-1)).toBe('payments-2026-11.pdf')
    })

    it('gave words by which the other side trusts the key', async () => {
      await one.close()
      one = await launchApp(stage, { desk: crossing.high })
      const { page, dialogs } = one
      await go('Trust')
      await press('Trust a signer…')
      await dialogs.next([inHome('keys/grace.key.pub')])
      await press('Choose their public key…')
      await page.getByText('grace.key.pub').waitFor()
      await page.getByLabel('Name', { exact: true }).fill('Grace Hale')
      await page.getByRole('checkbox', { name: /^Witness:/ }).check()
      await page.getByLabel('Fingerprint, typed from the paper').fill(gracesWords)
      await press('Compare, and trust Grace Hale')
      await heading('This desk trusts 3 signers')
    })
  },
)

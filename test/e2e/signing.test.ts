import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { done } from '../support/command-line.ts'
import { openCrossing } from '../support/crossing-app.ts'
import { makeBundle, writeFiles, writeRequest, type Crossing } from '../support/desks.ts'
import { look, lookOtherwise } from '../support/look.ts'

const sizes = [
  { width: 1280, height: 800 },
  { width: 1024, height: 700 },
] as const
/** What is left of 1280 × 800 at 200 %. */
const zoomed = { width: 640, height: 400 } as const

describe.skipIf(!canRunApp)('signing where one reads (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  let medium: string
  const { press, heading, go } = byWindow(() => one)
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    medium = (await makeBundle(crossing, 'medium-1', { 'notes.txt': 'notes' })).folder
    const request = await writeRequest(crossing, await writeFiles(crossing, { 'more.txt': 'more' }))
    await done(['collect', request, '--desk', crossing.low], crossing.clock)
    stage.own()
  })
  afterAll(async () => {
    await stage.close()
    await crossing.dispose()
  })

  /** Edges of the form, of its primary act and of the foot, in a window of that size, scrolled to the page's top. */
  async function boxes(deed: string) {
    const { page } = one
    const edges = async (name: string, locator: ReturnType<typeof page.locator>) => {
      const box = await locator.boundingBox()
      if (box === null) throw new Error(`${name} is not drawn`)
      return { name, top: box.y, end: box.y + box.height, right: box.x + box.width }
    }
    return Promise.all([
      edges('who', page.getByRole('group', { name: 'Who are you?' })),
      edges('key', page.getByRole('button', { name: 'Choose your key file…' })),
      edges('passphrase', page.getByLabel('Passphrase of your key')),
      edges('deed', page.getByRole('button', { name: deed })),
      edges('foot', page.locator('.foot .acts')),
    ])
  }

  async function isInSight(deed: string): Promise<void> {
    const { page } = one
    for (const size of sizes) {
      await page.setViewportSize(size)
      const [who, key, passphrase, act, foot] = await boxes(deed)
      for (const field of [who, key, passphrase]) {
        expect(field.top, field.name).toBeGreaterThan(24)
        expect(field.end, field.name).toBeLessThanOrEqual(foot.top)
      }
      expect(act.end).toBeLessThanOrEqual(size.height - 24)
      expect(act.right).toBeLessThanOrEqual(size.width)
    }
    await page.setViewportSize(zoomed)
    for (const scrolled of [0, 100_000]) {
      await page.evaluate((to) => document.scrollingElement?.scrollTo(0, to), scrolled)
      const act = await page.getByRole('button', { name: deed }).boundingBox()
      const marks = await page
        .locator('.marking')
        .evaluateAll((all) => all.map((mark) => mark.getBoundingClientRect().toJSON() as DOMRect))
      expect(act?.y).toBeGreaterThan(0)
      expect((act?.y ?? 0) + (act?.height ?? 0)).toBeLessThanOrEqual(zoomed.height - 20)
      expect(marks.map(({ top }) => top < zoomed.height && top >= 0)).toEqual([true, true])
    }
    await page.evaluate(() => document.scrollingElement?.scrollTo(0, 0))
    await page.setViewportSize(sizes[0])
  }

  it('shows the form to decide above the fold, and keeps the primary act where it is', async () => {
    one = await launchApp(stage, { desk: crossing.high })
    const { page, dialogs } = one
    await heading('Nothing has arrived yet')
    await press('Receive a medium…')
    await dialogs.next([medium])
    await press('Choose a folder…')
    await heading('Everything that was asked was proven')
    await press('Accept…')
    await heading(/^Accept this consignment: two people sign/)
    await isInSight('Accept with my key')
    const act = page.getByRole('button', { name: 'Accept with my key' })
    const before = await act.boundingBox()
    await page.getByRole('radio', { name: /^Dave Okoro/ }).check()
    await dialogs.next([crossing.people.dave.key])
    await press('Choose your key file…')
    await page.getByText('dave.key', { exact: true }).waitFor()
    await page.getByLabel('Passphrase of your key').fill('not this one')
    expect(await act.isEnabled()).toBe(true)
    expect(await act.boundingBox()).toEqual(before)
  })

  it('refuses a wrong passphrase at its field, where the next one is typed and Enter signs', async () => {
    const { page } = one
    const field = page.getByLabel('Passphrase of your key')
    await field.press('Enter')
    await page.getByText(/could not be opened with this passphrase.*key-locked/).waitFor()
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true)
    expect(await page.getByRole('alert', { name: 'What went wrong' }).count()).toBe(0)
    await look(page, 'sign-wrong-passphrase')
    await field.fill('correct horse battery staple')
    await page.getByText('key-locked').waitFor({ state: 'detached' })
    await field.press('Enter')
    await heading(/^Accept this consignment: one more person signs/)
    expect(await page.getByRole('radio', { name: /^Erin Sand/ }).isChecked()).toBe(true)
  })

  it('refuses a wrong key at its field by names and first words, the whole fingerprints folded', async () => {
    const { page, dialogs } = one
    await dialogs.next([crossing.people.dave.key])
    await press('Choose your key file…')
    await page.getByText('dave.key', { exact: true }).waitFor()
    await page.getByLabel('Passphrase of your key').fill('correct horse battery staple')
    await press('Accept with my key')
    await page.getByText(/not the one on record for Erin Sand: it is the key of Dave Okoro/).waitFor()
    const button = page.getByRole('button', { name: 'Choose your key file…' })
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true)
    const { fingerprint } = crossing.people.dave
    expect(await page.getByText(fingerprint).count()).toBe(0)
    await look(page, 'sign-wrong-key')
    await lookOtherwise(page, 'sign-wrong-key')
    await press('Show the whole fingerprints')
    await page.getByText(fingerprint).waitFor()
    // Nothing was signed: the second half is still missing.
    await heading(/^Accept this consignment: one more person signs/)
    expect(one.complaints).toEqual([])
    await one.close()
  })

  it('shows the form to approve above the fold', async () => {
    one = await launchApp(stage, { desk: crossing.low })
    await go('Consignments')
    await one.page
      .getByRole('button', { name: /^payments-2026-11/ })
      .first()
      .click()
    await heading('2 signatures are missing, the next by a transfer agent')
    expect(await one.page.getByRole('radio', { name: /^Bob Lind/ }).isChecked()).toBe(true)
    await isInSight('Sign as transfer agent')
    await look(one.page, 'sign-approve')
    expect(one.complaints).toEqual([])
    await one.close()
  })
})

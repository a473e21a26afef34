import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, picture, type LaunchedApp, type Stage } from '../support/app.ts'
import { violationsOf } from '../support/axe.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { makeBundle, type Crossing } from '../support/desks.ts'
import { draw } from '../support/look.ts'
import { forgeMany, modelOf } from '../support/many.ts'

const many = 2000

async function accessible(page: Page, what: string): Promise<void> {
  const violations = await violationsOf(page)
  expect(violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes[0]?.html ?? ''}`)).toEqual([])
}

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()
const go = (page: Page, place: string) =>
  page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: place }).click()

/** The rows that are drawn: how many, and the numbers at both ends of what is seen. */
function drawn(page: Page): Promise<{ rows: number; first: number; last: number; height: number }> {
  return page.evaluate(() => {
    const region = document.querySelector('.long')
    if (region === null) throw new Error('no table')
    const box = region.getBoundingClientRect()
    const head = region.querySelector('thead')?.getBoundingClientRect().bottom ?? 0
    const rows = [...region.querySelectorAll('tbody tr[aria-rowindex]')]
    const seen = rows.filter((row) => {
      const { top, bottom } = row.getBoundingClientRect()
      return bottom > head + 1 && top < box.bottom - 1
    })
    const index = (row: Element | undefined) => Number(row?.getAttribute('aria-rowindex') ?? 0) - 1
    return { rows: rows.length, first: index(seen[0]), last: index(seen.at(-1)), height: region.scrollHeight }
  })
}

describe.skipIf(!canRunApp)('places of a desk with a long history (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    await forgeMany(crossing, await modelOf(crossing), many, { proofs: 1 })
    stage.own()
    one = await launchApp(stage, { desk: crossing.high })
    mkdirSync('test-results', { recursive: true })
  })
  afterAll(() => closeCrossing(one, stage, crossing))

  it('scrolls through all consignments, drawing only what is seen', async () => {
    const { page } = one
    await heading(page, '3 consignments wait for a decision')
    const region = page.getByRole('region', { name: 'Table of consignments' })
    expect(await region.getByRole('table').getAttribute('aria-rowcount')).toBe(String(many + 2))
    const top = await drawn(page)
    expect(top.first).toBe(1)
    expect(top.height).toBeGreaterThan(many * 38)
    await accessible(page, 'consignments')
    await draw(page, 'many-consignments')
    await region.focus()
    await page.keyboard.press('End')
    await expect.poll(async () => (await drawn(page)).last).toBe(many + 1)
    await page.keyboard.press('PageUp')
    await expect.poll(async () => (await drawn(page)).last).toBeLessThan(many + 1)
    await page.keyboard.press('Home')
    await expect.poll(async () => (await drawn(page)).first).toBe(1)
    // A wheel through all of it: whatever is seen is drawn, and never more than some dozens of rows.
    const worst = await page.evaluate(async () => {
      const long = document.querySelector('.long')
      let most = 0
      let blank = 0
      for (let at = 0; at < 400; at++) {
        long?.scrollTo({ top: (long.scrollHeight / 400) * at })
        await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))
        const rows = [...document.querySelectorAll('.long tbody tr[aria-rowindex]')]
        most = Math.max(most, rows.length)
        const { top = 0, bottom = 0 } = long?.getBoundingClientRect() ?? {}
        const middle = (top + bottom) / 2
        if (
          !rows.some((row) => {
            const box = row.getBoundingClientRect()
            return box.top <= middle && box.bottom >= middle
          })
        )
          blank += 1
      }
      return { most, blank }
    })
    expect(worst.blank).toBe(0)
    expect(worst.most).toBeLessThan(100)
  })

  it('keeps the focus when a focused row is scrolled away, and goes from row to row by Tab', async () => {
    const { page } = one
    const region = page.getByRole('region', { name: 'Table of consignments' })
    await region.evaluate((found) => found.scrollTo({ top: 0 }))
    await expect.poll(async () => (await drawn(page)).first).toBe(1)
    await region.getByRole('row').nth(2).getByRole('button').focus()
    const numberOf = () =>
      page.evaluate(() => Number(document.activeElement?.closest('tr')?.getAttribute('aria-rowindex') ?? 0))
    const start = await numberOf()
    for (let step = 0; step < 30; step++) {
      await page.keyboard.press('Tab')
      await page.evaluate(
        () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))),
      )
    }
    await expect.poll(numberOf).toBe(start + 30)
    await region.evaluate((found) => found.scrollTo({ top: found.scrollHeight / 2 }))
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toBe('Table of consignments')
  })

  it('finds, filters and sorts them', async () => {
    const { page } = one
    await page.getByLabel('Find').fill('payments-0104')
    await page.getByText(`10 of 2,001 consignments`).waitFor()
    await page.getByRole('button', { name: 'Number' }).click()
    await expect.poll(() => page.locator('th[aria-sort=ascending]').innerText()).toContain('Number')
    await expect.poll(() => page.locator('.long tbody tr').first().innerText()).toContain('payments-01040')
    await page.getByLabel('State').selectOption({ label: 'rejected (199)' })
    await page.getByText(`1 of 2,001 consignments`).waitFor()
    await draw(page, 'many-filtered')
    await page.getByLabel('Find').fill('nothing like it')
    await page.getByText('No consignment matches.').waitFor()
    await accessible(page, 'no match')
    await page.getByLabel('Find').fill('')
    await page.getByLabel('State').selectOption({ label: 'undecided (3)' })
    await page.getByRole('button', { name: 'payments-02001' }).click()
    await heading(page, /./)
    await go(page, 'Consignments')
  })

  it('reads the ledger: events in sentences, filters, one in full with its raw line', async () => {
    const { page } = one
    await go(page, 'Ledger')
    await heading(page, /^The ledger has 9,\d{3} events$/)
    const table = page.getByRole('region', { name: 'Table of events' })
    await table.getByText('A signed waybill was seen: payments-02001').waitFor()
    await draw(page, 'ledger')
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.screenshot({ path: picture('ledger-dark') })
    await accessible(page, 'ledger, dark')
    await page.emulateMedia({ colorScheme: 'light' })
    await accessible(page, 'ledger')
    await table.focus()
    await page.keyboard.press('End')
    await table.getByText('The desk Delta-2 was made, on the high side').waitFor()
    await page.getByLabel('Type').selectOption({ label: 'Decision signed (3,996)' })
    await page.getByLabel('Find').fill('erin sand')
    await page.getByText(/^1,998 of 9,\d{3} events$/).waitFor()
    await page.getByLabel('Find').fill('payments-00042')
    await table.getByText('Dave Okoro signed: accept payments-00042').waitFor()
    const first = table.getByRole('button', { name: /Show event/ }).first()
    const number = (await first.innerText()).replace(/\D/g, '')
    await first.press('Enter')
    await page.getByRole('heading', { level: 2, name: `Event ${number}: Erin Sand signed` }).waitFor()
    await page.getByRole('button', { name: 'Show the line as it stands' }).click()
    const line = readFileSync(join(crossing.high, 'ledger.jsonl'), 'utf8').split('\n')[Number(number) - 1]
    expect(await page.getByLabel('The line as it stands in the ledger').innerText()).toBe(line)
    await accessible(page, 'one event')
    await draw(page, 'ledger-event')
    await page.getByRole('button', { name: `Close event ${number}` }).click()
    await page.getByLabel('Find').fill('xyzzy')
    await page.getByText('No event matches.').waitFor()
    await draw(page, 'ledger-none')
  })

  it('checks the whole ledger: intact, then damaged on the disc', async () => {
    const { page } = one
    const check = page.getByRole('button', { name: 'Check the whole ledger' })
    await check.click()
    await heading(page, /^The ledger is intact: all 9,\d{3} events were recomputed$/)
    await draw(page, 'ledger-intact')
    const file = join(crossing.high, 'ledger.jsonl')
    const before = readFileSync(file, 'utf8')
    const lines = before.split('\n')
    lines[41] = (lines[41] ?? '').replace('"at":"2026', '"at":"2027')
    writeFileSync(file, lines.join('\n'))
    await check.click()
    await heading(page, 'The ledger is not intact. Call the security officer')
    await page.getByText('Line 43 is the first bad one').waitFor()
    await accessible(page, 'damaged')
    await draw(page, 'ledger-damaged')
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.screenshot({ path: picture('ledger-damaged-dark') })
    await page.emulateMedia({ colorScheme: 'light' })
    writeFileSync(file, before)
  })
})

describe.skipIf(!canRunApp)('settings (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let medium: string
  let one: LaunchedApp
  const start = async (): Promise<Page> => {
    one = await launchApp(stage, { desk: crossing.high })
    return one.page
  }
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    medium = (await makeBundle(crossing, 'medium', { 'large.bin': Buffer.alloc(256 << 20, 'x') })).folder
    stage.own()
    await start()
  })
  afterAll(() => closeCrossing(one, stage, crossing))
  const colourOf = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor)

  it('change colours and density at once, each accessible, and keep them for the next start', async () => {
    const { page } = one
    await go(page, 'Settings')
    await heading(page, 'This window follows the system and is comfortable')
    await draw(page, 'settings')
    for (const [name, theme, colour] of [
      [/^Dark:/, 'dark', 'rgb(20, 24, 29)'],
      [/^Light:/, 'light', 'rgb(245, 246, 247)'],
      [/^High contrast:/, 'high-contrast', 'rgb(0, 0, 0)'],
    ] as const) {
      await page.getByRole('radio', { name }).check()
      await expect.poll(() => colourOf(page)).toBe(colour)
      await accessible(page, theme)
      await page.screenshot({ path: picture(`settings-theme-${theme}`) })
    }
    // What a person chose stays against the system.
    await page.emulateMedia({ colorScheme: 'light' })
    expect(await colourOf(page)).toBe('rgb(0, 0, 0)')
    await page.getByRole('radio', { name: /^Compact:/ }).check()
    await heading(page, 'This window has high contrast and is compact')
    await accessible(page, 'compact')
    await page.screenshot({ path: picture('settings-compact') })
    for (const place of ['Consignments', 'Trust', 'Ledger']) {
      await go(page, place)
      await accessible(page, `${place}, high contrast`)
      await page.screenshot({ path: picture(`${place.toLowerCase()}-high-contrast`) })
    }
    await one.close()
    await start()
    await go(one.page, 'Settings')
    await heading(one.page, 'This window has high contrast and is compact')
    await one.page.getByRole('radio', { name: /^As the system:/ }).check()
    await one.page.emulateMedia({ forcedColors: 'active' })
    await accessible(one.page, 'forced colours')
    await one.page.screenshot({ path: picture('settings-forced-colours') })
    await one.page.emulateMedia({ forcedColors: 'none' })
  })

  it('close the desk, not while work is under way', async () => {
    const { page, dialogs } = one
    await go(page, 'Consignments')
    await page.getByRole('button', { name: 'Receive a medium…' }).click()
    await dialogs.next([medium])
    await page.getByRole('button', { name: 'Choose a folder…' }).click()
    await heading(page, 'Reading the medium. Leave it in.')
    await go(page, 'Settings')
    await page.getByRole('button', { name: 'Close this desk' }).click()
    await page.getByText('This desk is already busy').waitFor()
    await draw(page, 'settings-refused')
    await accessible(page, 'refused')
    await page.getByText('The work that was under way has ended.').waitFor()
    await page.getByRole('button', { name: 'Close this desk' }).click()
    await heading(page, 'No desk is open')
    await page.getByText('NO DESK OPEN').first().waitFor()
    await draw(page, 'settings-closed')
    await dialogs.next([crossing.low])
    await page.getByRole('button', { name: 'Open a desk…' }).click()
    await page.getByText('LOW · connected').waitFor()
  })

  it('of a file that is not ours are passed over', async () => {
    await one.close()
    const folder = join(stage.home, '.config')
    const { app } = await launchApp(stage)
    const data = await app.evaluate((electron) => electron.app.getPath('userData'))
    await app.close()
    expect(data.startsWith(folder)).toBe(true)
    writeFileSync(join(data, 'settings.json'), '{"theme":"pink"')
    stage.own()
    const page = await start()
    await go(page, 'Settings')
    await heading(page, 'This window follows the system and is comfortable')
  })
})

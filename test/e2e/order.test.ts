import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { done, sallyport, type Said } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { decideBoth, type Crossing } from '../support/desks.ts'
import { Keys } from '../support/keys.ts'
import { look, lookOtherwise } from '../support/look.ts'
import { makeOfficers, type Officers } from '../support/officers.ts'
import { streamsOf } from '../support/streams.ts'

describe.skipIf(!canRunApp)('order and time in the packed app (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let officers: Officers
  let ofLow: Officers
  let founding: string
  let cause: string
  let one: LaunchedApp
  const { press, heading, go, signs, closed, next } = byWindow(() => one)
  const { released, written, accept } = streamsOf(() => crossing)
  const shown = (): Promise<Said> => done(['desk', 'show', '--desk', crossing.high], crossing.clock)

  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    const { high, low, clock, folder } = crossing
    await accept(await written(await released('first'), 'first'))
    const medium = await written(await released('second'), 'second')
    const { id } = await done(['verify', medium, '--desk', high], clock)
    const { content } = await done(['consignment', 'show', id, '--desk', high], clock)
    cause = (content as [{ root: { digest: string } }])[0].root.digest
    await decideBoth(crossing, id, 'reject', ['--cause', cause])
    founding = join(folder, 'founding')
    cpSync(high, founding, { recursive: true })
    officers = await makeOfficers(crossing, high)
    await officers.seal()
    ofLow = await makeOfficers(crossing, low)
    await ofLow.seal()
    stage.own()
    one = await launchApp(stage, { desk: founding })
  })
  afterAll(() => closeCrossing(one, stage, crossing))
  const reopen = async (desk: string): Promise<void> => {
    await one.close()
    stage.own()
    one = await launchApp(stage, { desk })
    await go('Trust')
    await press('Order and time…')
  }
  /** A second officer puts in force what waits. */
  const second = async (who: Officers): Promise<void> => {
    await press('Sign or withdraw it…')
    await signs(who.people[1])
    await press('Put it in force with my key')
  }

  it('closes every act at a founding desk, and says why', async () => {
    await go('Trust')
    await press('Order and time…')
    await heading('Bundles of 1 channel are taken in order here')
    for (const act of [
      'Raise the epoch of payments…',
      'Move payments to another sender…',
      'Raise the epoch of another channel…',
      'Move another channel…',
      'Set the proven time…',
      'Let it pass again…',
    ])
      expect({ act, closed: await closed(act) }).toEqual({ act, closed: true })
    expect(await next()).toContain('This desk is not sealed yet: seal it under People.')
    await look(one.page, 'order-founding')
    await reopen(crossing.high)
  })

  it('raises the epoch of a channel', async () => {
    const { page } = one
    await look(page, 'order')
    await lookOtherwise(page, 'order')
    await press('Raise the epoch of payments…')
    await heading('Raise the epoch of payments; it is 1 now')
    await page.getByLabel('New epoch').fill('1')
    await page.getByText('A number from 2 to 1001.').waitFor()
    await signs(officers.people[0])
    expect(await closed('Ask for the new epoch with my key')).toBe(true)
    expect(await next()).toContain('Still missing: the new epoch.')
    await look(page, 'epoch-refused')
    await page.getByLabel('New epoch').fill('2')
    await lookOtherwise(page, 'epoch')
    await press('Ask for the new epoch with my key')
    await page.getByText('The epoch of channel payments is raised to 2').waitFor()
    await look(page, 'order-asked')
    // The same again is refused before anybody types a passphrase.
    await press('Raise the epoch of payments…')
    await page.getByLabel('New epoch').fill('2')
    expect(await next()).toContain('This was asked for already')
    expect(await page.getByLabel('Passphrase of your key').count()).toBe(0)
    await look(page, 'epoch-asked')
    await press('Back')
    await second(officers)
    await page
      .locator('dt', { hasText: /^Epoch$/ })
      .locator('+ dd', { hasText: /^2$/ })
      .waitFor()
    expect((await shown())['channels']).toEqual([{ channel: 'payments', epoch: 2, owner: crossing.lowId }])
  })

  it('moves a channel to another sender, also one that nothing is known of', async () => {
    const { page } = one
    await press('Move payments to another sender…')
    await heading('Move payments to another sender')
    await page.getByLabel('Id of the new sender').fill(crossing.lowId)
    await page.getByText('The channel belongs to this desk already.').waitFor()
    await look(page, 'move-refused')
    await press('Back')
    await press('Move another channel…')
    await heading('Move a channel to another sender')
    await page.getByLabel('Channel').fill('tools and more')
    await page.getByText('Letters, digits and . _ / @ : + - only.').waitFor()
    await page.getByLabel('Channel').fill('tools')
    await page.getByLabel('Id of the new sender').fill('AB'.repeat(32))
    await signs(officers.people[0])
    await look(page, 'move')
    await lookOtherwise(page, 'move')
    await press('Ask for the move with my key')
    await second(officers)
    await page.getByRole('region', { name: 'Channel tools' }).waitFor()
    expect((await shown())['channels']).toContainEqual({
      channel: 'tools',
      epoch: 1,
      owner: 'ab'.repeat(32),
    })
  })

  it('sets the time that is taken for proven', async () => {
    const { page } = one
    await press('Set the proven time…')
    await heading('Set the time that this desk takes for proven')
    await page.getByRole('radio', { name: /^This time:/ }).check()
    await page.getByLabel('Time', { exact: true }).fill('2026-02-30T00:00:00Z')
    await page.getByText('A day and time in UTC, as 2026-12-24T00:00:00Z.').waitFor()
    await look(page, 'floor-refused')
    await page.getByRole('radio', { name: /^No time:/ }).check()
    await signs(officers.people[0])
    await look(page, 'floor')
    await lookOtherwise(page, 'floor')
    await press('Ask for it with my key')
    await second(officers)
    await page.getByText('nothing until content is accepted', { exact: true }).waitFor()
    expect((await shown())['clock']).toMatchObject({ floor: null })
    await press('Set the proven time…')
    await page.getByRole('radio', { name: /^No time:/ }).check()
    expect(await next()).toContain('a time other than the one in force')
    await press('Back')
  })

  it('lets content pass again that was the cause of a rejection', async () => {
    const { page, dialogs } = one
    await page.getByText(cause).waitFor()
    // By keyboard alone.
    const keys = new Keys(page)
    const sign = async (place: number, deed: string): Promise<void> => {
      await keys.pick(/\(officer-\d\)/, `(officer-${place + 1})`)
      await dialogs.next([officers.people[place]?.key ?? ''])
      await keys.press('Choose your key file…')
      await page.getByText(`high-officer-${place + 1}.key`, { exact: true }).waitFor()
      await keys.fill('Passphrase of your key', 'correct horse battery staple')
      await keys.press(deed)
    }
    await keys.press('Let it pass again…')
    await heading('Let this content pass again')
    await look(page, 'cause')
    await lookOtherwise(page, 'cause')
    await sign(0, 'Ask for it with my key')
    await keys.press('Sign or withdraw it…')
    await heading(/^Change \d+ waits for a second security officer/)
    await sign(1, 'Put it in force with my key')
    await page.getByText(`The content ${cause} is no longer a cause of rejection`).waitFor()
    expect(await page.getByRole('button', { name: 'Let it pass again…' }).count()).toBe(0)
    await look(page, 'order-after')
    expect((await shown())['causes']).toEqual([])
    const at = ['--desk', crossing.high]
    expect((await sallyport(['ledger', 'verify', ...at], crossing.clock)).json.intact).toBe(true)
  })

  it('raises the epoch of a sender’s own channel', async () => {
    await reopen(crossing.low)
    const { page } = one
    await heading('Bundles of 1 channel are numbered here')
    expect(await page.getByRole('button', { name: /^Move / }).count()).toBe(0)
    await look(page, 'order-low')
    await press('Raise the epoch of payments…')
    await page.getByLabel('New epoch').fill('2')
    await signs(ofLow.people[0])
    await look(page, 'epoch-low')
    await press('Ask for the new epoch with my key')
    await second(ofLow)
    await page
      .locator('dt', { hasText: /^Epoch$/ })
      .locator('+ dd', { hasText: /^2$/ })
      .waitFor()
    const low = await done(['desk', 'show', '--desk', crossing.low], crossing.clock)
    expect(low['channels']).toEqual([{ channel: 'payments', epoch: 2, owner: null }])
  })
})

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { openCrossing } from '../support/crossing-app.ts'
import { type Crossing, type PersonId } from '../support/desks.ts'
import { Keys } from '../support/keys.ts'

describe.skipIf(!canRunApp)('a whole crossing by keyboard alone (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  let keys: Keys
  const pressed: Record<string, number> = {}
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    mkdirSync(join(stage.home, 'stick'))
    writeFileSync(join(crossing.folder, 'request', 'notes.txt'), 'notes')
    stage.own()
  })
  afterAll(async () => {
    await stage.close()
    await crossing.dispose()
    mkdirSync('test-results', { recursive: true })
    writeFileSync(join('test-results', 'keyboard.json'), `${JSON.stringify(pressed)}\n`)
  })

  const heading = (text: string | RegExp) => one.page.getByRole('heading', { level: 1, name: text }).waitFor()
  async function open(desk: string): Promise<void> {
    one = await launchApp(stage, { desk })
    keys = new Keys(one.page)
  }
  async function close(side: string): Promise<void> {
    pressed[side] = keys.pressed
    expect(one.complaints).toEqual([])
    await one.close()
  }
  async function sign(id: PersonId, deed: string): Promise<void> {
    const { page, dialogs } = one
    await keys.pick(/\((bob|carol|dave|erin)\)/, `(${id})`)
    await dialogs.next([crossing.people[id].key])
    await keys.press('Choose your key file…')
    await page.getByText(`${id}.key`, { exact: true }).waitFor()
    await keys.fill('Passphrase of your key', readFileSync(crossing.passphrase, 'utf8').trim())
    await keys.press(deed)
  }

  it('goes from request to hand-over on the low side', async () => {
    await open(crossing.low)
    const { dialogs } = one
    await heading('Nothing was collected yet')
    await keys.press('New request…')
    await heading('Write down what is wanted, why and for whom')
    await keys.fill('Name', 'payments-2026-11')
    await keys.fill('Reason', 'Ticket 4711')
    await keys.pick(/\(alice\)/, '(alice)')
    await keys.press('Show typing its id')
    await keys.fill('Or type a desk’s id', crossing.highId)
    await keys.press('Add this id')
    await keys.fill('Channel', 'payments')
    await dialogs.next([join(crossing.folder, 'request', 'notes.txt')])
    await keys.press('Add a file…')
    await heading('The request is complete and can be collected')
    await keys.press('Collect')
    await heading(/^1 item collected/)
    await keys.press('Go on to authenticity')
    await heading('Nothing speaks for these items but the people who sign')
    await keys.press('Go on to approve')
    await heading('2 signatures are missing, the next by a transfer agent')
    await sign('bob', 'Sign as transfer agent')
    await heading(/^One signature is missing/)
    await sign('carol', 'Sign as release authority')
    await heading('Every signature that the policy asks for is there')
    await keys.press('Go on to write')
    await heading('payments-2026-11 is released and can be written')
    await dialogs.next([join(stage.home, 'stick')])
    await keys.press('Choose a folder…')
    await heading(/^Copy 1 goes to/)
    await keys.press('Write copy 1')
    await heading('Take the medium out, put it back in, and read it back')
    await dialogs.next([join(stage.home, 'stick')])
    await keys.press('It was out and is in again: read it…')
    await heading('1 copy read back exactly as written')
    await keys.press('Go on to hand over')
    await heading('1 copy of payments-2026-11 can be handed over')
    await keys.press('It was handed over: close it')
    await heading('payments-2026-11 was handed over and is closed')
    await close('low')
  })

  it('goes from the medium to the report and the end on the high side', async () => {
    await open(crossing.high)
    const { dialogs } = one
    await heading('Nothing has arrived yet')
    await keys.press('Receive a medium…')
    await heading('Put the medium in, and choose it')
    await dialogs.next([join(stage.home, 'stick')])
    await keys.press('Choose a folder…')
    await heading('Everything that was asked was proven')
    await keys.press('Accept…')
    await heading('Accept this consignment: two people sign')
    await sign('dave', 'Accept with my key')
    await heading('Accept this consignment: one more person signs')
    await sign('erin', 'Accept with my key')
    await heading('payments-2026-11 is accepted and can be exported')
    await dialogs.next([join(stage.home, 'out')])
    await keys.press('Choose a new folder and export…')
    await heading('payments-2026-11 was exported')
    expect(readFileSync(join(stage.home, 'out', 'files', 'notes.txt'), 'utf8')).toBe('notes')
    await keys.press('Report…')
    await heading(/report/i)
    await dialogs.next([join(stage.home, 'report.pdf')])
    await keys.press('Save PDF…')
    await one.page.getByRole('heading', { name: 'report.pdf' }).waitFor()
    expect(existsSync(join(stage.home, 'report.pdf'))).toBe(true)
    await keys.press('Close…')
    await heading(/^Everything about payments-2026-11 is done/)
    await keys.press('Close this consignment')
    await heading('payments-2026-11 is closed')
    await close('high')
  })
})

import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { done, sallyport } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { decideBoth, makeBundle, type Crossing } from '../support/desks.ts'
import { look, lookOtherwise } from '../support/look.ts'
import { makeOfficers, type Officers } from '../support/officers.ts'

describe.skipIf(!canRunApp)('a desk that was put back, in the packed app (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let officers: Officers
  let founding: string
  let one: LaunchedApp
  const { press, heading, go, signs, closed, next } = byWindow(() => one)

  // The account sees a desk as far as it has come; then an older copy lies in its place.
  async function openPutBack(desk: string, older: string): Promise<void> {
    stage.own()
    const newest = await launchApp(stage, { desk })
    await newest.page.getByRole('navigation', { name: 'Places' }).waitFor()
    await newest.close()
    rmSync(desk, { recursive: true })
    cpSync(older, desk, { recursive: true })
    stage.own()
    one = await launchApp(stage, { desk })
  }
  const copied = (desk: string, name: string): string => {
    const copy = join(crossing.folder, name)
    cpSync(desk, copy, { recursive: true })
    return copy
  }

  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    const { high, low, clock } = crossing
    founding = copied(low, 'low-older')
    officers = await makeOfficers(crossing, high, 3)
    await officers.seal()
    const { folder } = await makeBundle(crossing, 'one')
    const { id } = await done(['verify', folder, '--desk', high], clock)
    const older = copied(high, 'high-older')
    await decideBoth(crossing, id, 'accept')
    await openPutBack(high, older)
  })
  afterAll(() => closeCrossing(one, stage, crossing))

  it('shows both heads, and invites to nothing that is refused', async () => {
    const { page } = one
    await heading('This desk was put back, as from a backup: two security officers record that first')
    const desk = await done(['desk', 'show', '--desk', crossing.high], crossing.clock)
    const { root } = desk['ledger'] as { root: string }
    await page.getByText(root, { exact: true }).waitFor()
    await page.getByText('At least 3 events that this account has seen are not in the folder.').waitFor()
    expect(await page.getByRole('button', { name: 'Receive a medium…' }).count()).toBe(0)
    expect(await page.getByText('put in a medium').count()).toBe(0)
    expect(await closed('Sign that it was put back')).toBe(true)
    await look(page, 'put-back-sealed')
    await lookOtherwise(page, 'put-back-sealed')
    for (const [place, acts] of [
      ['People', ['Add a person…', 'Revoke the key of Dave Okoro…']],
      ['Trust', ['Install a trusted root…', 'Trust a signer…', 'Revoke the key of Bob Lind…']],
      ['Policy', ['Write another…', 'Look at another policy…']],
    ] as const) {
      await go(place)
      for (const act of acts) expect({ act, closed: await closed(act) }).toEqual({ act, closed: true })
      expect(await next()).toContain('This desk was put back')
    }
    await look(page, 'put-back-policy')
    await go('Consignments')
    await press('payments-2026-11')
    for (const act of ['Accept…', 'Reject…', 'Hold…'])
      expect({ act, closed: await closed(act) }).toEqual({ act, closed: true })
    await look(page, 'put-back-verdict')
    // The step that is due can be opened, and asks nobody for a passphrase.
    await press(/^Decide$/)
    await heading(/^Accept this consignment/)
    expect(await page.getByLabel('Passphrase of your key').count()).toBe(0)
    expect(await next()).toContain('This desk was put back')
    await look(page, 'put-back-decide')
    expect(await closed('Accept with my key')).toBe(true)
  })

  it('is recorded by two officers, and by nobody twice', async () => {
    const { page } = one
    await go('Consignments')
    await signs(officers.people[0])
    await press('Sign that it was put back')
    await heading(/Officer 1 of high has signed that, one more officer signs/)
    await look(page, 'put-back-half')
    await go('People')
    await page.getByText('Waits for a second officer').waitFor()
    await press('Sign it…')
    await heading('Change 2 waits for a second security officer')
    await signs(officers.people[0])
    expect(await closed('Withdraw it with my key')).toBe(true)
    await look(page, 'put-back-second')
    expect(await closed('Put it in force with my key')).toBe(true)
    expect(await next()).toContain('Officer 1 of high asked for it, and two different people make a change.')
    await go('Consignments')
    await press('Sign it as the second officer…')
    await signs(officers.people[2])
    await press('Put it in force with my key')
    await heading('1 consignment waits for a decision')
    expect(await closed('Receive a medium…')).toBe(false)
    await look(page, 'put-back-recorded')
    const at = ['--desk', crossing.high]
    const { changes } = await done(['change', 'list', ...at], crossing.clock)
    expect(changes).toMatchObject([
      {
        kind: 'desk.restored',
        state: 'in-force',
        proposed: { name: 'Officer 1 of high' },
        signed: { name: 'Officer 3 of high' },
      },
      { kind: 'desk.seal' },
    ])
    expect((await sallyport(['ledger', 'verify', ...at], crossing.clock)).json.intact).toBe(true)
  })

  it('holds its streams until two officers state how far they had come', async () => {
    const { page } = one
    await press('payments-2026-11')
    await heading('Hold: the order does not let it pass now')
    expect(await closed('Accept…')).toBe(true)
    await look(page, 'lost')
    await press(/^Decide$/)
    await heading('This consignment cannot be accepted now')
    expect(await page.getByLabel('Passphrase of your key').count()).toBe(0)
    await look(page, 'lost-decide')
    await press('Back to the verdict')
    await press('Release it…')
    await heading('Release this bundle: two security officers sign')
    await page.getByLabel('Epoch in force').fill('0')
    await page.getByText('A number from 1 to 1001.').waitFor()
    await page.getByRole('radio', { name: /^A bundle:/ }).check()
    await page.getByLabel('Number of the last accepted bundle').fill('1')
    await page.getByLabel('Digest of its waybill').fill('sha256:12')
    await page.getByText('sha256: and 64 hex digits, as it is printed.').waitFor()
    await page.getByText(/It is then refused, as not newer/).waitFor()
    await signs(officers.people[1])
    expect(await next()).toContain('Still missing: the epoch, the digest of the last accepted bundle.')
    expect(await closed('Ask for its release with my key')).toBe(true)
    await look(page, 'recovery-refused')
    await page.getByLabel('Epoch in force').fill('1')
    await page.getByRole('radio', { name: /^Nothing:/ }).check()
    await page.getByLabel(/^Digests of waybills that were rejected/).fill(`sha256:${'ab'.repeat(32)}`)
    await look(page, 'recovery')
    await lookOtherwise(page, 'recovery')
    await press('Ask for its release with my key')
    await press('Sign or withdraw its release…')
    await signs(officers.people[0])
    await look(page, 'recovery-second')
    await press('Put it in force with my key')
    await heading('Everything that was asked was proven')
    expect(await closed('Accept…')).toBe(false)
    const { changes } = await done(['change', 'list', '--desk', crossing.high], crossing.clock)
    const [{ text }] = changes as [{ text: string }]
    expect(JSON.parse(text)).toMatchObject({
      row: 'order.state',
      recovery: { epoch: 1, accepted: null, rejected: [`sha256:${'ab'.repeat(32)}`] },
    })
  })

  it('is recorded by one person alone while it is founding', async () => {
    await one.close()
    await openPutBack(crossing.low, founding)
    const { page } = one
    await heading('This desk was put back, as from a backup: record that first')
    expect(await page.getByRole('button', { name: 'New request…' }).count()).toBe(0)
    expect(await page.getByLabel('Passphrase of your key').count()).toBe(0)
    await look(page, 'put-back-founding')
    await lookOtherwise(page, 'put-back-founding')
    await press('Record that it was put back')
    await heading('Nothing was collected yet')
    expect(await closed('New request…')).toBe(false)
    const shown = await done(['desk', 'show', '--desk', crossing.low], crossing.clock)
    expect(shown['putBack']).toBeNull()
  })
})

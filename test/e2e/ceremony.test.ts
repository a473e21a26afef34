import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { done } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { decideBoth, makeBundle, type Crossing } from '../support/desks.ts'
import { look, lookOtherwise } from '../support/look.ts'
import { makeOfficers, type Officers } from '../support/officers.ts'
import { makeTrustedRoot } from '../support/trusted-root.ts'

describe.skipIf(!canRunApp)('the ceremony in the packed app (needs Linux and Xvfb)', () => {
  const root = makeTrustedRoot()
  let stage: Stage
  let crossing: Crossing
  let officers: Officers
  let one: LaunchedApp
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    officers = await makeOfficers(crossing, crossing.high, 3)
    const { folder } = await makeBundle(crossing, 'medium')
    const { id } = await done(['verify', folder, '--desk', crossing.high], crossing.clock)
    await decideBoth(crossing, id, 'accept')
    writeFileSync(join(crossing.folder, 'trusted_root.json'), root.bytes)
    stage.own()
    one = await launchApp(stage, { desk: crossing.high })
  })
  afterAll(() => closeCrossing(one, stage, crossing))

  const window = byWindow(() => one)
  const { heading, press, go } = window
  const signs = (place: number) => window.signs(officers.people[place])

  it('seals the desk with the keys of two officers', async () => {
    const { page } = one
    await go('People')
    await look(page, 'people-founding')
    await press('Seal this desk…')
    await heading('Seal this desk: two security officers sign')
    await look(page, 'seal')
    await signs(0)
    await press('Sign the seal with my key')
    await heading(/Officer 1 of high has signed, one more officer signs/)
    await look(page, 'seal-half')
    await signs(1)
    await press('Sign the seal with my key')
    await heading('5 people work at this desk')
    await page.getByText('The seal of this desk').waitFor()
    await look(page, 'people-sealed')
    await lookOtherwise(page, 'people-sealed')
  })

  it('installs a trusted root when a second officer has signed', async () => {
    const { page, dialogs } = one
    await go('Trust')
    await press('Install a trusted root…')
    await heading('Install a trusted root, by the paper you hold')
    await dialogs.next([join(crossing.folder, 'trusted_root.json')])
    await press('Choose the file of trusted roots…')
    await page.getByText('trusted_root.json').waitFor()
    await page.getByLabel('Name', { exact: true }).fill('priv.test')
    expect(await page.getByText(root.fingerprint).count()).toBe(0)
    await page.getByLabel('Fingerprint of the file, typed from the paper').fill(root.fingerprint)
    await signs(0)
    await look(page, 'root-new')
    await press('Compare, and ask for it')
    await page.getByText('Waits for a second officer').waitFor()
    await look(page, 'trust-waiting')
    await press('Sign or withdraw it…')
    await heading('Change 2 waits for a second security officer')
    await signs(0)
    await page.getByText('Officer 1 of high asked for it, and two different people make a change.').waitFor()
    expect(await page.getByRole('button', { name: 'Put it in force with my key' }).isDisabled()).toBe(true)
    await signs(2)
    await look(page, 'change')
    await lookOtherwise(page, 'change')
    await press('Put it in force with my key')
    await page.getByRole('region', { name: 'Trusted root priv.test' }).waitFor()
    await look(page, 'trust-root')
  })

  it('revokes a signer, and flags what was accepted', async () => {
    const { page } = one
    await press('Revoke the key of Bob Lind…')
    await heading('Revoke the key of Bob Lind for good?')
    await page.getByLabel('Reason').fill('The key was on a lost laptop')
    await signs(1)
    await look(page, 'revoke')
    await press('Ask for the revocation')
    await press('Sign or withdraw it…')
    await signs(0)
    await press('Put it in force with my key')
    await page.getByText('Revoked for good: 1').waitFor()
    await look(page, 'trust-revoked')
    await go('Consignments')
    await page.getByText('Key revoked').waitFor()
    await look(page, 'list-revoked')
    await press('payments-2026-11')
    await heading('Accepted before, but a key under it was revoked since')
    expect(await page.getByRole('button', { name: 'Export…' }).count()).toBe(0)
    await look(page, 'verdict-revoked', 'passed')
    await lookOtherwise(page, 'verdict-revoked')
  })
})

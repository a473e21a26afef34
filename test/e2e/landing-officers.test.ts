import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { done } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import type { Crossing } from '../support/desks.ts'
import { look, lookOtherwise } from '../support/look.ts'
import { makeOfficers, type Officers } from '../support/officers.ts'

const secret = 'correct horse battery staple'

describe.skipIf(!canRunApp)(
  'the landing key of a sealed desk in the packed app (needs Linux and Xvfb)',
  () => {
    let stage: Stage
    let crossing: Crossing
    let officers: Officers
    let one: LaunchedApp
    const { press, heading, go, signs, closed, next } = byWindow(() => one)
    const inForce = async (): Promise<unknown> =>
      (await done(['landing', 'key', 'show', '--desk', crossing.high], crossing.clock))['key']

    beforeAll(async () => {
      ;({ stage, crossing } = await openCrossing())
      officers = await makeOfficers(crossing, crossing.high)
      await officers.seal()
      stage.own()
      one = await launchApp(stage, { desk: crossing.high })
    })
    afterAll(() => closeCrossing(one, stage, crossing))

    it('asks for a key with a passphrase by one officer; nothing is in force before the second', async () => {
      const { page } = one
      await go('Trust')
      await press('Landing…')
      await press('Make a landing key…')
      expect(await next()).toContain(
        'Still missing: the new passphrase, typed twice, who asks, with their key.',
      )
      await page.getByLabel('New passphrase').fill(secret)
      await page.getByLabel('The same passphrase again').fill(secret)
      await signs(officers.people[0])
      await look(page, 'landing-officer')
      await lookOtherwise(page, 'landing-officer')
      await press('Make it, and ask for it with my key')
      await page.getByText('Waits for a second officer').waitFor()
      await heading('This desk has no landing key')
      await look(page, 'landing-asked')
      expect(await inForce()).toBeNull()
      // Another is not made beside it.
      await press('Make a landing key…')
      expect(await next()).toContain('Another landing key waits for a second officer.')
      expect(await page.getByLabel('Passphrase of your key').count()).toBe(0)
      expect(await closed('Make it, and ask for it with my key')).toBe(true)
      await look(page, 'landing-asked-already')
      await press('Back')
    })

    it('is put in force by the second officer, and never by the first', async () => {
      const { page } = one
      await press('Sign or withdraw it…')
      await signs(officers.people[0])
      expect(await closed('Put it in force with my key')).toBe(true)
      await signs(officers.people[1])
      await look(page, 'landing-second')
      await press('Put it in force with my key')
      await heading('The landing key seals what lands at a registry')
      await page.getByText('Officer 1 of high and Officer 2 of high', { exact: true }).waitFor()
      expect(await inForce()).toMatchObject({ locked: true })
      await look(page, 'landing-in-force')
    })

    it('is replaced by one without a passphrase only where both officers sign that', async () => {
      const { page } = one
      const before = await inForce()
      await press('Replace it…')
      await heading('Put another landing key in the place of this one')
      await page.getByRole('radio', { name: /^No passphrase:/ }).check()
      await page.getByText('Both security officers sign that it has none.').waitFor()
      await signs(officers.people[1])
      await look(page, 'landing-replace')
      await press('Make it, and ask for it with my key')
      await press('Sign or withdraw it…')
      expect(await inForce()).toEqual(before)
      await signs(officers.people[0])
      await look(page, 'landing-replace-second')
      await press('Put it in force with my key')
      await page.getByText(/has no passphrase$/).waitFor()
      expect(await inForce()).toMatchObject({ locked: false })
      // The private half of the earlier one went with it.
      const kept = readdirSync(join(crossing.high, 'landing')).filter((name) => name.endsWith('.key'))
      expect(kept).toHaveLength(1)
      await look(page, 'landing-replaced')
    })

    it('is revoked for good by two officers: then this desk has none', async () => {
      const { page } = one
      await press('Revoke the landing key…')
      await heading('Revoke the landing key for good?')
      await page.getByLabel('Reason').fill('The folder was copied')
      await signs(officers.people[0])
      await page.getByText('This desk seals nothing with it from then on.').waitFor()
      await look(page, 'landing-revoke')
      await press('Ask for the revocation')
      await press('Sign or withdraw it…')
      await signs(officers.people[1])
      await press('Put it in force with my key')
      await heading('This desk has no landing key')
      expect(await inForce()).toBeNull()
      expect(readdirSync(join(crossing.high, 'landing')).filter((name) => name.endsWith('.key'))).toEqual([])
    })
  },
)

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { done } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import type { Crossing } from '../support/desks.ts'
import { hasDockerRegistry, startDockerRegistry } from '../support/docker-registry.ts'
import type { SampleImage } from '../support/images.ts'
import { Keys } from '../support/keys.ts'
import { acceptedImage, allowRegistry } from '../support/landing.ts'
import { look, lookOtherwise } from '../support/look.ts'
import type { ServedRegistry } from '../support/served-registry.ts'

const lacks = canRunApp ? (hasDockerRegistry ? null : 'docker-registry') : 'Linux and Xvfb'

/* Where the policy lets those who accepted something seal it: nothing lands before both have. */

describe.skipIf(lacks !== null)(
  `a landing sealed by two people in the packed app (${lacks ?? 'docker-registry'})`,
  () => {
    let stage: Stage
    let crossing: Crossing
    let registry: ServedRegistry
    let sample: SampleImage
    let id: string
    let one: LaunchedApp
    const { press, heading, go, signs, closed, next } = byWindow(() => one)

    beforeAll(async () => {
      ;({ stage, crossing } = await openCrossing())
      registry = await startDockerRegistry()
      ;({ id, sample } = await acceptedImage(crossing))
      await allowRegistry(crossing, registry.host, 2, 'landing:\n  signers: deciders\n')
      stage.own()
      one = await launchApp(stage, { desk: crossing.high })
    })
    afterAll(async () => {
      await closeCrossing(one, stage, crossing)
      await registry.close()
    })

    const lies = async (): Promise<boolean> => {
      const tag = `${sample.root.digest.replace(':', '-')}.sig`
      const headers = { accept: 'application/vnd.oci.image.manifest.v1+json' }
      const { status } = await fetch(`http://${registry.host}/v2/apps/app/manifests/${tag}`, { headers })
      return status === 200
    }

    it('exports without a seal, and says who seals it', async () => {
      const { page } = one
      await page
        .getByRole('row', { name: /carry-app/ })
        .getByRole('button')
        .first()
        .click()
      await press('Export…')
      await page.getByRole('radio', { name: /^A registry:/ }).check()
      await page.getByText('This export does not seal: those who accepted it seal it afterwards').waitFor()
      expect(await page.getByRole('checkbox').count()).toBe(0)
      await page.getByLabel('Path in the registry (may stay empty)').fill('apps')
      await look(page, 'deciders-export')
      await press('Push to the registry')
      await heading('carry-app was exported')
      await page.getByText('by the policy those who accepted it seal it, each with their own key.').waitFor()
      expect(await next()).toContain('Next: those who accepted it seal it')
      expect(await lies()).toBe(false)
      await look(page, 'deciders-exported')
    })

    it('takes the first signature, and lands nothing', async () => {
      const { page } = one
      const where = `${registry.host}/apps`
      await press(`Seal it at ${where}…`)
      await heading(`What landed at ${where} waits for Dave Okoro and Erin Sand`)
      expect(await closed('Seal with my key')).toBe(true)
      await look(page, 'deciders-seal')
      await lookOtherwise(page, 'deciders-seal')
      await signs({ ...crossing.people.dave, key: crossing.people.erin.key })
      await press('Seal with my key')
      await page.getByText('(key-not-this-person)').waitFor()
      await look(page, 'deciders-other-key')
      await signs(crossing.people.dave)
      await press('Seal with my key')
      await heading(new RegExp(`^What landed at ${where} waits for Erin Sand$`))
      await page.getByText('Signed for 3 things. No seal lies there yet.').waitFor()
      expect(await page.getByRole('radio', { name: /^Dave Okoro/ }).count()).toBe(0)
      expect(await lies()).toBe(false)
      await look(page, 'deciders-half')
      await press('Export')
      await page.getByText('Signed by Dave Okoro; still to sign: Erin Sand.').waitFor()
      await look(page, 'deciders-half-exported')
      await press(`Seal it at ${where}…`)
    })

    it('lands the seals of both once the second has signed, by keyboard alone', async () => {
      const { page, dialogs } = one
      const keys = new Keys(page)
      const { key } = crossing.people.erin
      await keys.pick(/^Erin Sand/, 'Erin Sand')
      await dialogs.next([key])
      await keys.press('Choose your key file…')
      await page.getByText('erin.key', { exact: true }).waitFor()
      await keys.fill('Passphrase of your key', 'correct horse battery staple')
      await keys.key('Enter')
      await heading(`What landed at ${registry.host}/apps is sealed`)
      await page.getByText(/^Read again as its readers look for it: \d+ things, all there\.$/).waitFor()
      await page.getByText(/by those who accepted it, .*: 3 things/).waitFor()
      expect(await lies()).toBe(true)
      await look(page, 'deciders-sealed')
      const { landings } = await done(['consignment', 'show', id, '--desk', crossing.high], crossing.clock)
      const both = [crossing.people.dave.fingerprint, crossing.people.erin.fingerprint].sort()
      expect(landings).toMatchObject([{ by: 'deciders', keys: both, count: 3 }])
    })

    it('closes the files for engines without a landing key, and makes them with one that has no passphrase', async () => {
      const { page, dialogs } = one
      await press('Files for its engines…')
      expect(await next()).toContain('Closed: the landing key signs these files, and this desk has none.')
      expect(await page.getByRole('checkbox').count()).toBe(0)
      expect(await closed('Choose a new folder and make them…')).toBe(true)
      await look(page, 'deciders-kit-closed')
      await press('Make a landing key…')
      await heading('This desk has no landing key')
      await press('Make a landing key…')
      await page.getByRole('radio', { name: /^No passphrase:/ }).check()
      await press('Make the landing key')
      await heading(
        'Those who accepted it seal what lands; the landing key signs lists and files for engines',
      )
      await page.getByText(/has no passphrase$/).waitFor()
      await look(page, 'deciders-landing')
      await go('Consignments')
      await page
        .getByRole('row', { name: /carry-app/ })
        .getByRole('button')
        .first()
        .click()
      await press('Export…')
      await press(`Files for its engines at ${registry.host}/apps…`)
      await page.getByRole('checkbox', { name: /^CRI-O/ }).check()
      await dialogs.next([join(stage.home, 'kit')])
      await press('Choose a new folder and make them…')
      await page.getByRole('heading', { name: /^\d+ files in kit$/ }).waitFor()
      await press('Show how to check the files there')
      for (const { fingerprint } of [crossing.people.dave, crossing.people.erin])
        await page.getByText(fingerprint, { exact: true }).waitFor()
      await look(page, 'deciders-kit-made')
    })
  },
)

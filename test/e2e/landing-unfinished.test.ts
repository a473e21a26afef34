import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import type { Crossing } from '../support/desks.ts'
import type { SampleImage } from '../support/images.ts'
import { acceptedImage, allowRegistry, landingKey } from '../support/landing.ts'
import { look, lookOtherwise } from '../support/look.ts'
import { TestRegistry } from '../support/registry.ts'

/* A registry that answers that it took something and does not keep it: the export fails by name, and is gone on with. */

describe.skipIf(!canRunApp)('an export that is not whole, in the packed app (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let registry: TestRegistry
  let sample: SampleImage
  let keeps = false
  let one: LaunchedApp
  const { press, heading, next } = byWindow(() => one)
  const lost = (): RegExp =>
    new RegExp(
      `^sha256:[0-9a-f]{64} is not in the list of what refers to ${registry.host}/far/app@${sample.root.digest}$`,
    )

  beforeAll(async () => {
    registry = await new TestRegistry().open()
    // It takes what refers to the image, and does not list it.
    registry.switches.push((request, response, path) => {
      if (keeps || request.method !== 'GET' || !path.endsWith(`/referrers/${sample.root.digest}`))
        return false
      const type = 'application/vnd.oci.image.index.v1+json'
      response.writeHead(200, { 'content-type': type })
      response.end(JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: [] }))
      return true
    })
    ;({ stage, crossing } = await openCrossing())
    ;({ sample } = await acceptedImage(crossing))
    await allowRegistry(crossing, registry.host)
    await landingKey(crossing)
    stage.own()
    one = await launchApp(stage, { desk: crossing.high })
  })
  afterAll(async () => {
    await closeCrossing(one, stage, crossing)
    await registry.close()
  })

  it('names what readers would not find', async () => {
    const { page } = one
    await page
      .getByRole('row', { name: /carry-app/ })
      .getByRole('button')
      .first()
      .click()
    await press('Export…')
    await page.getByRole('radio', { name: /^A registry:/ }).check()
    await page.getByLabel('Path in the registry (may stay empty)').fill('far')
    await press('Push to the registry')
    await heading('The work could not be done')
    await page.getByText('landing-incomplete').waitFor()
    await page
      .getByText(`is not in the list of what refers to ${registry.host}/far/app@${sample.root.digest}`)
      .first()
      .waitFor()
    await page.getByText('What arrived at the registry stays there').waitFor()
    await look(page, 'unfinished-failed')
  })

  it('still knows it when the app is opened again, and goes on to the same place', async () => {
    await one.close()
    one = await launchApp(stage, { desk: crossing.high })
    const { page } = one
    await page
      .getByRole('row', { name: /carry-app/ })
      .getByRole('button')
      .first()
      .click()
    await press('Export…')
    await heading('An export of carry-app is not finished')
    await page.getByText('It was read again as its readers look for it: 2 things not found.').waitFor()
    expect(await page.getByRole('listitem').filter({ hasText: lost() }).count()).toBe(2)
    expect(await next()).toBe('What is there already is not sent again.')
    await look(page, 'unfinished')
    await lookOtherwise(page, 'unfinished')
    await press('Show the target')
    expect(await page.getByLabel('Path in the registry (may stay empty)').inputValue()).toBe('far')
    // To another place it is another export.
    await page.getByLabel('Path in the registry (may stay empty)').fill('near')
    // The field keeps the focus while what it means changes.
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT')
    await page.getByRole('button', { name: 'Push to the registry' }).waitFor()
    await press(`Choose it again, to go on: ${registry.host}/far`)
    await press('Go on with this export')
    await heading('The work could not be done')
    await page.getByText('landing-incomplete').waitFor()
    keeps = true
    const sent = registry.heard.length
    await press('Back to the consignment')
    await press('Go on with this export')
    await heading('carry-app was exported')
    await page.getByText(/^Read again as its readers look for it: \d+ things, all there\.$/).waitFor()
    expect(await page.getByText('Not finished').count()).toBe(0)
    // No layer crosses twice.
    const uploads = registry.heard
      .slice(sent)
      .filter(({ method, path }) => method === 'POST' && path.includes('/blobs/uploads/'))
    expect(uploads).toEqual([])
    await look(page, 'unfinished-done')
  })
})

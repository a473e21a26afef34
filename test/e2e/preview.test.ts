import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import type { Crossing } from '../support/desks.ts'
import { sampleImage } from '../support/images.ts'
import { look, lookOtherwise } from '../support/look.ts'
import { TestRegistry } from '../support/registry.ts'

describe.skipIf(!canRunApp)('a look ahead in the request (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  let registry: TestRegistry
  const { press, heading, go } = byWindow(() => one)
  const { content, root } = sampleImage()
  const larger = sampleImage(90_000, 'larger')
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    registry = await new TestRegistry().open()
    registry.add('team/app', content, { v1: root })
    registry.add('team/app', larger.content, { v2: larger.root })
    for (const [path, text] of [
      ['values/prod.yaml', 'a: 1\n'],
      ['chart/Chart.yaml', 'apiVersion: v2\nname: chart\nversion: 1.0.0\n'],
      ['access/ca.pem', 'x'],
      ['access/client.pem', 'x'],
      ['access/client.key', 'x'],
      ['access/certs.d/host/ca.crt', 'x'],
    ] as const) {
      await mkdir(join(crossing.folder, 'request', dirname(path)), { recursive: true })
      await writeFile(join(crossing.folder, 'request', path), text)
    }
    stage.own()
    one = await launchApp(stage, { desk: crossing.low })
  })
  afterAll(async () => {
    await registry.close()
    await closeCrossing(one, stage, crossing)
  })
  const inRequest = (...steps: string[]): string => join(crossing.folder, 'request', ...steps)
  const asked = (): number => registry.heard.filter(({ path }) => path.includes('/manifests/v')).length

  it('asks nobody until somebody wants it, then each thing that changed, once', async () => {
    const { page } = one
    await go('Consignments')
    await press('New request…')
    await heading('Write down what is wanted, why and for whom')
    await press('Add an image')
    await page.getByRole('textbox', { name: 'Image 1' }).fill(`${registry.host}/team/app:v1`)
    await page.getByRole('checkbox', { name: /Without TLS/ }).check()
    await page.getByText(/open before this can be collected/).waitFor()
    expect(registry.heard).toEqual([])
    await press('Show what would be fetched')
    await page.getByText(/^\d.* · linux\/amd64 · linux\/arm64\/v8\. Nothing speaks for it\.$/).waitFor()
    await page.getByText(/^1 item looked at: \d.*B\.$/).waitFor()
    const first = asked()
    await press('Add an image')
    await page.getByRole('textbox', { name: 'Image 2' }).fill(`${registry.host}/team/none:v1`)
    await page
      .getByRole('checkbox', { name: /Without TLS/ })
      .last()
      .check()
    await page.getByText(/1 cannot be collected as they stand\.$/).waitFor()
    expect(asked()).toBe(
      first + registry.heard.filter(({ path }) => path.includes('/none/manifests/v1')).length,
    )
    await look(page, 'request-preview')
    await lookOtherwise(page, 'request-preview')
    await page.getByRole('button', { name: 'Remove Image 2' }).click()
    await page.getByRole('textbox', { name: 'Image 1' }).fill(`${registry.host}/team/app:v2`)
    await page.getByText(/^2\d\d(\.\d)? kB · linux\/amd64/).waitFor()
    expect(asked()).toBeGreaterThan(first)
    await press('Stop asking')
    const heard = registry.heard.length
    await page.getByRole('textbox', { name: 'Image 1' }).fill(`${registry.host}/team/app:v1`)
    await press('Show access to registries')
    expect(registry.heard.length).toBe(heard)
  })

  it('takes settings for one host, a folder with those of several, and another proxy', async () => {
    const { page, dialogs } = one
    await page.getByLabel('Settings for one host').fill('registry.example:5000')
    await dialogs.next([inRequest('access', 'ca.pem')])
    await press('Choose its authority’s certificate…')
    await page.getByText('registry.example:5000 with the authority in ca.pem').waitFor()
    await dialogs.next([inRequest('access', 'client.pem')])
    await dialogs.next([inRequest('access', 'client.key')])
    await press('Choose a certificate and key for it…')
    await page.getByText('registry.example:5000 is shown the certificate in client.pem').waitFor()
    await dialogs.next([inRequest('access', 'certs.d')])
    await press('Choose a folder like certs.d…')
    await page.getByText('Certificates of hosts from certs.d').waitFor()
    await press('Show the proxy')
    await page.getByLabel('Proxy (may stay empty)').fill('http://proxy.example:3128')
    await page.getByLabel('Settings for one host').scrollIntoViewIfNeeded()
    await look(page, 'request-access')
    await lookOtherwise(page, 'request-access')
    await page.getByRole('button', { name: 'Remove the authority of registry.example:5000' }).click()
    await page.getByRole('button', { name: 'Remove the certificate for registry.example:5000' }).click()
    await press('Use no such folder')
    await page.getByLabel('Proxy (may stay empty)').fill('')
  })

  it('takes files of values for a chart', async () => {
    const { page, dialogs } = one
    await press('Show what else a request can hold')
    await dialogs.next([inRequest('chart')])
    await press('Add a chart’s folder…')
    await page.getByRole('button', { name: 'Show its values: Helm chart 2' }).click()
    await dialogs.next([inRequest('values', 'prod.yaml')])
    await page.getByRole('button', { name: 'Add values… Helm chart 2' }).click()
    await page.getByRole('code').filter({ hasText: './values/prod.yaml' }).waitFor()
    await page.getByRole('code').filter({ hasText: './values/prod.yaml' }).scrollIntoViewIfNeeded()
    await look(page, 'request-values')
    await page.getByRole('button', { name: 'Without ./values/prod.yaml' }).click()
    expect(await page.getByRole('code').filter({ hasText: './values/prod.yaml' }).count()).toBe(0)
  })
})

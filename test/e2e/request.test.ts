import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { makeBundle, type Crossing } from '../support/desks.ts'
import { look, lookOtherwise } from '../support/look.ts'

describe.skipIf(!canRunApp)('a request in words (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  const { press, heading, go, closed } = byWindow(() => one)
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    await makeBundle(crossing, 'medium-1')
    for (const [path, text] of [
      ['deploy/app.yaml', 'kind: Pod\n'],
      ['deploy/keys.gpg', 'keys'],
      ['mirror/index', 'x'],
      ['assistant/weights.bin', 'w'],
      ['deploy/m.sig', '{}'],
    ] as const) {
      await mkdir(join(crossing.folder, 'request', dirname(path)), { recursive: true })
      await writeFile(join(crossing.folder, 'request', path), text)
    }
    stage.own()
    one = await launchApp(stage, { desk: crossing.low })
  })
  afterAll(() => closeCrossing(one, stage, crossing))

  it('says what is missing by the names of the fields, and nothing of schemas', async () => {
    const { page } = one
    await go('Consignments')
    await press('New request…')
    await heading('Write down what is wanted, why and for whom')
    await page
      .getByText(
        'Missing: the name, the reason, the requester, the destination desk, the channel, what to carry.',
      )
      .waitFor()
    expect(await page.getByText(/Too small|expected array|received|items; found/).count()).toBe(0)
    // Nothing was typed yet: nothing is called wrong at its field.
    expect(await page.locator('.field .field-error:not(:empty)').count()).toBe(0)
    await look(page, 'request-missing')
  })

  it('says what is wrong at the field where it was typed', async () => {
    const { page } = one
    await page.getByLabel('Name', { exact: true }).fill('two words')
    const field = page.locator('.field', { has: page.getByLabel('Name', { exact: true }) })
    await field.getByText(/^Expected: a name of letters, digits/).waitFor()
    await press('Add an image')
    await page.getByRole('textbox', { name: 'Image 1' }).fill('no/such host')
    await page
      .locator('.field', { has: page.getByRole('textbox', { name: 'Image 1' }) })
      .getByText(/^Expected: /)
      .waitFor()
    await look(page, 'request-wrong')
    await lookOtherwise(page, 'request-wrong')
    await press('Clear')
  })

  it('holds charts, manifests, files of the web, repositories of git, folders and models, each with its own fields', async () => {
    const { page, dialogs } = one
    await press('Show what else a request can hold')
    await dialogs.next([join(crossing.folder, 'request', 'deploy')])
    await press('Add manifests…')
    await page.getByRole('textbox', { name: 'Manifests 1' }).waitFor()
    await press('Add a Helm chart')
    await page.getByRole('textbox', { name: 'Helm chart 2' }).fill('https://charts.example/stable')
    await page.getByLabel('Name of chart 2').fill('ingress')
    await page.getByLabel('Version of chart 2').fill('4.2.0')
    await page
      .getByRole('radio', { name: /Collected too/ })
      .last()
      .check()
    await press('Add a file of the web')
    await page
      .getByRole('textbox', { name: 'File of the web 3' })
      .fill('https://downloads.example/tool.tar.gz')
    await page.getByLabel('SHA-256 of item 3').fill('f'.repeat(64))
    await press('Add a git repository')
    await page.getByRole('textbox', { name: 'Git repository 4' }).fill('https://git.example/team/app.git')
    await page.getByLabel('Signed tag of item 4').fill('v1.2.3')
    await dialogs.next([join(crossing.folder, 'request', 'deploy', 'keys.gpg')])
    await page
      .getByRole('button', {
        name: 'Choose the key… Git repository 4',
      })
      .click()
    await expect.poll(() => page.getByLabel('Key for item 4').inputValue()).toBe('./deploy/keys.gpg')
    await dialogs.next([join(crossing.folder, 'request', 'mirror')])
    await press('Add a folder…')
    expect(await page.getByRole('textbox', { name: 'Folder 5' }).inputValue()).toBe('./mirror')
    await dialogs.next([join(crossing.folder, 'request', 'assistant')])
    await press('Add a model’s folder…')
    expect(await page.getByRole('textbox', { name: 'Model 6' }).inputValue()).toBe('./assistant')
    await dialogs.next([join(crossing.folder, 'request', 'deploy', 'm.sig')])
    await page.getByRole('button', { name: 'Choose the signature… Model 6' }).click()
    await expect.poll(() => page.getByLabel('Signature of item 6').inputValue()).toBe('./deploy/m.sig')
    await page.getByRole('textbox', { name: 'Helm chart 2' }).scrollIntoViewIfNeeded()
    await look(page, 'request-kinds-chart')
    await page.getByRole('textbox', { name: 'Folder 5' }).scrollIntoViewIfNeeded()
    await look(page, 'request-kinds')
    await lookOtherwise(page, 'request-kinds')
    expect(await page.locator('.item .field-error:not(:empty)').count()).toBe(0)
    await press('Clear')
  })

  it('asks for the folder where a request begins with the text of another one', async () => {
    const { page, dialogs } = one
    await go('Consignments')
    await page
      .getByRole('button', { name: /^payments-2026-11/ })
      .first()
      .click()
    await page.getByRole('button', { name: 'Request', exact: true }).click()
    await press('Begin a new request with this text')
    await heading('One thing is open: which folder the files of this request lie in')
    expect(await closed('Collect')).toBe(true)
    await look(page, 'request-folder')
    await dialogs.next([])
    await press('Choose the folder…')
    expect(await closed('Collect')).toBe(true)
    await dialogs.next([join(crossing.folder, 'request')])
    await press('Choose the folder…')
    await heading('The request is complete and can be collected')
    await press('Collect')
    await heading(/^1 item collected for payments-2026-11/)
  })
})

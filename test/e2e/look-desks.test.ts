import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { sharedKey } from '../support/authority/scheme.ts'
import { byWindow } from '../support/by-window.ts'
import { packedChart } from '../support/charts.ts'
import { done } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { sampleImage } from '../support/images.ts'
import { look, lookOtherwise } from '../support/look.ts'
import { packedLayout, signedBy } from '../support/packed-layout.ts'
import { TestRegistry } from '../support/registry.ts'

const found = 'An OCI layout with 1 image. Whole by its own sums; nobody was asked who made it.'

describe.skipIf(!canRunApp)('archives of others at a low desk (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let registry: TestRegistry
  let one: LaunchedApp
  const { press, heading, closed, next } = byWindow(() => one)
  const inRequest = (name: string): string => join(crossing.folder, 'request', name)
  const yaml = (): Promise<string> => one.page.getByLabel('The same request as YAML').inputValue()
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    registry = await new TestRegistry().open()
    const { content, root } = sampleImage()
    signedBy(content, root)
    registry.add('team/app', content, { '1': root })
    mkdirSync(join(crossing.folder, 'request'), { recursive: true })
    writeFileSync(inRequest('app.tar.gz'), gzipSync((await packedLayout()).tar))
    writeFileSync(inRequest('no-package.tar.gz'), gzipSync((await packedLayout(signedBy)).tar))
    writeFileSync(inRequest('notes.txt'), 'notes')
    writeFileSync(inRequest('asked.yaml'), readFileSync(await writeRequest(crossing, ['file: ./notes.txt'])))
    writeFileSync(inRequest('mine.pub'), sharedKey('p256').publicKey.export({ type: 'spki', format: 'pem' }))
    stage.own()
    one = await launchApp(stage, { desk: crossing.low })
  })
  afterAll(async () => {
    await closeCrossing(one, stage, crossing)
    await registry.close()
  })

  it('looks at an image in a registry, by its reference', async () => {
    const { page, dialogs } = one
    await press('Look into a file…')
    await heading('Choose what to look into')
    await look(page, 'look-low')
    await page.getByLabel('Or in a registry').fill(`${registry.host}/team/app:1`)
    await page.getByLabel(/^Without TLS/).check()
    await dialogs.next([inRequest('mine.pub')])
    await press('Add a public key…')
    await page.getByText('mine.pub', { exact: true }).waitFor()
    await look(page, 'look-reference')
    await press('Show access to registries')
    await page.getByText(/^Used for looking only/).waitFor()
    await press('Hide access to registries')
    await page.getByLabel('Or in a registry').press('Enter')
    await heading(/^Signed by key [0-9a-f]{12}…$/)
    await look(page, 'look-registry', 'passed')
    await press('All consignments')
    await heading('Nothing was collected yet')
  })

  it('takes archives and packages into a request, as form and as YAML', async () => {
    const { page, dialogs } = one
    await press('New request…')
    await dialogs.next([inRequest('asked.yaml')])
    await press('Open a request file…')
    await heading('The request is complete and can be collected')
    await dialogs.next([])
    await press('Add an archive…')
    await dialogs.next([inRequest('app.tar.gz')])
    await press('Add an archive…')
    await expect.poll(() => page.getByLabel('Archive 2').inputValue()).toBe('./app.tar.gz')
    await press('Show the YAML')
    await page.getByRole('radio', { name: /^Each thing in it by itself/ }).check()
    await expect.poll(yaml).toContain('  - archive: ./app.tar.gz\n    as: items\n')
    await page.getByRole('radio', { name: /^As it is/ }).check()
    await expect.poll(yaml).not.toContain('as: items')
    await press('Add a Zarf package')
    await heading('Write down what is wanted, why and for whom')
    expect([await closed('Collect'), await next()]).toEqual([
      true,
      'Collecting is closed until nothing is open.',
    ])
    await page.getByLabel('Zarf package 3').fill('oci://localhost:5000/packages/app:1')
    await page.getByLabel(/^Without TLS/).check()
    await expect.poll(yaml).toContain('allow:')
    await press('Hide the YAML')
    await heading('The request is complete and can be collected')
    await page.getByLabel('Zarf package 3').scrollIntoViewIfNeeded()
    await look(page, 'request-archives')
    await lookOtherwise(page, 'request-archives')
    await page.getByLabel('Zarf package 3').fill('')
    await dialogs.next([inRequest('no-package.tar.gz')])
    await press('Choose its file… Zarf package 3')
    await expect.poll(() => page.getByLabel('Zarf package 3').inputValue()).toBe('./no-package.tar.gz')
    await heading('The request is complete and can be collected')
  })

  it('refuses what is no package, and tells what is in an archive to those who sign', async () => {
    const { page } = one
    await press('Collect')
    await page.getByText('package-expected').waitFor()
    await press('Leave it out ./no-package.tar.gz')
    await heading(/^2 items collected for payments-2026-11/)
    await page.getByText(found).waitFor()
    await look(page, 'look-items')
    await press('Go on to authenticity')
    await press('Go on to approve')
    await heading(/^2 signatures are missing/)
    await page.getByText(found).waitFor()
    await press('Show 1 item: in ./app.tar.gz')
    await page.getByText('registry.example/team/app:v1').waitFor()
    await look(page, 'look-approve')
  })
})

describe.skipIf(!canRunApp)('archives of others at a high desk (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  const { press, heading, signs } = byWindow(() => one)
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    mkdirSync(join(crossing.folder, 'request'), { recursive: true })
    writeFileSync(join(crossing.folder, 'request', 'app.tar.gz'), gzipSync((await packedLayout()).tar))
    writeFileSync(join(crossing.folder, 'request', 'notes.txt'), 'notes')
    writeFileSync(
      join(crossing.folder, 'request', 'app-1.2.3.tgz'),
      await packedChart('app', { 'Chart.yaml': 'apiVersion: v2\nname: app\nversion: 1.2.3\n' }),
    )
    const items = ['archive: ./app.tar.gz', 'file: ./notes.txt', 'chart: ./app-1.2.3.tgz']
    const request = await writeRequest(crossing, items)
    const medium = await writeTo(crossing, await release(crossing, request), 'medium')
    await done(['verify', medium, '--desk', crossing.high], crossing.clock)
    stage.own()
    one = await launchApp(stage, { desk: crossing.high })
  })
  afterAll(() => closeCrossing(one, stage, crossing))

  it('tells what is in them before the decision, as their signers were told, and offers no look', async () => {
    const { page } = one
    await page.getByRole('button', { name: /^payments-2026-11/ }).click()
    await page.getByRole('heading', { name: 'What is in its archives, as its signers were told' }).waitFor()
    await page.getByText(found).waitFor()
    expect(await page.getByRole('button', { name: /^Look into/ }).count()).toBe(0)
    await look(page, 'look-told', 'passed')
  })

  it('looks into each file and chart once two people accepted it', async () => {
    const { page } = one
    await press('Accept…')
    await signs(crossing.people.dave)
    await press('Accept with my key')
    await heading('Accept this consignment: one more person signs')
    await signs(crossing.people.erin)
    await press('Accept with my key')
    await heading('payments-2026-11 is accepted and can be exported')
    await press('Verdict')
    await press('Look into it app.tar.gz')
    await heading('Whole by its own sums; nobody was asked who made it')
    await page.getByText(/: an OCI layout, a tar with gzip/).waitFor()
    await look(page, 'look-accepted', 'passed')
    await press('Back to the consignment')
    await page.getByRole('heading', { name: 'Files and charts in it' }).waitFor()
    await look(page, 'look-files', 'passed')
    await lookOtherwise(page, 'look-files')
    await press('Look into it notes.txt')
    await heading('Not checked: it has no sums of its own')
    await press('Back to the consignment')
    await press('Look into it app 1.2.3')
    await page.getByText(/^app-1\.2\.3\.tgz: a Helm chart/).waitFor()
    await look(page, 'look-chart', 'passed')
  })
})

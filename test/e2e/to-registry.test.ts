import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { done, sallyport } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { decideBoth, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { sampleImage } from '../support/images.ts'
import { look, lookOtherwise } from '../support/look.ts'
import { TestRegistry } from '../support/registry.ts'

describe.skipIf(!canRunApp)('an export to a registry in the packed app (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let registry: TestRegistry
  let one: LaunchedApp
  const sample = sampleImage(2000)
  const other = sampleImage(500, 'other')
  const { press, heading } = byWindow(() => one)

  beforeAll(async () => {
    registry = await new TestRegistry().open()
    registry.add('team/app', sample.content, { '1': sample.root })
    registry.add('far/team/app', other.content, { '1': other.root })
    ;({ stage, crossing } = await openCrossing())
    const { high, clock, folder } = crossing
    const item = `{ image: "${registry.host}/team/app:1", platforms: [linux/amd64], allow: [plain-http] }`
    const id = await release(crossing, await writeRequest(crossing, [item]))
    const policy = join(folder, 'registry.yaml')
    const text = `sallyport: policy/v1\nversion: 2\nexportRegistries:\n  - host: "${registry.host}"\n    allow: [plain-http]\n`
    writeFileSync(policy, text)
    await done(['policy', 'set', policy, '--desk', high], clock)
    const read = await sallyport(['verify', await writeTo(crossing, id, 'medium'), '--desk', high], clock)
    await decideBoth(crossing, read.json.id, 'accept')
    stage.own()
    one = await launchApp(stage, { desk: high })
  })
  afterAll(async () => {
    await closeCrossing(one, stage, crossing)
    await registry.close()
  })

  const choose = (name: RegExp) => one.page.getByRole('radio', { name }).check()
  const toExport = async (name: string): Promise<void> => {
    await heading(name)
    await choose(/^A registry:/)
    await one.page.getByLabel('Path in the registry (may stay empty)').fill('far')
  }

  it('tells a tag that holds something else, and sends nothing', async () => {
    const { page } = one
    await page.getByRole('row').nth(1).getByRole('button').first().click()
    await heading('Accepted by Dave Okoro and Erin Sand')
    await look(page, 'verdict-accepted')
    await press('Export…')
    await toExport('payments-2026-11 is accepted and can be exported')
    await look(page, 'export-registry')
    await lookOtherwise(page, 'export-registry')
    await choose(/^The platforms, as images of their own:/)
    await press('Push to the registry')
    await heading('The work could not be done')
    await page.getByText('export-tag-taken').waitFor()
    await page.getByText(other.root.digest).waitFor()
    await look(page, 'export-tag-taken')
    expect(registry.heard.some(({ method, path }) => method === 'PUT' && path.startsWith('/v2/far/'))).toBe(
      false,
    )
  })

  it('moves it when that is chosen, and says what it held', async () => {
    const { page } = one
    await press('Back to the consignment')
    await toExport('An export of payments-2026-11 is not finished')
    await choose(/^The platforms, as images of their own:/)
    await choose(/^Move tags that hold something else:/)
    await press('Go on with this export')
    await heading('payments-2026-11 was exported')
    await page.getByText(other.root.digest).waitFor()
    expect(await page.getByText(sample.amd64.digest).count()).toBe(1)
    await look(page, 'exported-registry')
  })
})

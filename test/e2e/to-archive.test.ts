import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { chartFiles, packedChart } from '../support/charts.ts'
import { sallyport } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { decideBoth, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { sampleImage } from '../support/images.ts'
import { look, lookOtherwise } from '../support/look.ts'
import { TestRegistry } from '../support/registry.ts'
import { filesIn, listedIn } from '../support/saved-archive.ts'

describe.skipIf(!canRunApp)('an export to one file in the packed app (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let registry: TestRegistry
  let one: LaunchedApp
  const sample = sampleImage(2000)
  const { press, heading, closed, next } = byWindow(() => one)

  beforeAll(async () => {
    registry = await new TestRegistry().open()
    registry.add('team/app', sample.content, { '1': sample.root })
    ;({ stage, crossing } = await openCrossing())
    const { high, clock } = crossing
    const item = `{ image: "${registry.host}/team/app:1", allow: [plain-http] }`
    mkdirSync(join(crossing.folder, 'request'), { recursive: true })
    writeFileSync(join(crossing.folder, 'request', 'notes.txt'), 'notes')
    writeFileSync(
      join(crossing.folder, 'request', 'app-1.2.3.tgz'),
      await packedChart('app', chartFiles('app', '1.2.3')),
    )
    const items = [item, 'file: ./notes.txt', 'chart: ./app-1.2.3.tgz']
    const id = await release(crossing, await writeRequest(crossing, items))
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

  it('asks which platform goes into a docker archive, and says what is not in it', async () => {
    const { page, dialogs } = one
    await page.getByRole('row').nth(1).getByRole('button').first().click()
    await heading('Accepted by Dave Okoro and Erin Sand')
    await press('Export…')
    await heading('payments-2026-11 is accepted and can be exported')
    await choose(/^A docker archive:/)
    expect(await closed('Choose a new file and export…')).toBe(true)
    expect(await next()).toBe('First choose a platform.')
    await choose(/^linux\/arm64\/v8/)
    await look(page, 'export-archive')
    await lookOtherwise(page, 'export-archive')
    const out = join(stage.home, 'images.tar')
    await dialogs.next([out])
    await press('Choose a new file and export…')
    await heading('payments-2026-11 was exported')
    await page.getByText(/^Signatures and other evidence are not in it/).waitFor()
    await look(page, 'exported-archive')
    const counted = page.getByText('Promised 3, carried 3, landed 1.', { exact: true })
    await counted.scrollIntoViewIfNeeded()
    const missing = counted.locator('xpath=following-sibling::ul[1]')
    expect(await missing.getByRole('listitem').allInnerTexts()).toEqual([
      './notes.txt was carried and does not lie there.',
      './app-1.2.3.tgz was carried and does not lie there.',
      'registry.example/team/app:1.4 is named by what was carried and was never part of it.',
      'registry.example/team/sidecar:2 is named by what was carried and was never part of it.',
    ])
    await look(page, 'exported-missing')
    await lookOtherwise(page, 'exported-missing')
    expect(listedIn(await filesIn(out)).map(({ RepoTags }) => RepoTags)).toEqual([
      [`${registry.host}/team/app:1`],
    ])
  })

  it('takes no file that is there already; an OCI archive holds everything', async () => {
    const { page, dialogs } = one
    await press('Export again…')
    await choose(/^An OCI archive:/)
    await dialogs.next([join(stage.home, 'images.tar')])
    await press('Choose a new file and export…')
    await heading('The work could not be done')
    await page.getByText('file-exists').waitFor()
    await press('Back to the consignment')
    await heading('payments-2026-11 was exported')
    await press('Export again…')
    await heading('payments-2026-11 was exported and can be exported again')
    await choose(/^An OCI archive:/)
    const out = join(stage.home, 'all.tar')
    await dialogs.next([out])
    await press('Choose a new file and export…')
    await page.getByText(`oci-archive:${out}`, { exact: true }).waitFor()
    expect((await filesIn(out)).has(`blobs/sha256/${sample.root.digest.slice(7)}`)).toBe(true)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, openStage, picture, type LaunchedApp, type Stage } from '../support/app.ts'
import { testClock } from '../support/command-line.ts'
import { makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'

describe.skipIf(!canRunApp)('a low desk in the packed app (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  beforeAll(async () => {
    stage = await openStage()
    crossing = await makeCrossing(testClock(new Date().toISOString()), stage.home)
    await makeBundle(crossing, 'medium')
    stage.own()
    one = await launchApp(stage, { desk: crossing.low })
  })
  afterAll(async () => {
    expect(one.complaints).toEqual([])
    await one.close()
    await stage.close()
    await crossing.dispose()
  })

  it('shows a consignment with its waybill, signatures and media, and says where work is done', async () => {
    const { page } = one
    await page.getByRole('button', { name: 'payments-2026-11' }).click()
    await page.getByRole('heading', { level: 1, name: 'payments-2026-11 is written to a medium' }).waitFor()
    await page.getByText('release · Carol Diaz').waitFor()
    await page.getByText('Not read back').waitFor()
    await page.screenshot({ path: picture('low-light') })
  })
})

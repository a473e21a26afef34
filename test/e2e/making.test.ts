import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, openStage, type LaunchedApp, type Stage } from '../support/app.ts'
import { draw } from '../support/look.ts'

describe.skipIf(!canRunApp)('making a desk in the packed app (needs Linux and Xvfb)', () => {
  let stage: Stage
  let one: LaunchedApp
  beforeAll(async () => {
    stage = await openStage()
    one = await launchApp(stage)
  })
  afterAll(async () => {
    expect(one.complaints).toEqual([])
    await one.close()
    await stage.close()
  })

  it('makes it where a person says, with its side, name and marking, and opens it', async () => {
    const { page, dialogs } = one
    const folder = join(stage.home, 'delta-2')
    mkdirSync(folder)
    stage.own()
    const make = page.getByRole('button', { name: 'Choose a folder and make the desk…' })
    expect(await make.isDisabled()).toBe(true)
    await page.getByRole('radio', { name: /^High:/ }).check()
    await page.getByLabel('Name of the desk').fill('Delta-2')
    await page.getByLabel('Marking').fill('OFFICIAL · EXERCISE')
    await dialogs.next([folder])
    await make.click()
    await page.getByRole('heading', { level: 1, name: 'Nothing has arrived yet' }).waitFor()
    await page.getByRole('button', { name: 'Add signers' }).waitFor()
    expect(await page.getByText('OFFICIAL · EXERCISE').count()).toBe(2)
    expect(existsSync(join(folder, 'desk.json'))).toBe(true)
    await draw(page, 'made')
    // The window holds the desk's lock as long as it is open.
    expect(existsSync(join(folder, 'desk.lock'))).toBe(true)
  })
})

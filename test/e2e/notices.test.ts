import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, openStage, type LaunchedApp, type Stage } from '../support/app.ts'
import { done, sallyport, testClock } from '../support/command-line.ts'
import { decideBoth, makeBundle, makeCrossing, signing, type Crossing } from '../support/desks.ts'
import { look, lookOtherwise } from '../support/look.ts'

describe.skipIf(!canRunApp)('what a page must say loudly (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  let older: string
  beforeAll(async () => {
    stage = await openStage()
    crossing = await makeCrossing(testClock(new Date().toISOString()), stage.home)
    const { high, low, clock, folder } = crossing
    older = join(folder, 'older')
    cpSync(high, older, { recursive: true })
    const policy = join(folder, 'short.yaml')
    writeFileSync(policy, 'sallyport: policy/v1\nversion: 2\nlifetime: 30\n')
    await done(['policy', 'set', policy, '--desk', high], clock)
    const made = await makeBundle(crossing, 'one')
    const { id } = (await sallyport(['verify', made.folder, '--desk', high], clock)).json
    const until = new Date(clock.now().getTime() + 86_400_000).toISOString().replace(/\.\d+Z/, 'Z')
    const words = ['override', id, '--desk', high, '--check', 'policy.lifetime', '--until', until]
    for (const person of ['dave', 'erin'] as const)
      await done([...words, '--reason', 'Agreed with the owner', ...signing(crossing, person)], clock)
    await done(['verify', made.folder, '--desk', high], clock)
    await decideBoth(crossing, id, 'accept')
    await done(['consignment', 'drop', made.id, '--reason', 'Withdrawn', '--desk', low], clock)
    await sallyport(['verify', (await makeBundle(crossing, 'two')).folder, '--desk', high], clock)
    stage.own()
    one = await launchApp(stage, { desk: high })
  })
  afterAll(async () => {
    expect(one.complaints).toEqual([])
    await one.close()
    await stage.close()
    await crossing.dispose()
  })

  it('says of something accepted that a check was overridden, and that its sender withdrew it', async () => {
    const { page } = one
    // The head of the table may be drawn before its rows: the row is told by what it says.
    await page
      .getByRole('row')
      .filter({ hasText: /accepted/ })
      .getByRole('button')
      .first()
      .click()
    await page.getByText('1 overridden').first().waitFor()
    await page.getByText('Its sender has withdrawn it since: a later bundle declares it void.').waitFor()
    await look(page, 'verdict-overridden')
    await lookOtherwise(page, 'verdict-overridden')
  })

  it('says that a desk was put back, where this account has seen more of it', async () => {
    await one.close()
    rmSync(crossing.high, { recursive: true })
    cpSync(older, crossing.high, { recursive: true })
    stage.own()
    one = await launchApp(stage, { desk: crossing.high })
    await one.page.getByRole('heading', { name: 'This desk was put back, as from a backup' }).waitFor()
    await look(one.page, 'put-back')
    await lookOtherwise(one.page, 'put-back')
  })
})

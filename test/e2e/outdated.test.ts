import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { done } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { makeBundle, type Crossing } from '../support/desks.ts'
import { look, lookOtherwise } from '../support/look.ts'

describe.skipIf(!canRunApp)('a verdict that is older than what is in force (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  let id: string
  const { press, heading, closed, next, signs } = byWindow(() => one)
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    const { folder } = await makeBundle(crossing, 'medium-1')
    const { high, clock } = crossing
    ;({ id } = await done(['verify', folder, '--desk', high], clock))
    const policy = join(crossing.folder, 'policy-2.yaml')
    writeFileSync(policy, 'sallyport: policy/v1\nversion: 2\n')
    await done(['policy', 'set', policy, '--desk', high], clock)
    stage.own()
    one = await launchApp(stage, { desk: high })
  })
  afterAll(() => closeCrossing(one, stage, crossing))

  const again = () =>
    one.page.evaluate(async (of) => {
      const answer = await window.bridge.call('verify.again', { id: of })
      return answer.ok ? 'judged' : answer.failure.code
    }, id)

  it('closes Accept, says what was changed and when, and offers one act', async () => {
    await one.page
      .getByRole('button', { name: /^payments-2026-11/ })
      .first()
      .click()
    await heading('Everything that was asked was proven')
    await one.page.getByText(/^The policy was changed \(\d/).waitFor()
    expect(await closed('Accept…')).toBe(true)
    expect(await next()).toMatch(/^Accepting is closed: the policy was changed \(.* UTC\) since this verdict/)
    await look(one.page, 'verdict-outdated', 'passed')
    await lookOtherwise(one.page, 'verdict-outdated')
  })

  it('is judged again without the medium, and can then be accepted', async () => {
    const { page } = one
    await press('Judge again')
    await page.getByRole('region', { name: 'Changed since this verdict' }).waitFor({ state: 'detached' })
    expect(await closed('Accept…')).toBe(false)
    expect(await page.getByRole('button', { name: 'Judge again' }).count()).toBe(0)
  })

  it('takes no new verdict of what two people decided, and calls that one not outdated', async () => {
    const { page } = one
    await press('Accept…')
    await signs(crossing.people.dave)
    await press('Accept with my key')
    await heading(/one more person signs$/)
    await signs(crossing.people.erin)
    await press('Accept with my key')
    await heading('payments-2026-11 is accepted and can be exported')
    expect(await again()).toBe('consignment-state')
    await page.getByRole('button', { name: 'Verify' }).click()
    expect(await page.getByText(/was changed/).count()).toBe(0)
  })
})

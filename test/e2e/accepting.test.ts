import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { done } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { makeBundle, makePerson, type Crossing, type TestPerson } from '../support/desks.ts'
import { look, lookOtherwise } from '../support/look.ts'

describe.skipIf(!canRunApp)('a channel on which three people accept (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  let ivy: TestPerson
  const { press, heading, next, signs } = byWindow(() => one)
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    const { high, clock, folder } = crossing
    ivy = await makePerson(folder, 'ivy', 'Ivy Moor', 'p256')
    const who = ['--id', 'ivy', '--name', ivy.name, '--role', 'security-officer', '--key', `${ivy.key}.pub`]
    await done(['person', 'add', '--desk', high, ...who], clock)
    const policy = join(folder, 'policy-2.yaml')
    writeFileSync(
      policy,
      'sallyport: policy/v1\nversion: 2\nchannels: [{name: payments, approvals: {accept: 3}}]\n',
    )
    await done(['policy', 'set', policy, '--desk', high], clock)
    const bundle = await makeBundle(crossing, 'medium-1')
    await done(['verify', bundle.folder, '--desk', high], clock)
    stage.own()
    one = await launchApp(stage, { desk: high })
  })
  afterAll(() => closeCrossing(one, stage, crossing))

  const cards = (): Promise<string[]> => one.page.locator('.pair .card h2').allInnerTexts()

  it('says so on the verdict and where they sign, and has a place for each of the three', async () => {
    await one.page
      .getByRole('button', { name: /^payments-2026-11/ })
      .first()
      .click()
    await heading('Everything that was asked was proven')
    expect(await next()).toBe('Next: three people sign to accept, or two to reject or to hold.')
    await press('Accept…')
    await heading('Accept this consignment: three people sign')
    expect(await cards()).toEqual([
      'First person · nobody yet',
      'Second person · nobody yet',
      'Third person · nobody yet',
    ])
    await one.page.getByText('At least one of the three is a transfer agent').waitFor()
  })

  it('is not accepted by the second: export stays closed, and the page asks for one more', async () => {
    await signs(crossing.people.dave)
    await press('Accept with my key')
    await heading('Accept this consignment: two more people sign')
    await signs(crossing.people.erin)
    await press('Accept with my key')
    await heading('Accept this consignment: one more person signs')
    expect(await cards()).toEqual([
      'First person · Dave Okoro',
      'Second person · Erin Sand',
      'Third person · nobody yet',
    ])
    // Who signed is not offered again.
    expect(await one.page.getByRole('radio').count()).toBe(1)
    await look(one.page, 'decide-third')
    await lookOtherwise(one.page, 'decide-third')
    await press('Back to the verdict')
    expect(await next()).toBe('Two people have signed to accept; one more person signs the same.')
    expect(await one.page.getByRole('button', { name: 'Export…' }).count()).toBe(0)
  })

  it('is accepted by the third, and all three are named', async () => {
    await press('Accept…')
    await signs(ivy)
    await press('Accept with my key')
    await heading('payments-2026-11 is accepted and can be exported')
    await one.page.getByRole('button', { name: 'Verify' }).click()
    await heading(/^Accepted by Dave Okoro, Erin Sand and Ivy Moor/)
  })
})

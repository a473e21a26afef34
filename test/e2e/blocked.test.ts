import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { done, sallyport } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import type { Crossing } from '../support/desks.ts'
import { look, lookOtherwise } from '../support/look.ts'
import { makeOfficers, type Officers } from '../support/officers.ts'
import { streamsOf } from '../support/streams.ts'

describe.skipIf(!canRunApp)('a blocked bundle in the packed app (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let officers: Officers
  let founding: string
  let missing: string
  let third: string
  let twin: string
  let id: string
  let one: LaunchedApp
  const { press, heading, signs, closed, next } = byWindow(() => one)
  const { released, written, accept } = streamsOf(() => crossing)

  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    const { high, low, clock, folder } = crossing
    await accept(await written(await released('first'), 'first'))
    // The second one never comes, and from now on the policy allows less than the third one asks for.
    const second = await released('second')
    missing = (await done(['consignment', 'show', second, '--desk', low], clock)).waybill
    const before = join(folder, 'low-before')
    cpSync(low, before, { recursive: true })
    third = await written(await released('third'), 'third')
    // The sender's desk as it was before gives the number a second time.
    rmSync(low, { recursive: true })
    cpSync(before, low, { recursive: true })
    twin = await written(await released('twin'), 'twin')
    const policy = join(folder, 'short.yaml')
    writeFileSync(policy, 'sallyport: policy/v1\nversion: 2\nlifetime: 30\n')
    await done(['policy', 'set', policy, '--desk', high], clock)
    id = (await sallyport(['verify', third, '--desk', high], clock)).json.id
    founding = join(folder, 'founding')
    cpSync(high, founding, { recursive: true })
    officers = await makeOfficers(crossing, high, 3)
    await officers.seal()
    stage.own()
    one = await launchApp(stage, { desk: founding })
  })
  afterAll(() => closeCrossing(one, stage, crossing))

  const open = async (): Promise<void> => {
    await one.page.getByRole('row').nth(1).getByRole('button').first().click()
    await heading(/^Hold: /)
  }

  it('says at a founding desk why nothing can be released there', async () => {
    await open()
    await one.page.getByText('This desk is not sealed yet: seal it under People.').waitFor()
    expect(await closed('Release it…')).toBe(true)
    await look(one.page, 'held-founding', 'failed')
    await one.close()
    stage.own()
    one = await launchApp(stage, { desk: crossing.high })
  })

  it('is released from the gap before it by two officers', async () => {
    const { page } = one
    await open()
    expect(await closed('Accept…')).toBe(true)
    expect(await next()).toContain('Accepting is closed: it is held by a gap')
    await look(page, 'held', 'failed')
    await lookOtherwise(page, 'held')
    await press('Make an exception from Lifetime…')
    await page.getByRole('heading', { name: /^No exception from 1 other check/ }).waitFor()
    await look(page, 'override-barred')
    await press('Back to the verdict')
    await press('Release it…')
    await heading('Release this bundle: two security officers sign')
    await page.getByText('number 2', { exact: true }).waitFor()
    await page.getByText(missing, { exact: true }).waitFor()
    expect(await closed('Ask for its release with my key')).toBe(true)
    await look(page, 'release')
    await lookOtherwise(page, 'release')
    await signs(officers.people[0])
    await press('Ask for its release with my key')
    await page.getByText('Officer 1 of high has asked for its release').waitFor()
    await look(page, 'held-asked', 'failed')
    await press('Sign or withdraw its release…')
    await heading(/^Change \d+ waits for a second security officer/)
    await signs(officers.people[0])
    expect(await closed('Put it in force with my key')).toBe(true)
    expect(await next()).toContain('Officer 1 of high asked for it, and two different people make a change.')
    await signs(officers.people[1])
    await look(page, 'release-second')
    await press('Put it in force with my key')
    await heading(/^Do not accept: 1 check failed/)
    expect(await page.getByRole('button', { name: 'Release it…' }).count()).toBe(0)
    await look(page, 'released', 'failed')
    const { checks } = (await done(['consignment', 'show', id, '--desk', crossing.high], crossing.clock))
      .verdict as { checks: { id: string; result: string }[] }
    expect(checks.find((check) => check.id === 'order.gap')?.result).toBe('warn')
  })

  it('is let pass by an exception from one check, until a day, by two people', async () => {
    const { page } = one
    const { dave, erin } = crossing.people
    const day = (days: number): string =>
      new Date(crossing.clock.now().getTime() + days * 86_400_000).toISOString().replace(/T.*/, 'T00:00:00Z')
    await press('Make an exception from Lifetime…')
    await heading('Make an exception from a check: two people sign')
    expect(await next()).toContain('Still missing: which check, the reason, who signs')
    expect(await page.getByLabel('Passphrase of your key').count()).toBe(0)
    expect(await page.getByRole('radio').count()).toBe(1)
    await page.getByRole('radio', { name: /^Lifetime: waybill.json/ }).check()
    for (const [typed, said] of [
      ['tomorrow', 'A day and time in UTC, as 2026-12-24T00:00:00Z.'],
      [day(-1), 'A time that is still to come.'],
      [day(60), /^At most .*Z\.$/],
    ] as const) {
      await page.getByLabel('Until').fill(typed)
      await page.getByText(said, { exact: true }).waitFor()
    }
    await look(page, 'override-refused')
    await page.getByLabel('Until').fill(day(7))
    await page.getByLabel('Reason').fill('Agreed with the owner')
    await signs(dave)
    await look(page, 'override')
    await lookOtherwise(page, 'override')
    await press('Sign the first half with my key')
    await heading('Make an exception from a check: one more person signs')
    await page.getByRole('radio', { name: /^The same as Dave Okoro: Lifetime,/ }).check()
    // Who has signed already, or would not complete it, is not asked.
    expect(await page.getByRole('radio', { name: /^Dave Okoro/ }).count()).toBe(0)
    await page.getByRole('radio', { name: /^Officer 1 of high/ }).waitFor()
    await page.getByLabel('Reason').fill('The owner has confirmed it')
    await signs(erin)
    await look(page, 'override-second')
    await press('Back to the verdict')
    await page.getByText('Dave Okoro has signed an exception from Lifetime').waitFor()
    await look(page, 'override-half', 'failed')
    await press('Sign the second half…')
    await page.getByRole('radio', { name: /^The same as Dave Okoro/ }).check()
    await page.getByLabel('Reason').fill('The owner has confirmed it')
    await signs(erin)
    await press('Sign the second half with my key')
    await heading(/^Do not accept: 16 could not be run/)
    expect(await next()).toContain('Read the medium again.')
    await page.getByText('1 overridden').waitFor()
    await look(page, 'overridden-unread', 'failed')
    const at = ['--desk', crossing.high]
    const { counts, overrides } = await done(['consignment', 'show', id, ...at], crossing.clock)
    expect(counts).toMatchObject({ overridden: 1, fail: 0 })
    expect(overrides).toMatchObject([
      { name: 'Dave Okoro', check: 'policy.lifetime', subject: 'waybill.json', until: day(7) },
      { name: 'Erin Sand', reason: 'The owner has confirmed it', until: day(7) },
    ])
    expect((await sallyport(['ledger', 'verify', ...at], crossing.clock)).json.intact).toBe(true)
  })

  it('is accepted once it was read again', async () => {
    const { dialogs, page } = one
    await press('All consignments')
    await press('Receive a medium…')
    await dialogs.next([third])
    await press('Choose a folder…')
    await heading('1 check overridden, everything else that was asked was proven')
    expect(await closed('Accept…')).toBe(false)
    await look(page, 'overridden-passed', 'passed')
  })

  it('is held by another bundle with its number, as that one is', async () => {
    const { dialogs, page } = one
    await press('All consignments')
    await press('Receive a medium…')
    await dialogs.next([twin])
    await press('Choose a folder…')
    await page.getByRole('heading', { name: 'Held by another bundle with its number' }).waitFor()
    await look(page, 'held-twin', 'failed')
    await press('Release it…')
    const { waybill } = await done(['consignment', 'show', id, '--desk', crossing.high], crossing.clock)
    await page.getByText(waybill, { exact: true }).waitFor()
    await look(page, 'release-twin')
    await press('Back to the verdict')
    await press('All consignments')
    await page.getByRole('row').nth(2).getByRole('button').first().click()
    await heading('Hold: the order does not let it pass now')
    expect(await closed('Accept…')).toBe(true)
  })
})

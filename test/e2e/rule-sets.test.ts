import { createHash } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { done } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import type { Crossing } from '../support/desks.ts'
import { look, lookOtherwise } from '../support/look.ts'
import { madeWasm } from '../support/made-wasm.ts'

describe.skipIf(!canRunApp)('a rule set whose file was lost (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  const set = madeWasm()
  const digest = createHash('sha256').update(set).digest('hex')
  const { press, heading, go } = byWindow(() => one)
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    const { high, clock, folder } = crossing
    writeFileSync(join(folder, 'house.wasm'), set)
    writeFileSync(join(folder, 'other.wasm'), madeWasm({ answer: '[]' }))
    const policy = join(folder, 'policy-2.yaml')
    writeFileSync(
      policy,
      `sallyport: policy/v1\nversion: 2\nrego: [{name: house, digest: 'sha256:${digest}', entrypoint: house/deny}]\n`,
    )
    await done(['policy', 'set', policy, '--rego', join(folder, 'house.wasm'), '--desk', high], clock)
    rmSync(join(high, 'policy', 'rego', `${digest}.wasm`))
    stage.own()
    one = await launchApp(stage, { desk: high })
  })
  afterAll(() => closeCrossing(one, stage, crossing))

  it('is named on the policy’s page, loudly', async () => {
    await go('Policy')
    await heading('Policy version 2 is in force')
    await one.page.getByText('Its file is missing').waitFor()
    await look(one.page, 'policy-rule-set-missing')
    await lookOtherwise(one.page, 'policy-rule-set-missing')
  })

  it('takes no other file', async () => {
    const { page, dialogs } = one
    await dialogs.next([join(crossing.folder, 'other.wasm')])
    await press('Give a file…')
    await page.getByRole('alert', { name: 'What went wrong' }).getByText('rego-unnamed').waitFor()
    await page.getByText('Its file is missing').waitFor()
  })

  it('is here again once its very file is given, and then nothing is asked for', async () => {
    const { page, dialogs } = one
    await dialogs.next([join(crossing.folder, 'house.wasm')])
    await press('Give a file…')
    await page.getByText('Its file is here').waitFor()
    await page.getByText('Kept for house.').waitFor()
    expect(await page.getByRole('button', { name: 'Give a file…' }).count()).toBe(0)
    expect(await page.getByRole('alert').count()).toBe(0)
  })
})

import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { done } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { makePerson, type Crossing, type TestPerson } from '../support/desks.ts'
import { look, lookOtherwise } from '../support/look.ts'

describe.skipIf(!canRunApp)('people, trust and policy in the packed app (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let frank: TestPerson
  let words: string
  let one: LaunchedApp
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    frank = await makePerson(crossing.folder, 'frank', 'Frank Holm', 'ed25519')
    // Two letters of this name are not Latin: nobody sees it.
    const twin = await makePerson(crossing.folder, 'twin', 'Воb Lind', 'ed25519')
    const whom = ['--key', `${twin.key}.pub`, '--name', 'Воb Lind', '--fingerprint', twin.fingerprint]
    await done(['trust', 'add', '--desk', crossing.high, ...whom, '--role', 'witness'], crossing.clock)
    const shown = await done(['key', 'show', `${frank.key}.pub`])
    words = shown.fingerprint.words.join(' ')
    const policy = (name: string, text: string): void =>
      writeFileSync(join(crossing.folder, name), `sallyport: policy/v1\n${text}`)
    policy('newer.yaml', 'version: 2\nlifetime: 30\n')
    const house = join(import.meta.dirname, '../support/rego/house.wasm')
    copyFileSync(house, join(crossing.folder, 'house.wasm'))
    const digest = createHash('sha256').update(readFileSync(house)).digest('hex')
    const set = `{name: house, digest: 'sha256:${digest}', entrypoint: house/deny}`
    policy('ruled.yaml', `version: 3\nlifetime: 30\nrego: [${set}]\n`)
    policy('same.yaml', 'version: 1\n')
    policy('wrong.yaml', 'version: 3\nlifetimes: 30\n')
    stage.own()
    one = await launchApp(stage, { desk: crossing.high })
  })
  afterAll(() => closeCrossing(one, stage, crossing))

  const { heading, press, go } = byWindow(() => one)

  it('trusts a signer only by a fingerprint that is typed and fits', async () => {
    const { page, dialogs } = one
    await go('Trust')
    await press('Trust a signer…')
    await heading('Trust a signer of the other side, by the paper you hold')
    await look(page, 'signer-new')
    // A dialog that is cancelled changes nothing.
    await dialogs.next([])
    await press('Choose their public key…')
    await page.getByText('No key is chosen.').waitFor()
    await dialogs.next([`${frank.key}.pub`])
    await press('Choose their public key…')
    await page.getByText('frank.key.pub').waitFor()
    await page.getByLabel('Name', { exact: true }).fill('Frank Holm')
    await page.getByRole('checkbox', { name: /^Witness:/ }).check()
    await dialogs.next([join(crossing.low, 'desk.json')])
    await press('Take it from the desk’s card…')
    await page.getByText('“Hill-1”, as its card says.').waitFor()
    expect(await page.getByLabel('Id of the sending desk').inputValue()).toBe(crossing.lowId)
    const typed = page.getByLabel('Fingerprint, typed from the paper')
    // The key’s own fingerprint is nowhere on the page before it was typed.
    expect(await page.getByText(frank.fingerprint).count()).toBe(0)
    expect(await page.locator('main').innerText()).not.toContain(words.split(' ').slice(0, 2).join('\n'))
    await typed.evaluate((element) => {
      const data = new DataTransfer()
      data.setData('text/plain', 'pasted')
      element.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      )
    })
    await page.getByText('Type it from the paper.').waitFor()
    expect(await typed.inputValue()).toBe('')
    await typed.fill(`${words.split(' ').slice(0, 2).join(' ')} fallot `)
    await page.getByText('Word 3, “fallot”, is not in the list of words.').waitFor()
    expect(await page.getByRole('button', { name: 'Compare, and trust Frank Holm' }).isDisabled()).toBe(true)
    await look(page, 'signer-word')
    await typed.fill('ab'.repeat(32))
    await press('Compare, and trust Frank Holm')
    await page.getByText('fingerprint-differs').waitFor()
    // Nor is it said by the refusal: then it could be copied instead of compared.
    expect(await page.locator('body').innerText()).not.toContain(frank.fingerprint.slice(0, 16))
    await look(page, 'signer-refused')
    await lookOtherwise(page, 'signer-refused')
    await typed.fill(words)
    await page.getByText('16 of 16 words').waitFor()
    await press('Compare, and trust Frank Holm')
    await heading('This desk trusts 4 signers')
    await page.getByText('“Воb Lind”, another key').waitFor()
    await page.getByText('“Bob Lind”, another key').scrollIntoViewIfNeeded()
    await look(page, 'trust-alike')
    await page.getByText('The id of this desk').waitFor()
    await dialogs.next([join(stage.home, 'card.json')])
    await press('Save desk card…')
    await page.getByText('Saved as card.json.').waitFor()
    await look(page, 'trust-four')
  })

  it('refuses a person with roles that exclude each other, and keeps what was typed', async () => {
    const { page, dialogs } = one
    await go('People')
    await press('Add a person…')
    await page.getByLabel('Name', { exact: true }).fill('Frank Holm')
    await page.getByRole('checkbox', { name: /^auditor:/ }).check()
    await page.getByRole('checkbox', { name: /^witness:/ }).check()
    await dialogs.next([`${frank.key}.pub`])
    await press('Choose their public key…')
    await page.getByText(frank.fingerprint).waitFor()
    await press('Add Frank Holm')
    await page.getByText('roles-exclude').waitFor()
    await look(page, 'person-refused')
    await page.getByRole('checkbox', { name: /^auditor:/ }).uncheck()
    await press('Add Frank Holm')
    await heading('3 people work at this desk')
  })

  it('keeps what was typed of a person and of a signer while another place is looked at, but no passphrase', async () => {
    const { page } = one
    await go('People')
    await press('Add a person…')
    // Who was added before leaves nothing behind in the form.
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('')
    await page.getByLabel('Name', { exact: true }).fill('Grace Hop')
    await page.getByRole('checkbox', { name: /^auditor:/ }).check()
    const make = page.getByRole('radio', { name: /^They make one now/ })
    const passphrase = page.getByLabel('New passphrase', { exact: true })
    await make.check()
    await passphrase.fill('correct horse battery staple')
    await go('Trust')
    await press('Trust a signer…')
    await page.getByLabel('Name', { exact: true }).fill('Heidi Low')
    await page.getByLabel('Channel', { exact: true }).fill('payments')
    await page.getByLabel('Fingerprint, typed from the paper').fill('aardvark adroitness')
    await go('Ledger')
    await go('People')
    await press('Add a person…')
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Grace Hop')
    expect(await page.getByLabel('Id', { exact: true }).inputValue()).toBe('grace')
    expect(await page.getByRole('checkbox', { name: /^auditor:/ }).isChecked()).toBe(true)
    await make.check()
    expect(await passphrase.inputValue()).toBe('')
    await go('Trust')
    await press('Trust a signer…')
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Heidi Low')
    expect(await page.getByLabel('Channel', { exact: true }).inputValue()).toBe('payments')
    const typed = page.getByLabel('Fingerprint, typed from the paper')
    expect(await typed.inputValue()).toBe('aardvark adroitness')
    await press('Back to trust')
  })

  it('shows a policy beside the one in force, and puts only a higher one in force', async () => {
    const { page, dialogs } = one
    const file = (name: string): string => join(crossing.folder, name)
    await go('Policy')
    await dialogs.next([file('wrong.yaml')])
    await press('Look at another policy…')
    await page.getByText('policy-form').waitFor()
    await look(page, 'policy-refused')
    await dialogs.next([file('same.yaml')])
    await press('Look at another policy…')
    await heading(/^same.yaml is not newer/)
    expect(await page.getByRole('button', { name: /^Put version/ }).isDisabled()).toBe(true)
    await look(page, 'policy-not-newer')
    await press('Keep version 1')
    await dialogs.next([file('newer.yaml')])
    await press('Look at another policy…')
    await heading('newer.yaml would put version 2 in force')
    await look(page, 'policy-newer')
    await lookOtherwise(page, 'policy-newer')
    await press('Put version 2 in force')
    await heading('Policy version 2 is in force')
  })

  it('puts a rule set in force with its file alone', async () => {
    const { page, dialogs } = one
    await dialogs.next([join(crossing.folder, 'ruled.yaml')])
    await press('Look at another policy…')
    await heading('ruled.yaml would put version 3 in force')
    await press('Put version 3 in force')
    await page.getByText('rego-missing').waitFor()
    await dialogs.next([join(crossing.folder, 'house.wasm')])
    await press('Add the file of a rule set…')
    await page.getByText('Files of rule sets: house.wasm.').waitFor()
    await look(page, 'policy-rule-set')
    await lookOtherwise(page, 'policy-rule-set')
    await press('Put version 3 in force')
    await heading('Policy version 3 is in force')
  })
})

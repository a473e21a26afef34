import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, openStage, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { sampleImage } from '../support/images.ts'
import { look, lookOtherwise } from '../support/look.ts'
import { answer, TestRegistry } from '../support/registry.ts'

const passphrase = 'correct horse battery staple'
const people = [
  { name: 'Alice Moss', id: 'alice', role: 'requester' },
  { name: 'Bob Lind', id: 'bob', role: 'transfer agent' },
  { name: 'Carol Diaz', id: 'carol', role: 'release authority' },
] as const

describe.skipIf(!canRunApp)('the low side in the packed app (needs Linux and Xvfb)', () => {
  let stage: Stage
  let one: LaunchedApp
  let registry: TestRegistry
  let broken = true
  beforeAll(async () => {
    registry = await new TestRegistry().open()
    const { content, root } = sampleImage(300_000)
    content.referrer(root, 'application/spdx+json', '{"sbom":1}')
    registry.add('team/app', content, { '1.4': root })
    registry.switches.push((_request, response, path) => {
      if (!broken || !path.includes('/manifests/')) return false
      answer(response, 404)
      return true
    })
    stage = await openStage()
    for (const folder of ['hill-1', 'keys', 'content', 'stick-1', 'stick-2'])
      mkdirSync(join(stage.home, folder))
    writeFileSync(join(stage.home, 'content', 'notes.txt'), 'notes\n'.repeat(50_000))
    writeFileSync(join(stage.home, 'other.txt'), 'elsewhere')
    stage.own()
    one = await launchApp(stage)
  })
  afterAll(async () => {
    expect(one.complaints).toEqual([])
    await one.close()
    await stage.close()
    await registry.close()
  })

  const file = (...parts: string[]): string => join(stage.home, ...parts)
  const { heading, press, go } = byWindow(() => one)

  it('makes a desk and says what it still needs', async () => {
    const { page, dialogs } = one
    await page.getByRole('radio', { name: /^Low:/ }).check()
    await page.getByLabel('Name of the desk').fill('Hill-1')
    await page.getByLabel('Marking').fill('OFFICIAL · EXERCISE')
    await look(page, 'low-start')
    await dialogs.next([file('hill-1')])
    await press('Choose a folder and make the desk…')
    await heading('Nothing was collected yet')
    await page.getByText('Before the first crossing this desk needs').waitFor()
    await look(page, 'low-empty')
  })

  it('adds people, each with a key that they make themselves', async () => {
    const { page, dialogs } = one
    await press('Add people')
    await heading('Nobody works at this desk yet')
    await look(page, 'low-people-empty')
    for (const { name, id, role } of people) {
      await press('Add a person…')
      await heading('Add a person with their roles and their key')
      await page.getByLabel('Name', { exact: true }).fill(name)
      expect(await page.getByLabel('Id', { exact: true }).inputValue()).toBe(id)
      await page.getByRole('checkbox', { name: new RegExp(`^${role}:`) }).check()
      await page.getByRole('radio', { name: /^They make one now/ }).check()
      await page.getByLabel('New passphrase').fill(passphrase)
      await page.getByLabel('The same passphrase again').fill('something else')
      await page.getByText('The two are not the same.').waitFor()
      if (id === 'alice') await look(page, 'low-person-new')
      await page.getByLabel('The same passphrase again').fill(passphrase)
      await dialogs.next([file('keys', `${id}.key`)])
      await press('Choose where to keep it and make the key…')
      await page.getByText(`${id}.key.pub`).waitFor()
      expect(await page.getByLabel('New passphrase').inputValue()).toBe('')
      if (id === 'alice') await look(page, 'low-person-key')
      await press(`Add ${name}`)
      await heading(/work(s)? at this desk$/)
    }
    await heading('3 people work at this desk')
    await look(page, 'low-people')
  })

  it('writes a request as form and as YAML, with live checks', async () => {
    const { page, dialogs } = one
    await go('Consignments')
    await press('New request…')
    await heading('Write down what is wanted, why and for whom')
    await page.getByText(/points are open before this can be collected/).waitFor()
    await look(page, 'request-empty')
    await page.getByLabel('Name', { exact: true }).fill('payments-2026-11')
    await page.getByLabel('Reason').fill('Patch for the payments cluster, ticket 4711')
    await page.getByRole('radio', { name: /Alice Moss/ }).check()
    await press('Show typing its id')
    await page.getByLabel('Or type a desk’s id').fill('AB '.repeat(32))
    await press('Add this id')
    await page.getByLabel('Channel').fill('payments')
    await dialogs.next([file('content', 'notes.txt')])
    await press('Add a file…')
    expect(await page.getByLabel('File 1').inputValue()).toBe('./notes.txt')
    await dialogs.next([file('other.txt')])
    await press('Add a file…')
    await page.getByText('content-elsewhere').waitFor()
    await press('Add an image')
    await page.getByRole('textbox', { name: 'Image 2' }).fill(`${registry.host}/team/app:1.4`)
    await page.getByRole('checkbox', { name: /^Without TLS/ }).check()
    await heading('The request is complete and can be collected')
    await look(page, 'request-complete')
    await lookOtherwise(page, 'request-complete')
    await press('Show the YAML')
    const yaml = page.getByLabel('The same request as YAML')
    const text = await yaml.inputValue()
    // Broken text takes the form away, and brings it back unharmed; a reload loses nothing either.
    await yaml.fill(`${text}items: [`)
    await page.getByText('The YAML cannot be read as a request just now').waitFor()
    await look(page, 'request-broken')
    await yaml.fill(text.replace('ticket 4711', 'ticket 4712'))
    expect(await page.getByLabel('Reason').inputValue()).toBe('Patch for the payments cluster, ticket 4712')
    await page.reload()
    await heading(/consignment|Nothing was collected yet/)
    await press('New request…')
    expect(await page.getByLabel('Reason').inputValue()).toBe('Patch for the payments cluster, ticket 4712')
  })

  it('collects, shows an item that failed, and tries it again alone', async () => {
    const { page, dialogs } = one
    // The folder of the request is a place of one window; after a reload it is chosen again with a file.
    await page.getByRole('button', { name: 'Remove File 1' }).click()
    await dialogs.next([file('content', 'notes.txt')])
    await press('Add a file…')
    await heading('The request is complete and can be collected')
    await press('Collect')
    await heading('Collecting what the request asks for.')
    await page.getByText('One item failed; the work waits for you').waitFor()
    await look(page, 'collecting-failed')
    await lookOtherwise(page, 'collecting-failed')
    await page.reload()
    await page.getByText('One item failed; the work waits for you').waitFor()
    broken = false
    await press(/^Try again/)
    await heading(/^2 items collected for payments-2026-11/)
    await look(page, 'items')
    await press('Go on to authenticity')
    await heading('1 piece of evidence came along, in forms that are not read')
    await look(page, 'authenticity')
    await lookOtherwise(page, 'authenticity')
    await press('Go on to approve')
  })

  async function sign(name: string, id: string): Promise<void> {
    const { page, dialogs } = one
    await page.getByRole('radio', { name: new RegExp(`^${name}`) }).check()
    await dialogs.next([file('keys', `${id}.key`)])
    await press('Choose your key file…')
    await page.getByText(`${id}.key`, { exact: true }).waitFor()
    await page.getByLabel('Passphrase of your key').fill(passphrase)
  }

  it('has two people sign the waybill, and refuses the wrong key', async () => {
    const { page } = one
    await heading('2 signatures are missing, the next by a transfer agent')
    await look(page, 'approve-first')
    await sign('Bob Lind', 'carol')
    await press('Sign as transfer agent')
    await page.getByText('key-not-this-person').waitFor()
    await look(page, 'approve-refused')
    await sign('Bob Lind', 'bob')
    await press('Sign as transfer agent')
    await heading(/^One signature is missing/)
    await look(page, 'approve-second')
    await lookOtherwise(page, 'approve-second')
    await sign('Carol Diaz', 'carol')
    await press('Sign as release authority')
    await heading('Every signature that the policy asks for is there')
    await look(page, 'approved')
    await press('Go on to write')
  })

  it('plans, writes and reads back a medium', async () => {
    const { page, dialogs } = one
    await heading('payments-2026-11 is released and can be written')
    await look(page, 'write')
    await dialogs.next([file('hill-1')])
    await press('Choose a folder…')
    await page.getByText('medium-inside-desk').waitFor()
    await look(page, 'write-refused')
    await press('Show sizes')
    await page.getByLabel('Largest part, in MB (may stay empty)').fill('1')
    await dialogs.next([file('stick-1')])
    await press('Choose a folder…')
    await heading(/^Copy 1 goes to “stick-1”, in 2 parts/)
    await look(page, 'write-plan')
    await lookOtherwise(page, 'write-plan')
    await press('Write copy 1')
    await heading('Take the medium out, put it back in, and read it back')
    await look(page, 'read-back')
    await dialogs.next([file('stick-1')])
    await press('It was out and is in again: read it…')
    await heading('1 copy read back exactly as written')
    await look(page, 'read-back-done')
  })

  it('shows a copy that does not hold what was written', async () => {
    const { page, dialogs } = one
    await press('Copies')
    await dialogs.next([file('stick-2')])
    await press('Write another copy…')
    await heading(/^Copy 2 goes to/)
    await press('Write copy 2')
    await heading('1 copy still to be read back')
    const [folder = ''] = readdirSync(file('stick-2'))
    const part = readdirSync(file('stick-2', folder)).find((name) => name.startsWith('bundle.tar')) ?? ''
    const bytes = readFileSync(file('stick-2', folder, part))
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
    writeFileSync(file('stick-2', folder, part), bytes)
    await dialogs.next([file('stick-2')])
    await press('It was out and is in again: read it…')
    await heading('This medium does not hold what this desk wrote')
    await look(page, 'read-back-differs')
    await lookOtherwise(page, 'read-back-differs')
    await press('Write another copy')
    await page.getByText('Does not hold what was written: do not use').waitFor()
    await look(page, 'written')
  })

  it('hands over, opens done steps read-only, and closes', async () => {
    const { page } = one
    await page
      .getByRole('navigation', { name: 'Steps of this consignment' })
      .getByRole('button', { name: 'Request' })
      .click()
    await heading('alice asked for payments-2026-11')
    await look(page, 'asked')
    await page
      .getByRole('navigation', { name: 'Steps of this consignment' })
      .getByRole('button', { name: 'Hand over' })
      .click()
    await heading('1 copy of payments-2026-11 can be handed over')
    for (const [name, deed, shown] of [
      ['labels.pdf', 'Print labels…', 'The labels are ready to be printed'],
      ['custody.pdf', 'Print custody sheet…', 'The custody sheet is ready to be printed'],
    ] as const) {
      await press(deed)
      await heading(shown)
      await one.dialogs.next([file(name)])
      await press('Save PDF…')
      await page.getByRole('heading', { name: `${name} was saved` }).waitFor()
      expect(existsSync(file(name))).toBe(true)
      await page.frameLocator('iframe').getByText('OFFICIAL · EXERCISE').first().waitFor()
      await look(page, `sheet-${name.replace('.pdf', '')}`)
      await press('Hand over')
      await heading('1 copy of payments-2026-11 can be handed over')
    }
    await look(page, 'hand-over')
    await lookOtherwise(page, 'hand-over')
    await press('It was handed over: close it')
    await heading('payments-2026-11 was handed over and is closed')
    await look(page, 'closed')
    await press('All consignments')
    await heading('Nothing is under way; 1 consignment known')
    await look(page, 'low-consignments')
    expect(existsSync(file('keys', 'bob.key'))).toBe(true)
  })
})

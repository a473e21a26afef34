import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { done } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { makeBundle, makePerson, type Crossing, type TestPerson } from '../support/desks.ts'
import { shownDrive, standInDrives } from '../support/drive-list.ts'
import { look, lookOtherwise } from '../support/look.ts'
import { transferIdOf, type Digest } from '../../shared/digest.ts'

describe.skipIf(!canRunApp)('the register of media in the packed app (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp
  let id: string
  let transfer: string
  let two: string
  const people = new Map<string, TestPerson>()
  const { press, heading, go, signs, closed, next } = byWindow(() => one)
  const type = (label: string, text: string): Promise<void> =>
    one.page.getByLabel(label, { exact: true }).fill(text)
  const low = (...words: string[]): string[] => [...words, '--desk', crossing.low]

  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    const { folder, clock } = crossing
    for (const [side, who, name, role] of [
      ['low', 'fay', 'Fay Root', 'media-custodian'],
      ['low', 'hal', 'Hal Penn', 'witness'],
      ['high', 'ivy', 'Ivy Moor', 'security-officer'],
    ] as const) {
      const person = await makePerson(folder, who, name, 'p256')
      people.set(who, person)
      const words = ['--id', who, '--name', name, '--role', role, '--key', `${person.key}.pub`]
      await done(['person', 'add', '--desk', crossing[side], ...words], clock)
    }
    const bundle = await makeBundle(crossing, 'medium')
    id = bundle.id
    await done(low('readback', bundle.folder), clock)
    const shown = await done(low('consignment', 'show', id), clock)
    transfer = transferIdOf(shown.waybill as Digest)
    // Another desk, whose policy asks for two people.
    two = join(folder, 'two')
    await done(['desk', 'create', two, '--side', 'low', '--name', 'Hill-2'], clock)
    for (const who of ['fay', 'hal'] as const) {
      const { name, key } = people.get(who) ?? { name: '', key: '' }
      const role = who === 'fay' ? 'media-custodian' : 'witness'
      const words = ['--id', who, '--name', name, '--role', role, '--key', `${key}.pub`]
      await done(['person', 'add', '--desk', two, ...words], clock)
    }
    await done(['media', 'register', '--label', 'M-0417', '--serial', 'S 0417', '--desk', two], clock)
    const policy = join(folder, 'two.yaml')
    writeFileSync(policy, 'sallyport: policy/v1\nversion: 2\nmedia:\n  people: 2\n')
    await done(['policy', 'set', policy, '--desk', two], clock)
    stage.own()
    one = await launchApp(stage, { desk: crossing.low })
  })
  afterAll(() => closeCrossing(one, stage, crossing))

  it('teaches the first act, and takes a medium in by a drive that is seen or by a serial that is typed', async () => {
    const { page } = one
    const drives = await standInDrives(one.app, stage.home)
    drives.set([
      shownDrive({ serial: null, device: '/dev/sdc1', disk: '/dev/sdc', model: 'Nameless' }),
      shownDrive({
        device: '/dev/sdd1',
        disk: '/dev/sdd',
        serial: 'D-66',
        model: 'Rubber',
        barred: { why: 'composite', found: 'a keyboard or mouse (03)' },
      }),
      shownDrive(),
    ])
    await go('Media register')
    await heading('No medium is in the register yet')
    await look(page, 'media-empty')
    await press('Register a medium…')
    await heading('Register a medium under a label')
    await page.getByRole('radio', { name: /^SanDisk Ultra/ }).waitFor()
    // What is barred or cannot be told apart is not offered.
    expect(await page.getByRole('radio').count()).toBe(2)
    expect(await next()).toContain('Still missing: which medium, the label.')
    await type('Label', 'M/1')
    await page.getByText('Letters, digits and . _ - only, at most 64').waitFor()
    await type('Label', 'M-0417')
    await type('Serial', '4C530001')
    await type('Marking (may stay empty)', 'OFFICIAL')
    await look(page, 'media-register')
    await lookOtherwise(page, 'media-register')
    await press('Register M-0417')
    await heading('1 medium is in the register')
    for (const label of ['D-0001', 'm-0417']) {
      await press('Register a medium…')
      await type('Serial', `S of ${label}`)
      await type('Label', label)
      await page.getByLabel('Kind').selectOption('disc')
      await press(`Register ${label}`)
      if (label === 'D-0001') await heading('2 media are in the register')
    }
    await page.getByText(/is in the register already/).waitFor()
    await press('Back to the register')
  })

  it('records what became of one, and shows it with its history', async () => {
    const { page } = one
    await press('D-0001')
    await heading('D-0001 is registered')
    await press('Record what became of it…')
    await heading('What became of D-0001?')
    await page.getByRole('radio', { name: /^Destroyed:/ }).check()
    await type('Reason', 'Full')
    expect(await next()).toContain('Still missing: method')
    for (const [label, text] of [
      ['Method', 'Shredded to 9 mm'],
      ['Tool and version', 'HSM 9'],
      ['How it was verified', 'Seen by two'],
      ['Place', 'Room 4'],
    ] as const)
      await type(label, text)
    await look(page, 'medium-state')
    await press('It is destroyed')
    await heading('D-0001 is destroyed')
    expect(await closed('Record what became of it…')).toBe(true)
    await look(page, 'medium')
    await lookOtherwise(page, 'medium')
    await press('Print certificate…')
    await heading('The certificate of D-0001 is ready to be printed')
    await page.frameLocator('iframe').getByRole('heading', { name: 'Medium D-0001 was destroyed' }).waitFor()
    await look(page, 'certificate')
    await press('Back to D-0001')
    await press('Back to the register')
    await heading('2 media are in the register')
    await look(page, 'media')
    await lookOtherwise(page, 'media')
  })

  it('says how a capacity test goes, and that a drive is another', async () => {
    const { page } = one
    await press('M-0417')
    await press('Test its capacity…')
    await heading('Does M-0417 hold what it says?')
    // The drive that has its serial says its label.
    await page.getByRole('row', { name: /SanDisk Ultra.*M-0417/ }).waitFor()
    await look(page, 'medium-test')
    await press('Back to M-0417')
    await press('Back to the register')
  })

  it('counts the month, and prints it', async () => {
    const { page } = one
    await press('Statistics…')
    await heading(/^What this desk did in \d{4}-\d\d, so far$/)
    await page.getByRole('row', { name: /^Media registered 2$/ }).waitFor()
    await look(page, 'statistics')
    await lookOtherwise(page, 'statistics')
    await press('Print…')
    await heading(/^The sheet of \d{4}-\d\d is ready to be printed$/)
    await press('Back to the statistics')
    await press('Back to the register')
  })

  it('two people sign what the policy asks them to: the second signs what waits', async () => {
    await one.close()
    stage.own()
    one = await launchApp(stage, { desk: two })
    await go('Media register')
    await press('M-0417')
    await press('Record what became of it…')
    await one.page.getByRole('radio', { name: /^Lost:/ }).check()
    await type('Reason', 'Not found')
    await signs(people.get('fay'))
    await look(one.page, 'medium-state-signed')
    await press('It is lost')
    await heading('M-0417 is registered')
    await press('Back to the register')
    await look(one.page, 'media-waiting')
    await press('Sign it…')
    await signs(people.get('hal'))
    await press('Sign it')
    await heading('1 medium is in the register')
    await one.page.getByRole('row', { name: /M-0417.*Lost/ }).waitFor()
  })

  it('types the seal where media leave, and where they arrive: a difference stops there', async () => {
    await one.close()
    stage.own()
    one = await launchApp(stage, { desk: crossing.low })
    await press('payments-2026-11')
    await heading('1 copy of payments-2026-11 can be handed over')
    await look(one.page, 'hand-over-seals')
    await type('Seal of copy 1', '004417')
    await type('To whom', 'Ray Tarn')
    await type('Expected by (may stay empty)', '2026-12-04')
    await press('Record that it leaves')
    await one.page.getByRole('region', { name: 'Media that left' }).getByText('004417').waitFor()
    await look(one.page, 'handed-over')
    await lookOtherwise(one.page, 'handed-over')
    await one.close()
    stage.own()
    one = await launchApp(stage, { desk: crossing.high })
    await press('Receive a medium…')
    await press('Show fields for the seal')
    await type('Transfer id, from the label', transfer)
    await type('Seal on the sheet', '004417')
    await type('Seal on the bag', '004471')
    await one.page.getByRole('radio', { name: 'Whole' }).check()
    await press('Record the seal')
    await one.page.getByText(/Seal on the bag: 004471/).waitFor()
    await look(one.page, 'seal-differs')
    await lookOtherwise(one.page, 'seal-differs')
    await type('Seal on the bag', '004417')
    await press('Record the seal')
    await one.page.getByText('Only a security officer clears it, with their key.').waitFor()
    await signs(people.get('ivy'))
    await press('Compared again: clear it')
    await one.page.getByText('As the sheet says, and whole').waitFor()
    await one.dialogs.next([join(crossing.folder, 'medium')])
    await press('Choose a folder…')
    await heading(/ready to be decided|passed|proven|exactly/i)
  })
})

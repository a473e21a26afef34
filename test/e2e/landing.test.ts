import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { byWindow } from '../support/by-window.ts'
import { done } from '../support/command-line.ts'
import { closeCrossing, openCrossing } from '../support/crossing-app.ts'
import { decideBoth, makeBundle, type Crossing } from '../support/desks.ts'
import { hasDockerRegistry, startDockerRegistry } from '../support/docker-registry.ts'
import { highDesk } from '../support/high-desk.ts'
import type { SampleImage } from '../support/images.ts'
import { acceptedImage, allowRegistry } from '../support/landing.ts'
import { look, lookOtherwise } from '../support/look.ts'
import type { ServedRegistry } from '../support/served-registry.ts'

const secret = 'correct horse battery staple'
const lacks = canRunApp ? (hasDockerRegistry ? null : 'docker-registry') : 'Linux and Xvfb'

/* The landing by the station’s key, from its making to what the far side is given, against a real registry. */

describe.skipIf(lacks !== null)(`the landing in the packed app (${lacks ?? 'docker-registry'})`, () => {
  let stage: Stage
  let crossing: Crossing
  let registry: ServedRegistry
  let sample: SampleImage
  let forbidden: string
  let one: LaunchedApp
  const { press, heading, go, closed, next } = byWindow(() => one)
  const out = (name: string): string => join(stage.home, 'out', name)

  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    registry = await startDockerRegistry()
    const { high, clock } = crossing
    ;({ sample } = await acceptedImage(crossing))
    const old = await makeBundle(crossing, 'old', { 'old.txt': 'old\n' })
    const oldId = await highDesk(() => crossing).accepted(old.folder)
    const bad = await makeBundle(crossing, 'bad', { 'bad.txt': 'bad\n' })
    const { id } = await done(['verify', bad.folder, '--desk', high], clock)
    const digest = async (of: string): Promise<string> => {
      const { content } = await done(['consignment', 'show', of, '--desk', high], clock)
      return (content as [{ root: { digest: string } }])[0].root.digest
    }
    await decideBoth(crossing, id, 'reject', ['--cause', await digest(id)])
    forbidden = await digest(oldId)
    const ban = `forbidden: [{digest: '${forbidden}', reason: old, since: 2026-01-01}]\n`
    await allowRegistry(crossing, registry.host, 2, ban)
    mkdirSync(join(stage.home, 'out'))
    stage.own()
    one = await launchApp(stage, { desk: high })
  })
  afterAll(async () => {
    await closeCrossing(one, stage, crossing)
    await registry.close()
  })

  const toExport = async (): Promise<void> => {
    await go('Consignments')
    await one.page
      .getByRole('row', { name: /carry-app/ })
      .getByRole('button')
      .first()
      .click()
    await press('Export…')
  }
  const unlock = (text: string) => one.page.getByLabel('Passphrase of the landing key').fill(text)

  it('says at the export that nothing is sealed without a landing key, and where one is made', async () => {
    const { page } = one
    await toExport()
    await heading('carry-app is accepted and can be exported')
    expect(await page.getByText('What lands will not be sealed').count()).toBe(0)
    await page.getByRole('radio', { name: /^A registry:/ }).check()
    await page.getByText('What lands will not be sealed: this desk has no landing key.').waitFor()
    await page.getByLabel('Path in the registry (may stay empty)').fill('apps')
    await look(page, 'landing-export-no-key')
    await press('Make a landing key…')
    await heading('This desk has no landing key')
    await page
      .getByText('Whoever reads that folder or a copy of it can seal for the whole far side.')
      .waitFor()
    await look(page, 'landing-none')
  })

  it('makes a landing key only with a passphrase that is strong and typed twice, or with none by choice', async () => {
    const { page, dialogs } = one
    await press('Make a landing key…')
    await heading('Make the landing key of this desk')
    const first = page.getByLabel('New passphrase')
    const again = page.getByLabel('The same passphrase again')
    await first.fill('short')
    await page.getByText(/^Expected: at least 15 characters/).waitFor()
    await first.fill(secret)
    await again.fill(`${secret}r`)
    await page.getByText('The two are not the same.').waitFor()
    expect(await closed('Make the landing key')).toBe(true)
    expect(await next()).toContain('the new passphrase, typed twice')
    await look(page, 'landing-key-differs')
    await page.getByRole('radio', { name: /^No passphrase:/ }).check()
    expect(await closed('Make the landing key')).toBe(false)
    await look(page, 'landing-key-open')
    await page.getByRole('radio', { name: /^With a passphrase:/ }).check()
    // What was typed before is gone.
    expect(await first.inputValue()).toBe('')
    await first.fill(secret)
    await again.fill(secret)
    await press('Make the landing key')
    await heading('The landing key seals what lands at a registry')
    await page.getByText('has a passphrase', { exact: true }).waitFor()
    await look(page, 'landing-key')
    await lookOtherwise(page, 'landing-key')
    await dialogs.next([out('landing.pub')])
    await press('Save its public half…')
    await page.getByText('Saved as landing.pub.').waitFor()
    expect(readFileSync(out('landing.pub'), 'utf8')).toContain('BEGIN PUBLIC KEY')
    await dialogs.next([out('landing.pub')])
    await press('Save its public half…')
    await page.getByText('file-exists').waitFor()
  })

  it('prints the key with its words, for those who install it on the far side', async () => {
    const { page } = one
    const words = await page.locator('.words').first().innerText()
    await press('Print the card of the landing key…')
    const paper = page.frameLocator('iframe')
    await paper.getByRole('heading', { name: 'Landing card of Delta-2' }).waitFor()
    expect(await paper.locator('.words').first().innerText()).toContain(words.split(/\s+/)[0])
    await look(page, 'landing-print')
    await press('Back to the landing')
    await heading('The landing key seals what lands at a registry')
  })

  it('exports, seals and finds all of it again, only with the passphrase of the key', async () => {
    const { page } = one
    await toExport()
    // What was chosen before is still chosen.
    await page.getByText('What lands will be sealed by the landing key').waitFor()
    expect(await closed('Push to the registry')).toBe(true)
    expect(await next()).toContain('First the passphrase of the landing key.')
    await look(page, 'landing-export')
    await lookOtherwise(page, 'landing-export')
    await unlock('another passphrase')
    await press('Push to the registry')
    await page.getByText('(landing-locked)').waitFor()
    await look(page, 'landing-export-locked')
    await unlock(secret)
    await page.keyboard.press('Enter')
    await heading('carry-app was exported')
    await page.getByText('Promised 1, carried 1, landed 1.').waitFor()
    await page.getByText(/^Read again as its readers look for it: \d+ things, all there\.$/).waitFor()
    await page.getByText(/by the landing key of this desk, .*: 3 things, platforms too/).waitFor()
    await look(page, 'landing-exported')
    await lookOtherwise(page, 'landing-exported')
    const tag = sample.root.digest.replace(':', '-')
    const found = await fetch(`http://${registry.host}/v2/apps/app/manifests/${tag}.sig`, {
      headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
    })
    expect(found.status).toBe(200)
  })

  it('leaves the seal where that is wanted, and makes it later', async () => {
    const { page } = one
    await press('Export again…')
    await heading('carry-app was exported and can be exported again')
    await page.getByLabel('Path in the registry (may stay empty)').fill('later')
    await page.getByRole('checkbox', { name: /^Do not seal:/ }).check()
    expect(await page.getByLabel('Passphrase of the landing key').count()).toBe(0)
    await look(page, 'landing-export-again')
    await press('Push to the registry')
    await page.getByText('that was not wanted.').waitFor()
    await look(page, 'landing-not-sealed')
    const where = `${registry.host}/later`
    await press(`Seal it at ${where}…`)
    await heading(`What landed at ${where} is not sealed yet`)
    expect(await closed('Seal with the landing key')).toBe(true)
    await look(page, 'landing-seal')
    await lookOtherwise(page, 'landing-seal')
    await unlock('another passphrase')
    await press('Seal with the landing key')
    await page.getByText('(landing-locked)').waitFor()
    await unlock(secret)
    await press('Seal with the landing key')
    await heading(`What landed at ${where} is sealed`)
    await page.getByText(/^Read again as its readers look for it: \d+ things, all there\.$/).waitFor()
    await look(page, 'landing-sealed')
    await press(/^Show the key that sealed/)
    const key = await done(['landing', 'key', 'show', '--desk', crossing.high], crossing.clock)
    const { fingerprint } = key['key'] as { fingerprint: { hex: string } }
    await page.getByText(fingerprint.hex, { exact: true }).waitFor()
    await press('Seal again…')
    await unlock('another passphrase')
    await press('Seal with the landing key')
    await page.getByText('(landing-locked)').waitFor()
  })

  it('makes the files for engines, and says what those cannot hold', async () => {
    const { page, dialogs } = one
    await press('Files for its engines…')
    await heading(`Make the files with which engines at ${registry.host}/later check carry-app`)
    expect(await next()).toContain('Still missing: an engine, the passphrase of the landing key.')
    await look(page, 'landing-kit')
    await lookOtherwise(page, 'landing-kit')
    await page.getByRole('radio', { name: `${registry.host}/apps` }).check()
    await page.getByRole('checkbox', { name: /^containerd:/ }).check()
    await page.getByRole('checkbox', { name: /^Kyverno:/ }).check()
    await page.getByRole('radio', { name: /^The original signers:/ }).check()
    await page.getByRole('radio', { name: /^The seals of this landing:/ }).check()
    await unlock(secret)
    await dialogs.next([out('kit')])
    await press('Choose a new folder and make them…')
    await page.getByRole('heading', { name: /^\d+ files in kit$/ }).waitFor()
    await page.getByText('Read NOT-EXPRESSED.md of each engine first:').waitFor()
    await page
      .getByText(/^cannot hold \d+ rules?$/)
      .first()
      .waitFor()
    await look(page, 'landing-kit-made')
    for (const name of ['SHA256SUMS', 'containerd/NOT-EXPRESSED.md', 'kyverno/NOT-EXPRESSED.md'])
      expect({ name, there: existsSync(join(out('kit'), name)) }).toEqual({ name, there: true })
    expect(existsSync(join(out('kit'), 'flux'))).toBe(false)
    // Never into a folder that is there.
    await unlock(secret)
    await dialogs.next([out('kit')])
    await press('Choose a new folder and make them…')
    await page.getByText('export-target').waitFor()
    await look(page, 'landing-kit-refused')
  })

  it('makes the signed list, and says what is left out of it', async () => {
    const { page, dialogs } = one
    await go('Trust')
    await look(page, 'landing-trust')
    await press('Landing…')
    await dialogs.next([out('admit.list.json')])
    await unlock('another passphrase')
    await press('Make the signed list…')
    await page.getByText('(landing-locked)').waitFor()
    expect(existsSync(out('admit.list.json'))).toBe(false)
    await dialogs.next([out('admit.list.json')])
    await unlock(secret)
    await press('Make the signed list…')

    await page.getByText(/List 1 in admit\.list\.json: 3 digests, until/).waitFor()
    await page.getByText(new RegExp(`it holds ${forbidden}, which nobody shall run`)).waitFor()
    await page.getByRole('button', { name: 'Make the signed list…' }).scrollIntoViewIfNeeded()
    await look(page, 'landing-list')
    await lookOtherwise(page, 'landing-list')
    expect(await dialogs.suggested()).toEqual(
      expect.arrayContaining(['landing.pub', 'landing', 'admit.list.json']),
    )
    expect(existsSync(out('admit.list.json'))).toBe(true)
  })

  it('makes failed summaries of the cause of a rejection, and offers none elsewhere', async () => {
    const { page, dialogs } = one
    await toExport()
    await press('Report…')
    await heading('The report is ready to be saved and printed')
    expect(await page.getByText('Failed summaries for the far side').count()).toBe(0)
    await go('Consignments')
    await page
      .getByRole('row', { name: /rejected/ })
      .getByRole('button')
      .first()
      .click()
    await press('Report…')
    await page.getByRole('heading', { name: 'Failed summaries for the far side' }).waitFor()
    await look(page, 'landing-failed')
    await unlock(secret)
    await dialogs.next([out('failed')])
    await press('Choose a new folder and make them…')
    await page.getByText(/1 file: sha256-[0-9a-f]{64}\.vsa\.sigstore\.json/).waitFor()
    await look(page, 'landing-failed-made')
    await lookOtherwise(page, 'landing-failed-made')
  })
})

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readVerifierPem } from '../../main/sigstore/verifier-key.ts'
import { canRunApp, launchApp, openStage, type LaunchedApp, type Stage } from '../support/app.ts'
import { done, sallyport, testClock } from '../support/command-line.ts'
import { makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { look, lookOtherwise } from '../support/look.ts'
import { copySaved, hasSavedImages, savedImages } from '../support/saved-images.ts'

const trust = join(savedImages, 'private-trust')
const keyFile = join(trust, 'k-p256.pub')

function policy(version: number, items: string): string {
  const pem = readFileSync(keyFile, 'utf8').trim().replaceAll('\n', '\n      ')
  const { fingerprint } = readVerifierPem(readFileSync(keyFile, 'utf8'))
  return `sallyport: policy/v1
version: ${version}
identities:
  - name: release-key
    fingerprint: ${fingerprint}
    key: |
      ${pem}
  - name: alice
    issuer: http://127.0.0.1:8801/email
    identity: alice@priv.test
items:
${items}
`
}

describe.skipIf(!canRunApp || !hasSavedImages)(
  'evidence in the packed app (needs Linux, Xvfb, ../shared/fixtures)',
  () => {
    let stage: Stage
    let crossing: Crossing
    let one: LaunchedApp | null = null
    let consignment = ''
    beforeAll(async () => {
      stage = await openStage()
      crossing = await makeCrossing(testClock(new Date().toISOString()), stage.home)
      await copySaved('private-key', join(crossing.folder, 'request', 'app'))
      await copySaved('private-multi', join(crossing.folder, 'request', 'multi'))
      const request = await writeRequest(crossing, ['image: oci:./app:v1', 'image: oci:./multi:v1'])
      consignment = await release(crossing, request)
      await writeTo(crossing, consignment, 'medium')
    })
    afterEach(async () => {
      expect(one?.complaints ?? []).toEqual([])
      await one?.close()
      one = null
    })
    afterAll(async () => {
      await stage.close()
      await crossing.dispose()
    })

    const act = (page: Page, name: string | RegExp) => page.getByRole('button', { name })

    async function setPolicy(version: number, items: string): Promise<void> {
      stage.take()
      const file = join(crossing.folder, 'policy.yaml')
      await writeFile(file, policy(version, items))
      await done(['policy', 'set', file, '--desk', crossing.high], crossing.clock)
    }

    async function read(desk: string): Promise<Page> {
      if (desk === crossing.high) {
        await sallyport(['verify', join(crossing.folder, 'medium'), '--desk', crossing.high], crossing.clock)
      }
      stage.own()
      one = await launchApp(stage, { desk })
      const { page } = one
      await act(page, /^payments-2026-11/).click()
      return page
    }

    it('shows what came along on both sides when the policy asks for nothing', async () => {
      const page = await read(crossing.low)
      await act(page, /^Authenticity/).click()
      await page
        .getByRole('heading', {
          level: 1,
          name: /0 of 4 pieces of evidence are proven; the policy asks for none/,
        })
        .waitFor()
      await page.getByText('This desk has no trusted root', { exact: false }).waitFor()
      await look(page, 'evidence-low')
    })

    it('refuses, says which check failed and why, and gives each piece as it was carried', async () => {
      await setPolicy(
        2,
        `  - {kind: image, name: '**', signedBy: {identities: [release-key]}, provenance: [{builder: https://priv.test/builder, signedBy: alice}]}`,
      )
      const page = await read(crossing.high)
      await page.getByRole('heading', { level: 2, name: '2 of 2 items are not proven' }).waitFor()
      const item = page.getByRole('region', { name: /^Evidence for .*app/ })
      await look(page, 'evidence-refused', 'failed')
      // By keyboard alone: the table of an item, the details of each row, then a piece itself.
      const press = async (name: RegExp) => {
        await item.getByRole('button', { name, expanded: false }).first().focus()
        await page.keyboard.press('Enter')
      }
      await press(/^Show 2 pieces: evidence for /)
      const rows = await item.getByRole('button', { name: /^Details: / }).count()
      for (let row = 0; row < rows; row += 1) await press(/^Details: /)
      await item
        .getByText('No statement of a build', { exact: false })
        .or(item.getByText('Built by whom the policy names'))
        .first()
        .waitFor()
      await item.getByText('alice@priv.test', { exact: false }).first().waitFor()
      const show = act(page, 'Show it as it was carried').first()
      await show.focus()
      await page.keyboard.press('Space')
      const raw = page.getByRole('region', { name: /^Evidence sha256:[0-9a-f]{64} as it was carried$/ })
      await raw.waitFor()
      expect(await raw.textContent()).toContain('dsseEnvelope')
      await raw.focus()
      await page.keyboard.press('PageDown')
      await look(page, 'evidence-raw')
      await lookOtherwise(page, 'evidence')
    })

    it('says by whom each item was signed and built once a trusted root vouches for the names', async () => {
      const root = join(trust, 'trusted_root.json')
      const fingerprint = createHash('sha256').update(readFileSync(root)).digest('hex')
      stage.take()
      const install = [
        'trust',
        'root',
        'add',
        root,
        '--desk',
        crossing.high,
        '--name',
        'private',
        '--fingerprint',
        fingerprint,
      ]
      await done(install, crossing.clock)
      await setPolicy(
        3,
        `  - {kind: image, name: '**app**', signedBy: {identities: [release-key]}, sbom: {signedBy: [release-key]}}
  - {kind: image, name: '**multi**', signedBy: {identities: [alice], log: true, time: true}, provenance: [{builder: https://priv.test/builder, signedBy: alice}]}`,
      )
      const page = await read(crossing.high)
      await page
        .getByRole('heading', { level: 2, name: '2 items are signed and built as the policy asks' })
        .waitFor()
      await look(page, 'evidence-passed', 'passed')
      const opened = async (name: RegExp) => {
        const item = page.getByRole('region', { name })
        await item.getByRole('button', { name: /^Show .*: evidence for / }).click()
        for (const one of await item.getByRole('button', { name: /^Details: / }).all()) await one.click()
        return item
      }
      const item = await opened(/^Evidence for .*multi/)
      await item.getByText('alice@priv.test').first().waitFor()
      await item.getByText('https://priv.test/builder').first().waitFor()
      await opened(/^Evidence for .*app/)
      await page.getByText('SPDX 2.3', { exact: false }).first().waitFor()
      await look(page, 'evidence-proven')
      await page.getByText('Two independent verifiers agree.').first().scrollIntoViewIfNeeded()
      await look(page, 'evidence-second')
      await act(page, /^Policy/).click()
      await page.getByText('an item that no rule is about is refused').waitFor()
      await look(page, 'evidence-policy')
    })
  },
)

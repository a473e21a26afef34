import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { done } from '../support/command-line.ts'
import { openCrossing } from '../support/crossing-app.ts'
import { decideBoth, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { sampleImage } from '../support/images.ts'
import { look, lookOtherwise } from '../support/look.ts'
import { about, putSigned, trustAuthority } from '../support/signed-image.ts'

const component = (name: string, version: string, licence = 'MIT'): object => ({
  ...{ name, version, purl: `pkg:npm/${name}@${version}` },
  licenses: [{ license: { id: licence } }],
})

describe.skipIf(!canRunApp)('what changed inside, in the packed app (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let one: LaunchedApp | null = null
  let name = 0

  async function send(components: readonly object[]): Promise<string> {
    rmSync(join(crossing.folder, 'request', 'app'), { recursive: true, force: true })
    name += 1
    const document = { bomFormat: 'CycloneDX', specVersion: '1.6', components }
    const make = ({ root }: Parameters<Parameters<typeof putSigned>[1]>[0]) => [
      about(root, 'https://cyclonedx.org/bom', document),
    ]
    await putSigned(crossing, make, sampleImage(2000, `app-${name}`))
    return release(crossing, await writeRequest(crossing, ['image: oci:./app:v1'], { name: `app-${name}` }))
  }
  async function carry(id: string): Promise<string> {
    const folder = await writeTo(crossing, id, `medium-${id}`)
    return (await done(['verify', folder, '--desk', crossing.high], crossing.clock)).id
  }

  beforeAll(async () => {
    mkdirSync('test-results', { recursive: true })
    ;({ stage, crossing } = await openCrossing())
    await trustAuthority(crossing)
    await trustAuthority(crossing, undefined, crossing.low)
    await decideBoth(crossing, await carry(await send([component('a', '1'), component('b', '1')])), 'accept')
    await carry(await send([component('a', '2', 'GPL-3.0-only'), component('c', '1'), { name: 'nameless' }]))
    stage.own()
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

  it('is told to signers, with what nobody can say', async () => {
    one = await launchApp(stage, { desk: crossing.low })
    const { page } = one
    await page.getByRole('button', { name: /^app-2/ }).click()
    await page.getByRole('button', { name: /^Approve/ }).click()
    await page.getByRole('button', { name: 'Show changes inside' }).click()
    await page
      .getByText('1 added, 1 changed, 1 removed, 1 with another licence; not all could be compared')
      .waitFor()
    await page.getByText('Now: 1 component without a package URL').waitFor()
    await look(page, 'inside-low')
    await lookOtherwise(page, 'inside-low')
  })

  it('is told to deciders, and saved as a table', async () => {
    one = await launchApp(stage, { desk: crossing.high })
    const { page, dialogs } = one
    await page.getByRole('button', { name: /^app-2/ }).click()
    await page.getByRole('button', { name: 'Show changes inside' }).click()
    await page
      .getByText('1 added, 1 changed, 1 removed, 1 with another licence; not all could be compared')
      .waitFor()
    await page.getByRole('button', { name: /^Show by which documents/ }).click()
    await page
      .getByText(/signed by alice@priv.test/)
      .first()
      .waitFor()
    await look(page, 'inside-high')
    const file = join(crossing.folder, 'inside.csv')
    await dialogs.next([file])
    await page.getByRole('button', { name: 'Save as table (CSV)…' }).click()
    await page.getByText('inside.csv was saved').waitFor()
    expect(readFileSync(file, 'utf8')).toContain('"added","pkg:npm/c","","1"')
  })
})

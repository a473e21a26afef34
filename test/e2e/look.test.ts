import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, openStage, type LaunchedApp, type Stage } from '../support/app.ts'
import { sharedKey } from '../support/authority/scheme.ts'
import { byWindow } from '../support/by-window.ts'
import { look, lookOtherwise } from '../support/look.ts'
import { packedLayout, signedBy } from '../support/packed-layout.ts'

describe.skipIf(!canRunApp)('looking into what others made, without a desk (needs Linux and Xvfb)', () => {
  let stage: Stage
  let one: LaunchedApp
  const { press, heading, closed, next } = byWindow(() => one)
  const at = (name: string): string => join(stage.home, name)
  beforeAll(async () => {
    stage = await openStage()
    const plain = await packedLayout()
    writeFileSync(at('signed.tar'), (await packedLayout(signedBy)).tar)
    writeFileSync(at('plain.tar.gz'), gzipSync(plain.tar))
    writeFileSync(at('cut.tar'), plain.tar.subarray(0, 3000))
    writeFileSync(at('tool.bin'), 'tool')
    writeFileSync(at('large.bin'), 'large')
    // A hole: it takes time to read and no room.
    truncateSync(at('large.bin'), 30_000_000_000)
    mkdirSync(at('folder'))
    writeFileSync(at('folder/notes.txt'), 'notes')
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    writeFileSync(at('mine.pub'), sharedKey('p256').publicKey.export({ type: 'spki', format: 'pem' }))
    writeFileSync(at('other.pub'), publicKey.export({ type: 'spki', format: 'pem' }))
    stage.own()
    one = await launchApp(stage)
  })
  afterAll(async () => {
    expect(one.complaints).toEqual([])
    await one.close()
    await stage.close()
  })

  async function chooses(file: string, button = 'Choose a file…'): Promise<void> {
    await one.dialogs.next([at(file)])
    await press(button)
    await heading(`${file} can be looked into`)
  }

  it('is reached from the first page; a cancelled dialog changes nothing', async () => {
    await heading('No desk is open')
    await press('Look into a file…')
    await heading('Choose what to look into')
    expect([await closed('Look into it'), await next()]).toEqual([true, 'First choose a file or a folder.'])
    await look(one.page, 'look-empty')
    for (const name of ['Choose a file…', 'Choose a folder…', 'Add a public key…', 'Add a trusted root…']) {
      await one.dialogs.next([])
      await press(name)
    }
    expect(await closed('Look into it')).toBe(true)
    // Without a desk nothing is asked of a registry.
    expect(await one.page.getByLabel('Or in a registry').count()).toBe(0)
  })

  it('refuses what was cut, says why, and keeps the keys for the next thing', async () => {
    await one.dialogs.next([at('mine.pub')])
    await press('Add a public key…')
    await one.page.getByText('mine.pub', { exact: true }).waitFor()
    await chooses('cut.tar')
    await look(one.page, 'look-chosen')
    await lookOtherwise(one.page, 'look-chosen')
    await press('Look into it')
    await heading('Refused: it cannot be read as one whole thing')
    await one.page.getByText('It ends before it is whole').waitFor()
    await look(one.page, 'look-refused', 'failed')
    await press('Look into something else')
    await heading('Choose what to look into')
    await one.page.getByText('mine.pub', { exact: true }).waitFor()
  })

  it('says of an unsigned archive that nobody vouches for it', async () => {
    await chooses('plain.tar.gz')
    await press('Look into it')
    await heading('Not checked: nobody whom you named vouches for it')
    await look(one.page, 'look-unsigned', 'failed')
    await press('Look into something else')
  })

  it('says who signed an archive, and of what it is made, by keyboard as well', async () => {
    const { page } = one
    await chooses('signed.tar')
    await press('Look into it')
    await heading(/^Whole by its own sums; signed by /)
    await look(page, 'look-signed', 'passed')
    await lookOtherwise(page, 'look-signed')
    const row = page.getByRole('row', { name: /registry\.example\/team\/app:v1/ })
    await row.getByText('1 of 1 proven').waitFor()
    await row.getByRole('button', { name: /^Details/ }).press('Enter')
    await page
      .getByText(/^sha256:[0-9a-f]{64}$/)
      .first()
      .waitFor()
    await press(/^Show \d+ passed$/)
    await look(page, 'look-opened')
  })

  it('refuses what another key signed, and looks again with other keys', async () => {
    await press('Other keys…')
    await heading('signed.tar can be looked into')
    await press('Remove key mine.pub')
    await one.dialogs.next([at('other.pub')])
    await press('Add a public key…')
    await one.page.getByText('other.pub', { exact: true }).waitFor()
    await press('Look into it')
    await heading('Refused: it is signed, and not by a key that you named')
    await press('Look into something else')
  })

  it('says what went wrong where the path is gone, and goes back', async () => {
    await chooses('tool.bin')
    renameSync(at('tool.bin'), at('away.bin'))
    await press('Look into it')
    await heading('The work could not be done')
    await look(one.page, 'look-gone')
    await press('Back to what to look into')
    await heading('tool.bin can be looked into')
    renameSync(at('away.bin'), at('tool.bin'))
    await press('Look into it')
    await heading(/^Not checked: /)
    await press('Close')
    await heading('No desk is open')
  })

  it('shows how far it is, and ends at once where it is cancelled', async () => {
    await press('Look into a file…')
    await chooses('large.bin')
    await press('Look into it')
    await heading('Looking into what others made.')
    await look(one.page, 'look-under-way')
    await press('Cancel')
    await heading('The work was cancelled')
    await look(one.page, 'look-cancelled')
    await press('Back to what to look into')
    await heading('large.bin can be looked into')
    await press('Remove large.bin')
    await press('Back')
    await heading('No desk is open')
  })

  it('takes what is dropped on it, by its place alone', async () => {
    const { page } = one
    await press('Look into a file…')
    await heading('Choose what to look into')
    const cdp = await page.context().newCDPSession(page)
    const drop = async (files: readonly string[]): Promise<void> => {
      const box = await page.getByRole('region', { name: 'On this computer' }).boundingBox()
      const [x, y] = [(box?.x ?? 0) + 20, (box?.y ?? 0) + 20]
      const items = files.length === 0 ? [{ mimeType: 'text/plain', data: 'text' }] : []
      const data = { items, files: [...files], dragOperationsMask: 1 }
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
        await cdp.send('Input.dispatchDragEvent', { type, x, y, data })
    }
    await drop([])
    await page.getByText('That is no file or folder of this computer.').waitFor()
    await look(page, 'look-dropped-nothing')
    await drop([at('plain.tar.gz'), at('folder')])
    await page.getByText('Drop one file or folder at a time.').waitFor()
    await drop([at('folder')])
    await heading('folder can be looked into')
    await drop([at('plain.tar.gz')])
    await heading('plain.tar.gz can be looked into')
    await drop([at('folder')])
    await heading('folder can be looked into')
    await press('Look into it')
    await heading('Not checked: it has no sums of its own')
    await press('Show 1 file')
    await page.getByRole('rowheader', { name: 'notes.txt' }).waitFor()
    await look(page, 'look-folder', 'failed')
    expect(await page.evaluate(() => document.body.innerText)).not.toContain(stage.home)
  })
})

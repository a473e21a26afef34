import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Bridge } from '../../shared/bridge.ts'
import type { Choice, Purpose } from '../../shared/calls/place.ts'
import type { CallInput, CallName, CallOutput } from '../../shared/contract.ts'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { openCrossing } from '../support/crossing-app.ts'
import { makeBundle, type Crossing } from '../support/desks.ts'

declare global {
  interface Window {
    readonly bridge: Bridge
  }
}

/** A call by the bridge, as the window makes it; its failure is thrown here. */
async function call<Name extends CallName>(
  page: Page,
  name: Name,
  input: CallInput<Name>,
): Promise<CallOutput<Name>> {
  const answer = await page.evaluate(([one, given]) => window.bridge.call(one as never, given as never), [
    name,
    input,
  ] as const)
  const found = answer as { ok: true } | { ok: false; failure: { code: string } }
  if (!found.ok) throw new Error(found.failure.code)
  return answer as unknown as CallOutput<Name>
}

describe.skipIf(!canRunApp)('the shell of the packed app (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let medium = ''
  let one: LaunchedApp
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    // So much that its reading is still under way when the window is told to close.
    const content = Buffer.alloc(256 << 20, 'a page of notes\n')
    medium = (await makeBundle(crossing, 'medium', { 'notes.txt': content })).folder
    stage.own()
  })
  afterEach(() => one.close())
  afterAll(() => stage.close())

  const choose = async (
    purpose: Purpose,
    path: string,
    intent: Choice['intent'] = 'open',
  ): Promise<string> => {
    await one.dialogs.next([path])
    const { place, label } = await call(one.page, 'place.choose', { purpose, intent })
    expect(path.endsWith(label)).toBe(true)
    return place ?? ''
  }

  it('makes a desk where a dialog says, and frees it when it closes', async () => {
    one = await launchApp(stage)
    expect(await call(one.page, 'place.choose', { purpose: 'desk', intent: 'save' })).toMatchObject({
      place: null,
      label: '',
    })
    const folder = join(stage.home, 'new-desk')
    const place = await choose('desk', folder, 'save')
    await call(one.page, 'desk.create', { place, side: 'high', name: 'New-1' })
    await call(one.page, 'desk.open', { place, mode: 'write' }).catch((error: unknown) => {
      if ((error as Error).message !== 'desk-open') throw error
    })
    expect(existsSync(join(folder, 'desk.lock'))).toBe(true)
    await one.close()
    expect(existsSync(join(folder, 'desk.lock'))).toBe(false)
    // The app's mask is 077: nobody else enters.
    expect(statSync(folder).mode & 0o077).toBe(0)
  })

  it('opens the desk that the start names, and says why when it cannot', async () => {
    one = await launchApp(stage, { desk: crossing.high })
    expect((await call(one.page, 'desk.show', {})).card.name).toBe('Delta-2')
    await one.close()
    one = await launchApp(stage, { desk: join(stage.home, 'nothing-here') })
    await expect(call(one.page, 'desk.show', {})).rejects.toThrow('no-desk')
  })

  it('verifies on threads, tells the window, asks before it closes, and stops', async () => {
    one = await launchApp(stage, { desk: crossing.high })
    await one.page.evaluate(() => {
      const heard: string[] = []
      Object.assign(window, { heard })
      window.bridge.on((event, value) => {
        if (event === 'job') heard.push((value as { state: string }).state)
      })
    })
    const place = await choose('medium', medium)
    const { job } = await call(one.page, 'verify.start', { medium: place })
    const ended = await call(one.page, 'job.wait', { job })
    expect(ended.state).toBe('done')
    expect((ended.result as { outcome: string }).outcome).toBe('passed')
    const heard = await one.page.evaluate(() => (window as unknown as { heard: string[] }).heard)
    expect(heard[0]).toBe('running')
    expect(heard.at(-1)).toBe('done')

    // Asking is what keeps the window: 0 stays, 1 stops the work and closes.
    await one.dialogs.press(0)
    const states = await one.page.evaluate(async (to) => {
      const started = await window.bridge.call('verify.start', { medium: to })
      return started.ok
    }, place)
    expect(states).toBe(true)
    await one.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    await expect.poll(() => one.dialogs.asked()).toHaveLength(1)
    expect((await one.dialogs.asked())[0]).toContain('Verifying a medium is under way')
    expect((await call(one.page, 'job.list', {})).jobs.length).toBeGreaterThan(0)
    await one.dialogs.press(1)
  })

  it('prints the report with marking, record, ledger and page numbers', async () => {
    one = await launchApp(stage, { desk: crossing.high })
    const { consignments } = await call(one.page, 'consignment.list', {})
    const id = consignments[0]?.id ?? ''
    const file = join(stage.home, 'report.pdf')
    const place = await choose('report', file, 'save')
    await call(one.page, 'report.save', { id, format: 'pdf', place })
    expect(readFileSync(file).subarray(0, 5).toString()).toBe('%PDF-')
    writeFileSync(join('test-results', 'report.pdf'), readFileSync(file))
    const { stdout } = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' })
    const pages = stdout.split('\f').filter((page) => page.trim() !== '')
    const { digest } = await call(one.page, 'report.show', { id })
    expect(pages.length).toBeGreaterThan(1)
    for (const [index, page] of pages.entries()) {
      expect(page.match(/OFFICIAL/g)?.length).toBeGreaterThanOrEqual(2)
      expect(page).toContain('payments-2026-11')
      expect(page).toContain(`page ${index + 1} of ${pages.length}`)
      expect(page).toContain(digest)
    }
    expect(await one.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })

  it('leaves nothing of the pages behind', () => {
    const kept = readdirSync(stage.home, { recursive: true, encoding: 'utf8' })
    expect(
      kept.filter((name) => /Local Storage|IndexedDB|Cookies$/.test(name) && name.includes('desk')),
    ).toEqual([])
  })
})

import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, openStage, type LaunchedApp, type Stage } from '../support/app.ts'
import { testClock } from '../support/command-line.ts'
import { makeCrossing, type Crossing } from '../support/desks.ts'

/* What a page can do to the process behind it: make it speak at a high desk, and keep it from ending. */

describe.skipIf(!canRunApp)('the app and a page that was taken over (needs Linux and Xvfb)', () => {
  let stage: Stage
  let crossing: Crossing
  let server: Server
  let heard: Socket[]
  let host: string
  let one: LaunchedApp
  beforeAll(async () => {
    stage = await openStage()
    crossing = await makeCrossing(testClock(new Date().toISOString()), stage.home)
    stage.own()
  })
  afterAll(async () => {
    await stage.close()
    await crossing.dispose()
  })
  beforeEach(async () => {
    heard = []
    // It takes what it is asked and never answers.
    server = createServer((socket) => heard.push(socket))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(async () => {
    for (const socket of heard) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const launch = async (desk: string): Promise<void> => {
    one = await launchApp(stage, { desk })
    await one.page.getByRole('heading', { level: 1 }).waitFor()
  }
  const ask = (): Promise<string> =>
    one.page.evaluate(async (at) => {
      const input = { image: `${at}/secret/x:1`, roots: [], keys: [], plainHttp: true }
      const answer = await window.bridge.call('evidence.show', input)
      if (!answer.ok) return answer.failure.code
      const ended = await window.bridge.call('job.wait', { job: answer.job })
      return ended.ok ? (ended.failure?.code ?? ended.state) : ended.failure.code
    }, host)
  /** Begins with what never ends, so far that the host was asked. */
  const hang = async (): Promise<void> => {
    const asked = new Promise((resolve) => server.once('connection', resolve))
    void ask().catch(() => undefined)
    await asked
  }
  const ended = (): Promise<unknown> => {
    const child = one.app.process()
    return child.exitCode !== null ? Promise.resolve() : new Promise((resolve) => child.once('exit', resolve))
  }

  it('row 21: opens no connection once it has had a high desk, also when the page closes the desk', async () => {
    await launch(crossing.high)
    expect(await ask()).toBe('wrong-side')
    const closed = await one.page.evaluate(() => window.bridge.call('desk.close', {}))
    expect(closed.ok).toBe(true)
    expect(await ask()).toBe('network-refused')
    expect(heard).toEqual([])
    await one.close()
  })

  it('row 21: nor without any desk', async () => {
    await launch(join(stage.home, 'no-desk-here'))
    expect(await ask()).toBe('network-refused')
    expect(heard).toEqual([])
    await one.close()
  })

  it('closes, and frees the desk, whatever never answers and however much waits', async () => {
    await launch(crossing.low)
    await hang()
    await one.page.evaluate(() => {
      for (let i = 0; i < 20_000; i++) void window.bridge.call('ledger.verify', {})
    })
    const end = ended()
    await one.app.evaluate(({ BrowserWindow, dialog }) => {
      // Whoever closes the window is asked, because work is under way, and wants to.
      dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false })
      BrowserWindow.getAllWindows()[0]?.close()
    })
    await end
    await launch(crossing.low)
    expect(await one.page.evaluate(async () => (await window.bridge.call('desk.show', {})).ok)).toBe(true)
    await one.close()
  })

  it('shows Cancel while evidence is looked at: the page is back, and the next call works', async () => {
    await launch(crossing.low)
    const asked = new Promise((resolve) => server.once('connection', resolve))
    const cancelled = ask()
    await asked
    await one.page.getByRole('heading', { name: 'Looking at what speaks for an image.' }).waitFor()
    await one.page.getByRole('button', { name: 'Cancel' }).click()
    expect(await cancelled).toBe('cancelled')
    await one.page.getByRole('heading', { level: 1, name: 'The work was cancelled' }).waitFor()
    await one.page.getByRole('button', { name: 'Back to the consignments' }).click()
    await one.page.getByRole('heading', { level: 1, name: 'Nothing was collected yet' }).waitFor()
    expect(await one.page.evaluate(async () => (await window.bridge.call('desk.show', {})).ok)).toBe(true)
    await one.close()
  })

  it('ends when the system asks it to', async () => {
    await launch(crossing.low)
    await hang()
    const end = ended()
    // Asked for now: of an app that has ended nothing is known any more.
    const child = one.app.process()
    child.kill('SIGTERM')
    await end
    expect(child.signalCode ?? child.exitCode).toBe(0)
  })

  it('row 5: gives the page no title and no picker of its own, and one dialog at a time', async () => {
    await launch(crossing.high)
    const found = await one.page.evaluate(async () => {
      document.title = 'Sallyport - LOW side'
      const pickers = ['showOpenFilePicker', 'showSaveFilePicker', 'showDirectoryPicker']
      return pickers.filter((name) => Reflect.has(window, name))
    })
    expect(found).toEqual([])
    const title = await one.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle())
    expect(title).toBe('Delta-2, high side · Sallyport')
    // A dialog that stays until both have asked.
    await one.app.evaluate(({ dialog }) => {
      const path = '/tmp/a.key'
      dialog.showSaveDialog = () =>
        new Promise((resolve) => setTimeout(() => resolve({ canceled: false, filePath: path }), 500))
    })
    const chosen = await one.page.evaluate(() => {
      const choice = { purpose: 'key', intent: 'save' } as const
      return Promise.all([1, 2].map(() => window.bridge.call('place.choose', choice)))
    })
    expect(chosen.map((answer) => (answer.ok ? answer['place'] === null : answer.failure.code))).toEqual([
      false,
      true,
    ])
    await one.close()
  })
})

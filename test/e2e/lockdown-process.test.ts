import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packed } from '../../build/runtime/package.ts'
import type { Bridge } from '../../shared/bridge.ts'
import { fusesOf } from '../support/release.ts'
import { canRunApp, launchApp, openStage, type LaunchedApp, type Stage } from '../support/app.ts'

declare global {
  interface Window {
    readonly bridge: Bridge
    touched?: number
  }
}

describe.skipIf(!canRunApp)('the packed app as a process, locked down (needs Linux and Xvfb)', () => {
  let stage: Stage
  let one: LaunchedApp
  beforeAll(async () => {
    stage = await openStage()
    one = await launchApp(stage)
  })
  afterAll(async () => {
    await one.close()
    await stage.close()
  })

  const startAgain = (words: readonly string[], environment: Record<string, string> = {}) =>
    spawnSync(stage.account.program, words, {
      encoding: 'utf8',
      cwd: stage.home,
      env: {
        PATH: process.env['PATH'],
        ...stage.account.environment,
        DISPLAY: stage.display.name,
        ...environment,
      },
    })

  it('row 22: keeps nothing of the pages on disk', async () => {
    const kept = await one.app.evaluate(({ session }) => session.fromPartition('desk').storagePath)
    expect(kept).toBeNull()
  })

  it('row 16: has every fuse as it should be; the one for tests is on in this build only', () => {
    // runAsNode, cookies, NODE_OPTIONS, inspect, asar integrity, only asar, own snapshot, then what is newer.
    expect(fusesOf(join(packed.folder, packed.program)).slice(0, 7)).toBe('0001110')
    const release = readFileSync('electron-builder.yml', 'utf8')
    expect(release).toMatch(/^ {2}enableNodeCliInspectArguments: false$/m)
    expect(release).toMatch(/^ {2}grantFileProtocolExtraPrivileges: false$/m)
  })

  it('row 16: is neither a Node nor moved by the environment', () => {
    const mark = join(stage.home, 'mark')
    const script = join(stage.home, 'mark.cjs')
    writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(mark)}, 'x')`)
    stage.own()
    expect(startAgain(['-e', '1'], { ELECTRON_RUN_AS_NODE: '1' })).toMatchObject({ status: 2, stdout: '' })
    startAgain(['--no-sandbox'], { NODE_OPTIONS: `--require ${script}` })
    expect(existsSync(mark)).toBe(false)
  })

  it.each([
    '--remote-debugging-port=9222',
    '--no-sandbox',
    '--disable-web-security',
    '--user-data-dir=/tmp/other',
  ])('row 22: does not start with %s', (word) => {
    const { status, stderr } = startAgain([word])
    expect(status).toBe(2)
    expect(stderr).toContain(`Sallyport does not start with ${word.slice(0, 100)}`)
  })

  it('row 20: starts once: the second start says so, ends, and brings the first to the front', async () => {
    const shown = () => one.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())
    await one.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
    expect(await shown()).toBe(false)
    const { status, stderr } = startAgain([])
    expect(status).toBe(0)
    expect(stderr).toContain('Sallyport is running already')
    await expect.poll(shown).toBe(true)
  })

  it('rows 2, 6 and 8: runs its page with the stated preferences, and no webview comes of a tag', async () => {
    const found = await one.app.evaluate(({ BrowserWindow, webContents }) => {
      const [window] = BrowserWindow.getAllWindows()
      const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
      return {
        preferences: contents.getLastWebPreferences(),
        contents: webContents.getAllWebContents().length,
      }
    })
    expect(found.preferences).toMatchObject({
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
    })
    await one.page.evaluate(async () => {
      const view = document.createElement('webview')
      view.setAttribute('src', 'app://desk/index.html')
      document.body.append(view)
      await new Promise((done) => setTimeout(done, 200))
      view.remove()
    })
    const now = await one.app.evaluate(({ webContents }) => webContents.getAllWebContents().length)
    expect(now).toBe(found.contents)
  })

  it('row 13: answers no other window, even one with the same page and the same preload', async () => {
    const answer = await one.app.evaluate(async ({ app, BrowserWindow }) => {
      const preload = `${app.getAppPath()}/out/preload/preload.cjs`
      const other = new BrowserWindow({
        show: false,
        webPreferences: { preload, partition: 'desk', sandbox: true },
      })
      await other.loadURL('app://desk/index.html')
      const found: unknown = await other.webContents['executeJavaScript'](
        'window.bridge.call("desk.show", {})',
      )
      other.destroy()
      return found
    })
    expect(answer).toMatchObject({ ok: false, failure: { code: 'not-allowed' } })
  })

  it('rows 19 and 22: leaves no passphrase in a file, a message or a crash', async () => {
    const secret = 'Xq7-wandering-otter-parade-9931'
    const key = join(stage.home, 'secret.key')
    await one.dialogs.next([key])
    const codes = await one.page.evaluate(async (passphrase) => {
      const chosen = await window.bridge.call('place.choose', { purpose: 'key', intent: 'save' })
      const place = chosen.ok ? (chosen.place ?? '') : ''
      const made = await window.bridge.call('key.create', { place, algorithm: 'p256', passphrase })
      const field = document.createElement('input')
      field.type = 'password'
      field.value = passphrase
      document.body.append(field)
      return [chosen.ok, made.ok]
    }, secret)
    expect(codes).toEqual([true, true])
    await one.dialogs.press(0)
    await one.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    )
    await expect.poll(() => one.dialogs.asked()).not.toHaveLength(0)
    expect((await one.dialogs.asked())[0]).toContain('The window stopped working')
    const files = readdirSync(stage.home, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    expect(files.length).toBeGreaterThan(0)
    const holding = files
      .map((entry) => join(entry.parentPath, entry.name))
      .filter(
        (path) =>
          readFileSync(path).includes(secret) || readFileSync(path).includes(Buffer.from(secret, 'utf16le')),
      )
    expect(holding).toEqual([])
    expect(files.filter(({ name }) => /\.dmp$|^core/.test(name))).toEqual([])
    expect(one.said.filter((line) => line.includes(secret))).toEqual([])
  })
})

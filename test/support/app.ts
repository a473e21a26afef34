import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page, type Request } from 'playwright'
import { openAccount, type Account } from '../../build/runtime/account.ts'
import { pack, packed } from '../../build/runtime/package.ts'
import { standInDialogs, type Dialogs } from './dialogs.ts'
import { openDisplay, type Display } from './display.ts'
import { canShowElectron } from './runtime-starts.ts'

/*
 * The packed app, driven as a person would. A test file does this:
 *
 *   describe.skipIf(!canRunApp)('…', () => {
 *     const stage = await openStage()                      // beforeAll: packs when needed, makes account and display
 *     … files in stage.home, then stage.own()              // desks, keys, media: all below stage.home
 *     const { page, dialogs, close } = await launchApp(stage, { desk: join(stage.home, 'high') })
 *     await dialogs.next([join(stage.home, 'medium')])     // what the next dialog of the system answers
 *     await close()
 *     await stage.close()                                  // afterAll
 *   })
 */

/** Whether this computer has what the app needs to be seen. */
export const canRunApp = canShowElectron

/** An account and a display for the apps of one test file. */
export interface Stage {
  /** All files that the app is to read or write. */
  readonly home: string
  readonly account: Account
  readonly display: Display
  /** Gives the account what was put below its home. */
  own(): void
  /** Takes it back, for acts of the test itself: a desk is opened to write by its own account alone. */
  take(): void
  close(): Promise<void>
}

/** Packs `out/` when the last pack is older. Needs `npm run build` before. */
export async function openStage(): Promise<Stage> {
  await pack()
  const account = openAccount(packed.folder, packed.program)
  const display = await openDisplay()
  return {
    home: account.home,
    account,
    display,
    own: () => account.own(),
    take: () => {
      if (process.getuid?.() === 0) execFileSync('chown', ['-R', '0:0', account.home])
    },
    async close() {
      await display.close()
      account.close()
    },
  }
}

/** What the app says to a terminal, without the noise of a computer that has no D-Bus and no graphics card. */
function isNoise(line: string): boolean {
  return /bus\.cc|viz_main|command_buffer|gpu|Debugger|DevTools listening|For help, see|^\s*$/i.test(line)
}

export interface LaunchedApp {
  readonly app: ElectronApplication
  readonly page: Page
  /** Every request that a page made, from its first. */
  readonly requests: readonly Request[]
  /**
   * Messages of the console that are warnings or errors, but two: react-aria's one style tag, which the policy refuses, and
   * Chromium's advice on sandboxed frames that share an origin with their page, given to the page itself, which is no frame.
   */
  readonly complaints: readonly string[]
  readonly said: readonly string[]
  readonly dialogs: Dialogs
  close(): Promise<void>
}

/** Starts the packed app on `stage`, with the desk in `desk` (below `stage.home`) or none. */
export async function launchApp(
  stage: Stage,
  options: { readonly desk?: string; readonly words?: readonly string[] } = {},
): Promise<LaunchedApp> {
  const words = [...(options.words ?? []), ...(options.desk === undefined ? [] : [options.desk])]
  const app = await _electron.launch({
    executablePath: stage.account.program,
    args: words,
    cwd: stage.home,
    // Below the limit of a hook, so that what the app said until then is told.
    timeout: 60_000,
    // Without this Playwright adds --no-sandbox, and the app refuses to start.
    chromiumSandbox: true,
    env: { PATH: process.env['PATH'] ?? '', ...stage.account.environment, DISPLAY: stage.display.name },
  })
  const said: string[] = []
  app.process().stderr?.on('data', (chunk: Buffer) => {
    said.push(
      ...chunk
        .toString('utf8')
        .split('\n')
        .filter((line) => !isNoise(line)),
    )
  })
  const requests: Request[] = []
  const complaints: string[] = []
  const context = app.context()
  context.on('request', (request) => requests.push(request))
  context.on('console', (message) => {
    const known = /^Refused to apply inline style|can escape its sandboxing/.test(message.text())
    if (['error', 'warning'].includes(message.type()) && !known) complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  try {
    const dialogs = await standInDialogs(app, stage.home)
    const page = await app.firstWindow()
    await page.waitForLoadState('domcontentloaded')
    return { app, page, requests, complaints, said, dialogs, close: () => app.close() }
  } catch (error) {
    app.process().kill('SIGKILL')
    throw error
  }
}

/** Where pictures of states go; looked at by people, compared with nothing. */
export function picture(name: string): string {
  return join('test-results', `${name}.png`)
}

import { appendFileSync, chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import type * as fs from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication } from 'playwright'

/** What a printer would have been handed. */
export interface Printed {
  /** The page, and what the dialog of the system was told. */
  readonly url: string
  readonly options: Readonly<Record<string, unknown>>
  /** The page as it would be on paper, without the lines at top and bottom that a driver adds. */
  readonly pdf: string
}

/** What answers the dialogs of the system, which no test can drive. */
export interface Dialogs {
  /** The next dialog for a file or folder answers these paths, none being a cancel. */
  next(paths: readonly string[]): Promise<void>
  /** The next message box answers its button of that number. */
  press(button: number): Promise<void>
  /** The message boxes that were shown: message and detail. */
  asked(): Promise<readonly string[]>
  /** The names that dialogs for a file to save began with. */
  suggested(): Promise<readonly string[]>
  /** The next print dialog is refused by that reason, as Electron gives it. Otherwise it prints. */
  refusePrint(reason: string): Promise<void>
  /** What print dialogs were shown for. */
  printed(): Promise<readonly Printed[]>
}

function lines<T>(file: string): T[] {
  if (!existsSync(file)) return []
  const whole = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return whole.map((line) => JSON.parse(line) as T)
}

/**
 * Answers each dialog from a queue, in the test and not in the product. The queue is a folder below `home`, because calls
 * into the main process of Electron are not reliable: some never come back, some say that their context was destroyed
 * (microsoft/playwright issue 33737). One such call, when the app starts, is all that this needs.
 */
export async function standInDialogs(app: ElectronApplication, home: string): Promise<Dialogs> {
  const folder = mkdtempSync(join(home, '.dialogs-'))
  const files = {
    paths: join(folder, 'paths'),
    buttons: join(folder, 'buttons'),
    asked: join(folder, 'asked'),
    suggested: join(folder, 'suggested'),
    prints: join(folder, 'prints'),
    printed: join(folder, 'printed'),
  }
  for (const file of Object.values(files)) {
    writeFileSync(file, '')
    // The app runs as an account of its own.
    chmodSync(file, 0o666)
  }
  chmodSync(folder, 0o777)
  await app.evaluate(({ app: started, dialog }, given) => {
    // The stand-in's Node has no process.getBuiltinModule yet, and a function handed over has no require.
    const main = Reflect.get(process, 'mainModule') as NodeJS.Module
    const { appendFileSync, readFileSync, writeFileSync } = main.require('node:fs') as typeof fs
    const taken = { paths: 0, buttons: 0, prints: 0 }
    const keep = (file: string, value: unknown): void => appendFileSync(file, `${JSON.stringify(value)}\n`)
    const next = (queue: keyof typeof taken): unknown => {
      const line = readFileSync(given[queue], 'utf8').split('\n').slice(0, -1)[taken[queue]]
      if (line === undefined) return undefined
      taken[queue] += 1
      return JSON.parse(line)
    }
    dialog.showOpenDialog = async () => {
      const found = (next('paths') ?? []) as string[]
      return { canceled: found.length === 0, filePaths: found }
    }
    dialog.showSaveDialog = async (...words: unknown[]) => {
      keep(given.suggested, (words.at(-1) as { defaultPath?: string }).defaultPath ?? '')
      const [found] = (next('paths') ?? []) as string[]
      return { canceled: found === undefined, filePath: found ?? '' }
    }
    dialog.showMessageBox = async (...words: unknown[]) => {
      const options = words.at(-1) as { message: string; detail?: string; cancelId?: number }
      keep(given.asked, `${options.message} ${options.detail ?? ''}`)
      const response = (next('buttons') ?? options.cancelId ?? 0) as number
      return { response, checkboxChecked: false }
    }
    let prints = 0
    started.on('web-contents-created', (_event, contents) => {
      contents.print = (options = {}, answer) => {
        const pdf = `${given.printed}-${(prints += 1)}.pdf`
        const refused = next('prints') as string | undefined
        const { pageSize, printBackground } = options as { pageSize: 'A4'; printBackground: boolean }
        const inches = { top: 0.8, bottom: 1, left: 0.6, right: 0.6 }
        void contents.printToPDF({ pageSize, printBackground, margins: inches }).then((bytes) => {
          writeFileSync(pdf, bytes)
          keep(given.printed, { url: contents.getURL(), options, pdf })
          answer?.(refused === undefined, refused ?? '')
        })
      }
    })
  }, files)
  const add = async (file: string, value: unknown): Promise<void> =>
    appendFileSync(file, `${JSON.stringify(value)}\n`)
  return {
    next: (paths) => add(files.paths, paths),
    press: (button) => add(files.buttons, button),
    asked: async () => lines<string>(files.asked),
    suggested: async () => lines<string>(files.suggested),
    refusePrint: (reason) => add(files.prints, reason),
    printed: async () => lines<Printed>(files.printed),
  }
}

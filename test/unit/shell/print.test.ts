import type { BrowserWindow, Input } from 'electron'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { PrintMarks } from '../../../main/desk/work/context.ts'
import { asFailure } from '../../../main/platform/failure.ts'

interface Asked {
  readonly options: Record<string, unknown>
  readonly answer: (printed: boolean, reason: string) => void
}
const electron = vi.hoisted(() => ({
  asked: [] as Asked[],
  loaded: [] as string[],
  windows: [] as Record<string, unknown>[],
  gone: 0,
}))
vi.mock('electron', () => ({
  app: {},
  Menu: {},
  protocol: {},
  session: {
    fromPartition: () => ({
      webRequest: { onBeforeRequest: () => undefined },
      setPermissionRequestHandler: () => undefined,
      setPermissionCheckHandler: () => undefined,
      setDevicePermissionHandler: () => undefined,
      on: () => undefined,
      setSpellCheckerEnabled: () => undefined,
      setSpellCheckerDictionaryDownloadURL: () => undefined,
      protocol: { handle: () => undefined, unhandle: () => undefined },
    }),
  },
  BrowserWindow: class {
    webContents = {
      print: (options: Asked['options'], answer: Asked['answer']) => electron.asked.push({ options, answer }),
    }
    constructor(options: Record<string, unknown>) {
      electron.windows.push(options)
    }
    async loadURL(url: string) {
      electron.loaded.push(url)
    }
    destroy() {
      electron.gone += 1
    }
  },
}))

const { bandLines, bands, printing } = await import('../../../main/shell/print.ts')
const { hearPrintKey, isPrintKey } = await import('../../../main/shell/print-key.ts')

const marks: PrintMarks = {
  marking: 'OFFICIAL',
  name: 'Key card of Carol Diaz',
  record: null,
  ledger: '7 abc',
  paper: 'letter',
}

describe('what a printer is handed', () => {
  beforeEach(() => {
    for (const list of [electron.asked, electron.loaded, electron.windows]) list.length = 0
    electron.gone = 0
  })
  const asking = async (count = 1): Promise<Asked> => {
    await vi.waitFor(() => expect(electron.asked).toHaveLength(count))
    return electron.asked.at(-1)!
  }

  it('row 5: is asked of a person first, from the hidden page that can do nothing', async () => {
    const printed = printing()('<p>', marks)
    const { options, answer } = await asking()
    expect(options).toEqual({
      silent: false,
      printBackground: true,
      pageSize: 'Letter',
      margins: { marginType: 'custom', top: 58, bottom: 72, left: 43, right: 43 },
      header: 'OFFICIAL · Key card of Carol Diaz',
      footer: 'OFFICIAL · ledger 7 abc',
    })
    expect(electron.loaded).toEqual(['app://print/report.html'])
    expect(electron.windows[0]).toMatchObject({ show: false, webPreferences: { javascript: false } })
    expect(electron.gone).toBe(0)
    answer(true, '')
    expect(await printed).toBe(true)
    expect(electron.gone).toBe(1)
  })

  it.each(['Print job canceled', 'cancelled'])('is nothing when the person says so (%s)', async (reason) => {
    const printed = printing()('<p>', marks)
    ;(await asking()).answer(false, reason)
    expect(await printed).toBe(false)
    expect(electron.gone).toBe(1)
  })

  it('is a failure when no printer takes it, and the next may be tried', async () => {
    const print = printing()
    const failed = print('<p>', marks).catch((error: unknown) => asFailure(error).view())
    ;(await asking()).answer(false, 'No printer is there')
    expect(await failed).toMatchObject({ code: 'print-failed', facts: { found: 'No printer is there' } })
    const silent = print('<p>', marks).catch((error: unknown) => asFailure(error).view())
    ;(await asking(2)).answer(false, '')
    expect(await silent).toMatchObject({ facts: { found: 'no reason is known' } })
    const again = print('<p>', marks)
    ;(await asking(3)).answer(true, '')
    expect(await again).toBe(true)
  })

  it('row 5: is one page at a time', async () => {
    const print = printing()
    const first = print('<p>', marks)
    const { answer } = await asking()
    expect(await print('<p>', marks)).toBe(false)
    expect(electron.asked).toHaveLength(1)
    answer(true, '')
    await first
  })

  it('carries marking, name, and the record where there is one', () => {
    expect(bandLines({ ...marks, record: 'sha256:00' }).footer).toBe('OFFICIAL · record sha256:00')
    expect(bands(marks).footer).not.toContain('record')
  })
})

describe('the key that asks for printing', () => {
  const input = (changes: Partial<Input>): Input => ({
    ...{ type: 'keyDown', key: 'p', control: false, meta: false, alt: false, shift: false },
    ...{ isAutoRepeat: false, isComposing: false, code: 'KeyP', location: 0, modifiers: [] },
    ...changes,
  })

  it.each([
    [{ control: true }, 'linux', true],
    [{ control: true, key: 'P' }, 'win32', true],
    [{ meta: true }, 'darwin', true],
    [{ control: true }, 'darwin', false],
    [{ meta: true }, 'linux', false],
    [{ control: true, shift: true }, 'linux', false],
    [{ control: true, alt: true }, 'linux', false],
    [{ control: true, type: 'keyUp' }, 'linux', false],
    [{ control: true, isAutoRepeat: true }, 'linux', false],
    [{ control: true, key: 'o' }, 'linux', false],
    [{}, 'linux', false],
  ] as const)('%j on %s: %s', (changes, platform, wanted) =>
    expect(isPrintKey(input(changes), platform)).toBe(wanted),
  )

  it('is told to the page, and goes nowhere else', () => {
    let hear: (event: unknown, input: Input) => void = () => undefined
    const sent: unknown[][] = []
    const webContents = {
      on: (_name: string, act: typeof hear) => (hear = act),
      send: (...told: unknown[]) => sent.push(told),
    }
    hearPrintKey({ webContents } as unknown as BrowserWindow)
    const preventDefault = vi.fn()
    const control = process.platform !== 'darwin'
    hear({ preventDefault }, input({ control, meta: !control }))
    hear({ preventDefault }, input({ key: 'x' }))
    expect(preventDefault).toHaveBeenCalledOnce()
    expect(sent).toEqual([['sallyport:event', 'print', {}]])
  })
})

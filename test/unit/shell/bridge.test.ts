import type { BrowserWindow } from 'electron'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Session } from '../../../main/desk/session.ts'

type Handler = (event: unknown, name: unknown, input: unknown) => unknown
const recorded = vi.hoisted(() => ({
  handlers: new Map<string, unknown>(),
  exposed: new Map<string, unknown>(),
  heard: [] as unknown[][],
  left: [] as unknown[][],
  invoked: [] as unknown[][],
  drops: [] as ((event: unknown) => void)[],
}))
vi.mock('electron', () => ({
  ipcMain: {
    handle: (name: string, act: unknown) => recorded.handlers.set(name, act),
    removeHandler: (name: string) => recorded.handlers.delete(name),
  },
  contextBridge: {
    exposeInMainWorld: (name: string, value: unknown) => recorded.exposed.set(name, value),
  },
  ipcRenderer: {
    invoke: (...given: unknown[]) => recorded.invoked.push(given),
    on: (...given: unknown[]) => recorded.heard.push(given),
    removeListener: (...given: unknown[]) => recorded.left.push(given),
  },
  webUtils: { getPathForFile: (file: { at: string }) => file.at },
}))

const { connect } = await import('../../../main/shell/bridge.ts')

const main = { routingId: 1, url: 'app://desk/index.html', origin: 'app://desk', parent: null }
const ours = { sender: { id: 7 }, senderFrame: main }

describe('the bridge', () => {
  const answer = vi.fn(async () => ({ ok: true as const }))
  const dropped = vi.fn(async () => undefined)
  const sent: unknown[][] = []
  const closing: (() => void)[] = []
  let tell: (event: string, value: unknown) => void = () => undefined
  let gone = false
  const window = {
    isDestroyed: () => gone,
    webContents: { id: 7, mainFrame: main, send: (...given: unknown[]) => sent.push(given) },
    on: (_name: string, act: () => void) => closing.push(act),
  }
  const session = {
    answer,
    dropped,
    on: (listener: typeof tell) => {
      tell = listener
      return () => (tell = () => undefined)
    },
  }
  const call = (event: unknown, name: unknown, input: unknown): unknown =>
    (recorded.handlers.get('sallyport:call') as Handler)(event, name, input)

  beforeEach(() => {
    gone = false
    answer.mockClear()
    dropped.mockClear()
    sent.length = 0
    connect(window as unknown as BrowserWindow, Promise.resolve(session as unknown as Session))
  })

  it('hands the calls of its window to the session', async () => {
    expect(await call(ours, 'desk.show', {})).toEqual({ ok: true })
    expect(answer).toHaveBeenCalledWith('desk.show', {})
  })

  it('hands on what was dropped on its window, and of no other', async () => {
    const drop = recorded.handlers.get('sallyport:drop') as (event: unknown, paths: unknown) => Promise<void>
    await drop(ours, ['/a'])
    expect(dropped).toHaveBeenCalledWith(['/a'])
    await drop({ ...ours, sender: { id: 8 } }, ['/b'])
    await drop({ ...ours, senderFrame: { ...main, parent: main } }, ['/b'])
    await drop({ ...ours, senderFrame: null }, ['/b'])
    expect(dropped).toHaveBeenCalledTimes(1)
  })

  it('keeps a call that comes before the session, and refuses others already', async () => {
    for (const close of closing) close()
    let come: (one: Session) => void = () => undefined
    const coming = new Promise<Session>((done) => (come = done))
    connect(window as unknown as BrowserWindow, coming)
    const early = call(ours, 'desk.show', {})
    expect(await call({ ...ours, sender: { id: 8 } }, 'desk.show', {})).toMatchObject({ ok: false })
    expect(answer).not.toHaveBeenCalled()
    come(session as unknown as Session)
    expect(await early).toEqual({ ok: true })
  })

  it.each([
    ['a frame that is gone', { ...ours, senderFrame: null }],
    ['a frame inside', { ...ours, senderFrame: { ...main, parent: main } }],
    ['another frame of the window', { ...ours, senderFrame: { ...main, routingId: 2 } }],
    ['another window', { ...ours, sender: { id: 8 } }],
    ['another origin', { ...ours, senderFrame: { ...main, origin: 'https://desk' } }],
    ['another address', { ...ours, senderFrame: { ...main, url: 'about:blank' } }],
  ])('row 13: refuses %s before the session hears of it', async (_name, event) => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.anything(), async (name, input) => {
        expect(await call(event, name, input)).toMatchObject({ ok: false, failure: { code: 'not-allowed' } })
      }),
      { numRuns: 20 },
    )
    expect(answer).not.toHaveBeenCalled()
  })

  it.each([[7], [null], [undefined], [{ toString: () => 'desk.show' }], [['desk.show']]])(
    'refuses %s as a name',
    async (name) => {
      expect(await call(ours, name, {})).toMatchObject({ ok: false })
      expect(answer).not.toHaveBeenCalled()
    },
  )

  it('refuses calls of a window that is gone', async () => {
    gone = true
    expect(await call(ours, 'desk.show', {})).toMatchObject({ ok: false })
  })

  it('sends events until the window closes', async () => {
    await Promise.resolve()
    tell('desk', { id: null })
    expect(sent).toEqual([['sallyport:event', 'desk', { id: null }]])
    for (const close of closing) close()
    tell('desk', { id: null })
    expect(sent).toHaveLength(1)
    expect(recorded.handlers.size).toBe(0)
  })
})

it('shows the page two functions and no event object', async () => {
  vi.stubGlobal('addEventListener', (_name: string, hear: (event: unknown) => void) =>
    recorded.drops.push(hear),
  )
  await import('../../../main/preload.ts')
  expect([...recorded.exposed.keys()]).toEqual(['bridge'])
  const bridge = recorded.exposed.get('bridge') as { on: (act: (...given: unknown[]) => void) => () => void }
  expect(Object.keys(bridge).sort()).toEqual(['call', 'on'])
  const heard: unknown[][] = []
  const stop = bridge.on((...given) => heard.push(given))
  const [channel, hear] = recorded.heard[0] as [string, (...given: unknown[]) => void]
  hear({ sender: {} }, 'desk', { id: null })
  expect(heard).toEqual([['desk', { id: null }]])
  stop()
  expect(recorded.left).toEqual([[channel, hear]])
})

it('tells main, and not the page, the paths of what a person dropped', () => {
  const files = [{ at: '/home/a.tar' }]
  recorded.drops.at(-1)?.({ isTrusted: true, dataTransfer: { files } })
  recorded.drops.at(-1)?.({ isTrusted: true, dataTransfer: null })
  // Made up by a script of the page.
  recorded.drops.at(-1)?.({ isTrusted: false, dataTransfer: { files } })
  expect(recorded.invoked).toEqual([
    ['sallyport:drop', ['/home/a.tar']],
    ['sallyport:drop', []],
  ])
})

it('finds the path where older Electrons have it', async () => {
  vi.resetModules()
  vi.doMock('electron', () => ({
    contextBridge: { exposeInMainWorld: () => undefined },
    ipcRenderer: { invoke: (...given: unknown[]) => recorded.invoked.push(given) },
    webUtils: undefined,
  }))
  await import('../../../main/preload.ts')
  recorded.invoked.length = 0
  recorded.drops.at(-1)?.({ isTrusted: true, dataTransfer: { files: [{ path: '/old' }, {}] } })
  expect(recorded.invoked).toEqual([['sallyport:drop', ['/old', '']]])
})

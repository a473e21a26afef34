import type { Session } from 'electron'
import { beforeEach, describe, expect, it, vi } from 'vitest'

type Act = (...given: never[]) => unknown
const recorded = vi.hoisted(() => ({
  order: [] as string[],
  switches: [] as unknown[][],
  schemes: [] as unknown[],
  heard: new Map<string, (...given: unknown[]) => void>(),
}))

vi.mock('electron', () => ({
  app: {
    enableSandbox: () => recorded.order.push('sandbox'),
    commandLine: { appendSwitch: (...given: unknown[]) => recorded.switches.push(given) },
    on: (name: string, act: (...given: unknown[]) => void) => recorded.heard.set(name, act),
  },
  protocol: { registerSchemesAsPrivileged: (schemes: unknown[]) => recorded.schemes.push(...schemes) },
  Menu: {},
}))

const { lockProcess, lockSession } = await import('../../../main/shell/install.ts')

/** Keeps what is set and listened to, so that a test can ask it as Electron would. */
function recorder(): { readonly part: unknown; readonly set: Map<string, Act> } {
  const set = new Map<string, Act>()
  const part: unknown = new Proxy(
    {},
    {
      get: (_target, name: string) => {
        if (name === 'webRequest') return part
        if (name === 'on') return (event: string, act: Act) => void set.set(event, act)
        return (act: Act) => void set.set(name, act)
      },
    },
  )
  return { part, set }
}

const ask = (set: Map<string, Act>, name: string, ...given: unknown[]): unknown =>
  (set.get(name) as ((...given: unknown[]) => unknown) | undefined)?.(...given)

describe('before Electron is ready', () => {
  beforeEach(() => lockProcess())

  it('turns the sandbox on, cuts the network off and makes the scheme a secure one', () => {
    expect(recorded.order).toContain('sandbox')
    expect(recorded.switches).toContainEqual(['host-resolver-rules', 'MAP * ~NOTFOUND'])
    expect(recorded.schemes[0]).toEqual({
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: false, stream: false },
    })
  })

  it.each(['will-attach-webview', 'will-redirect', 'will-navigate', 'will-frame-navigate'])(
    'holds every page: %s is prevented',
    (name) => {
      const { part, set } = recorder()
      recorded.heard.get('web-contents-created')?.({}, part)
      const preventDefault = vi.fn()
      ask(set, name, { url: 'https://example.org/', preventDefault })
      expect(preventDefault).toHaveBeenCalledOnce()
    },
  )

  it.each([
    ['app://report/3fa3083b-7d3f-46ab-89d3-c38f88cab6ca.html', false, 0],
    ['app://report/3fa3083b-7d3f-46ab-89d3-c38f88cab6ca.html', true, 1],
    ['app://desk/index.html', false, 1],
    ['app://desk/index.html', true, 0],
  ])('a frame that goes to %s, on top: %s, is prevented %i times', (url, isMainFrame, times) => {
    const { part, set } = recorder()
    recorded.heard.get('web-contents-created')?.({}, part)
    const preventDefault = vi.fn()
    ask(set, 'will-frame-navigate', { url, isMainFrame, preventDefault })
    expect(preventDefault).toHaveBeenCalledTimes(times)
  })

  it('lets a page reload, and open nothing', () => {
    const { part, set } = recorder()
    recorded.heard.get('web-contents-created')?.({}, part)
    const preventDefault = vi.fn()
    ask(set, 'will-navigate', { url: 'app://desk/index.html', preventDefault })
    expect(preventDefault).not.toHaveBeenCalled()
    expect(ask(set, 'setWindowOpenHandler', { url: 'app://desk/index.html' })).toEqual({ action: 'deny' })
  })
})

describe('a session of pages', () => {
  const { part, set } = recorder()
  lockSession(part as Session)

  it.each([
    ['app://desk/index.html', 'mainFrame', false],
    ['https://example.org/', 'xhr', true],
    ['file:///etc/passwd', 'mainFrame', true],
    ['app://print/report.html', 'mainFrame', true],
  ])('asks for %s as %s: cancelled is %s', (url, resourceType, cancel) => {
    const answer = vi.fn()
    ask(set, 'onBeforeRequest', { url, resourceType }, answer)
    expect(answer).toHaveBeenCalledWith({ cancel })
  })

  it('gives no power, asked or checked, and saves no download', () => {
    const answer = vi.fn()
    ask(set, 'setPermissionRequestHandler', null, 'geolocation', answer)
    expect(answer).toHaveBeenCalledWith(false)
    expect(ask(set, 'setPermissionCheckHandler', null, 'media')).toBe(false)
    expect(ask(set, 'setDevicePermissionHandler', { deviceType: 'hid' })).toBe(false)
    const preventDefault = vi.fn()
    ask(set, 'will-download', { preventDefault })
    expect(preventDefault).toHaveBeenCalledOnce()
  })

  it('has no spelling checker', () => expect(set.get('setSpellCheckerEnabled')).toBe(false))
})

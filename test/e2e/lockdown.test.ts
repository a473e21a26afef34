import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bridge } from '../../shared/bridge.ts'
import { canRunApp, launchApp, openStage, type LaunchedApp, type Stage } from '../support/app.ts'

declare global {
  interface Window {
    readonly bridge: Bridge
    touched?: number
  }
}

async function goTo(to: string): Promise<void> {
  const link = document.createElement('a')
  link.href = to
  document.body.append(link)
  link.click()
  location.assign(to)
  await new Promise((done) => setTimeout(done, 100))
}

describe.skipIf(!canRunApp)('the packed app, locked down (needs Linux and Xvfb)', () => {
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

  it('row 4: runs as an ordinary user with Chromium’s sandbox on', async () => {
    const pid = await one.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
    )
    const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8')
    expect(status).toMatch(/^Seccomp:\t2$/m)
    expect(status).toMatch(/^NoNewPrivs:\t1$/m)
    expect(status).not.toMatch(/^Uid:\t0\b/m)
    expect(readFileSync(`/proc/${pid ?? 0}/cmdline`, 'utf8')).not.toContain('--no-sandbox')
  })

  it('rows 2, 3 and 17: gives the page two frozen functions and nothing of Node', async () => {
    const found = await one.page.evaluate(() => ({
      keys: Object.keys(window.bridge).sort(),
      frozen: Object.isFrozen(window.bridge),
      replaced: Reflect.set(window, 'bridge', {}),
      node: ['require', 'process', 'Buffer', 'global', 'module', 'ipcRenderer', 'electron'].filter((name) =>
        Reflect.has(window, name),
      ),
      origin: location.origin,
    }))
    expect(found).toEqual({
      keys: ['call', 'on'],
      frozen: true,
      replaced: false,
      node: [],
      origin: 'app://desk',
    })
  })

  it('row 13: answers unknown calls and wrong input with a failure', async () => {
    const codes = await one.page.evaluate(async () => {
      const call = window.bridge.call as (
        name: unknown,
        input: unknown,
      ) => Promise<{ failure?: { code: string } }>
      const asked = [
        await call('nothing.here', {}),
        await call('constructor', {}),
        await call(7, {}),
        await call('desk.open', { place: '/etc', mode: 'read' }),
        await call('desk.open', { place: `place-${'0'.repeat(32)}`, mode: 'read' }),
        await call('desk.show', {}),
      ]
      return asked.map((answer) => answer.failure?.code)
    })
    expect(codes).toEqual([
      'not-allowed',
      'not-allowed',
      'not-allowed',
      'bad-input',
      'place-unknown',
      'no-desk',
    ])
  })

  it('row 1: asks for nothing but its own files', async () => {
    await one.page.reload()
    const addresses = one.requests.map((request) => request.url())
    expect(addresses.length).toBeGreaterThan(0)
    expect(addresses.filter((url) => !url.startsWith('app://desk/'))).toEqual([])
    expect(one.complaints).toEqual([])
  })

  it('rows 7 and 14: sends its policy with the page, and nothing for other addresses', async () => {
    const answers = await one.app.evaluate(async ({ session }) => {
      const pages = session.fromPartition('desk')
      const ask = async (url: string, method = 'GET') => {
        const answer = await pages.fetch(url, { method })
        return [answer.status, answer.headers.get('content-security-policy')?.slice(0, 18) ?? null]
      }
      return [
        await ask('app://desk/index.html'),
        await ask('app://desk/%2e%2e/main/index.cjs'),
        await ask('app://desk/..%2f..%2fpackage.json'),
        await ask('app://desk//etc/passwd'),
        await ask('app://desk/index.html', 'POST'),
      ]
    })
    const refused = [404, "default-src 'none'"]
    expect(answers).toEqual([[200, "default-src 'none'"], refused, refused, refused, refused])
  })

  it('row 7: runs no inline script, no handler in HTML and no eval', async () => {
    const found = await one.page.evaluate(async () => {
      const tried: Record<string, string> = {}
      const attempt = async (name: string, act: () => unknown): Promise<void> => {
        // Out of the driver's own call, which the policy does not bind.
        await new Promise<void>((done) =>
          setTimeout(() => {
            try {
              act()
              tried[name] = 'no error'
            } catch (error) {
              tried[name] = (error as Error).name
            }
            done()
          }),
        )
      }
      await attempt('eval', () => eval('window.touched = 1') as unknown)
      await attempt('function', () => (Reflect.construct(Function, ['window.touched = 2']) as () => void)())
      await attempt(
        'html',
        () =>
          void Reflect.set(document.body.appendChild(document.createElement('p')), 'innerHTML', '<b>x</b>'),
      )
      await attempt('script', () => {
        const script = document.createElement('script')
        script.append(document.createTextNode('window.touched = 3'))
        document.body.append(script)
      })
      await attempt('handler', () => {
        const button = document.createElement('button')
        button.setAttribute('onclick', 'window.touched = 4')
        document.body.append(button)
        button.click()
      })
      await attempt('address', () => {
        const link = document.createElement('a')
        link.href = 'javascript:window.touched = 5'
        document.body.append(link)
        link.click()
      })
      await new Promise((done) => setTimeout(done, 100))
      return { tried, touched: window.touched ?? null }
    })
    expect(found.touched).toBeNull()
    expect(found.tried).toMatchObject({ eval: 'EvalError', function: 'EvalError', html: 'TypeError' })
  })

  it('rows 13, 15 and 21: reaches no address from the page', async () => {
    const found = await one.page.evaluate(async () => {
      const image = (src: string) =>
        new Promise<string>((done) => {
          const one = new Image()
          one.onload = () => done('loaded')
          one.onerror = () => done('refused')
          one.src = src
        })
      const asked = (url: string) =>
        fetch(url).then(
          () => 'answered',
          () => 'refused',
        )
      const urls = [
        'http://127.0.0.1/',
        'https://example.org/',
        'file:///etc/passwd',
        'app://desk/index.html',
      ]
      const frame = document.createElement('iframe')
      document.body.append(frame)
      return {
        fetched: await Promise.all(urls.map(asked)),
        images: await Promise.all(['http://127.0.0.1/x.png', 'file:///usr/share/x.png'].map(image)),
        framed: Reflect.has(frame.contentWindow ?? {}, 'bridge'),
      }
    })
    expect(found).toEqual({
      fetched: ['refused', 'refused', 'refused', 'refused'],
      images: ['refused', 'refused'],
      framed: false,
    })
  })

  it('rows 9 and 10: opens no window and goes nowhere', async () => {
    const opened = await one.page.evaluate(() => [
      window.open('https://example.org/') === null,
      window.open('app://desk/index.html') === null,
      window.open('about:blank') === null,
    ])
    expect(opened).toEqual([true, true, true])
    const places = [
      'https://example.org/',
      'file:///etc/passwd',
      'app://print/report.html',
      'app://desk/none.html',
    ]
    for (const url of places) {
      await one.page.evaluate(goTo, url)
      expect(one.page.url()).toBe('app://desk/index.html')
    }
    // Chromium asks nobody before this one: the window comes back by itself.
    await one.page.evaluate(() => (window.touched = 6))
    await one.page.evaluate(goTo, 'about:blank').catch(() => undefined)
    const where = () => one.page.evaluate(() => [location.href, window.touched ?? null]).catch(() => null)
    await expect.poll(where).toEqual(['app://desk/index.html', null])
    await one.page.waitForLoadState()
    expect(await one.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })

  it('row 5: is refused every power it asks for', async () => {
    const found = await one.page.evaluate(async () => {
      const state = (name: string) =>
        navigator.permissions.query({ name: name as PermissionName }).then(
          (status) => status.state,
          () => 'denied',
        )
      const refused = (act: () => Promise<unknown>) =>
        act().then(
          () => 'given',
          () => 'refused',
        )
      return {
        states: await Promise.all(
          // Every name that this Chromium knows; one that it does not know is refused as well.
          [
            ...['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'clipboard-write'],
            ...['midi', 'background-sync', 'background-fetch', 'periodic-background-sync', 'push'],
            ...['idle-detection', 'screen-wake-lock', 'storage-access', 'window-management', 'local-fonts'],
            ...[
              'nfc',
              'payment-handler',
              'display-capture',
              'persistent-storage',
              'top-level-storage-access',
            ],
          ].map(state),
        ),
        camera: await refused(() => navigator.mediaDevices.getUserMedia({ video: true })),
        screen: await refused(() => navigator.mediaDevices.getDisplayMedia()),
        place: await refused(
          () => new Promise((done, fail) => navigator.geolocation.getCurrentPosition(done, fail)),
        ),
        clipboard: await refused(() => navigator.clipboard.readText()),
        devices: await Promise.all(
          (['usb', 'hid', 'serial', 'bluetooth'] as const).map((name) => {
            const device = Reflect.get(navigator, name) as
              | { requestDevice?: (o: object) => Promise<unknown>; requestPort?: () => Promise<unknown> }
              | undefined
            return refused(async () =>
              device?.requestPort === undefined
                ? device?.requestDevice?.({ filters: [], acceptAllDevices: true }).then((one: unknown) => {
                    if (Array.isArray(one) && one.length === 0) throw new Error('none')
                  })
                : device.requestPort(),
            ).then((came) => (device === undefined ? 'refused' : came))
          }),
        ),
      }
    })
    expect(found).toEqual({
      states: Array.from({ length: 21 }, () => 'denied'),
      camera: 'refused',
      screen: 'refused',
      place: 'refused',
      clipboard: 'refused',
      devices: ['refused', 'refused', 'refused', 'refused'],
    })
  })

  it('row 5: opens no dialog of its own, printing included, also from a frame of nothing', async () => {
    const found = await one.page.evaluate(() => {
      const frame = document.createElement('iframe')
      document.body.append(frame)
      const windows = [window, frame.contentWindow].filter((each) => each !== null)
      // Each would hold the page until somebody answers.
      const answers = windows.map((each) => {
        each.print()
        each.alert('the page')
        return each.confirm('the page?')
      })
      frame.remove()
      return answers
    })
    expect(found).toEqual([false, false])
  })

  it('row 5: has no files and no threads that outlive a page', async () => {
    const found = await one.page.evaluate(() => [
      ...['webkitRequestFileSystem', 'SharedWorker'].filter((name) => Reflect.has(window, name)),
      ...['getDirectory'].filter((name) => Reflect.has(navigator.storage, name)),
    ])
    expect(found).toEqual([])
  })
})

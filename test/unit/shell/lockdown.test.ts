import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { refusedPage } from '../../../main/report/refused.ts'
import { viewOf } from '../../../shared/text/say-failure.ts'
import {
  csp,
  headersOf,
  isOurs,
  mayAsk,
  mayFrame,
  mayNavigate,
  mayRequest,
  printCsp,
  printOptions,
  printOrigin,
  reportAsked,
  reportCsp,
  sheetAsked,
  switches,
  windowOptions,
} from '../../../main/shell/lockdown.ts'

describe('the policy of the pages', () => {
  it('is exactly this', () => {
    expect(csp).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
        "connect-src 'none'; frame-src app://report; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
        "require-trusted-types-for 'script'; sandbox allow-scripts allow-same-origin allow-forms",
    )
  })

  it('lets nothing run or load in a report: its own style, by its digest, and nothing else', () => {
    const digest = /'sha256-[A-Za-z0-9+/]{43}='/.exec(printCsp)?.[0] ?? ''
    const paper = `default-src 'none'; style-src ${digest}; base-uri 'none'; form-action 'none'; sandbox`
    expect(printCsp).toBe(`${paper}; frame-ancestors 'none'`)
    expect(reportCsp).toBe(`${paper}; frame-ancestors app://desk`)
    expect(`${csp}${printCsp}${reportCsp}`).not.toContain('unsafe')
  })

  it('names the style that a report has', () => {
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(refusedPage(viewOf('no-desk', {}))) ?? []
    expect(style.length).toBeGreaterThan(100)
    expect(printCsp).toContain(createHash('sha256').update(style).digest('base64'))
  })

  it('goes with every page', () => {
    expect(headersOf('text/html', csp)).toMatchObject({
      'Content-Security-Policy': csp,
      'X-Content-Type-Options': 'nosniff',
    })
  })
})

describe('windows', () => {
  it.each([
    ['the window', windowOptions('/preload.cjs', false)],
    ['the printed page', printOptions('print-1')],
  ])('%s is sandboxed, isolated and without Node', (_name, options) => {
    expect(options.webPreferences).toMatchObject({
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
    })
    expect(options.webPreferences?.partition).not.toMatch(/^persist:/)
    expect(options.show).toBe(false)
  })

  it('opens the tools that look inside only in a build that is driven', () => {
    expect(windowOptions('/preload.cjs', true).webPreferences?.devTools).toBe(true)
  })

  it('prints without script and without the bridge', () => {
    expect(printOptions('print-1').webPreferences).toMatchObject({ javascript: false })
    expect(printOptions('print-1').webPreferences).not.toHaveProperty('preload')
  })
})

describe('where a page may go', () => {
  it('stays on its page', () => expect(mayNavigate('app://desk/index.html')).toBe(true))

  it.each([
    'app://desk/',
    'app://desk/other.html',
    'app://desk/index.html?x',
    'app://desk/index.html#x',
    'app://desk.evil.example/index.html',
    'app://desk@evil.example/index.html',
    'app://print/index.html',
    'APP://desk/index.html',
    'https://desk/index.html',
    'file:///etc/passwd',
    'data:text/html,x',
    'javascript:alert(1)',
    'about:blank',
    'blob:app://desk/1',
    '',
  ])('does not go to %s', (url) => expect(mayNavigate(url)).toBe(false))
})

const id = '3fa3083b-7d3f-46ab-89d3-c38f88cab6ca'

describe('where a frame inside the page may go', () => {
  it.each([
    ['desk-card', { kind: 'desk-card' }],
    ['landing-card', { kind: 'landing-card' }],
    [`label-${id}`, { kind: 'label', id }],
    [`custody-${id}`, { kind: 'custody', id }],
    ['refused-7', { kind: 'refused', sequence: 7 }],
    ['certificate-M-0417', { kind: 'certificate', label: 'M-0417' }],
    ['statistics-2026-11', { kind: 'statistics', month: '2026-11' }],
    ['key-card-carol', { kind: 'key-card', person: 'carol' }],
    ['key-card-a%2Fb%40c', { kind: 'key-card', person: 'a/b@c' }],
  ] as const)('goes to the sheet %s', (name, sheet) => {
    expect(mayFrame(`app://report/${name}.html`)).toBe(true)
    expect(sheetAsked(`app://report/${name}.html`)).toEqual(sheet)
    expect(reportAsked(`app://report/${name}.html`)).toBeNull()
  })

  it.each([
    'app://report/desk-card.html?x',
    'app://report/desk-card',
    'app://desk/desk-card.html',
    'app://report/label-1.html',
    'app://report/key-card-.html',
    'app://report/refused-0.html',
    'app://report/certificate-a%2Fb.html',
    'app://report/certificate-.html',
    'app://report/statistics-2026-13.html',
    'app://report/refused-07.html',
    'app://report/refused-1e3.html',
    'app://report/refused-99999999999.html',
    'app://report/key-card-%3Cb%3E.html',
    'app://report/key-card-%E0%A4%A.html',
    'app://report/key-card-%FF.html',
    'app://report/key-card-a/b.html',
    `app://report/key-card-${'a'.repeat(201)}.html`,
    `app://report/other-${id}.html`,
  ])('finds no sheet at %s', (url) => {
    expect(mayFrame(url)).toBe(false)
    expect(sheetAsked(url)).toBeNull()
  })

  it('goes to a report', () => {
    expect(mayFrame(`app://report/${id}.html`)).toBe(true)
    expect(reportAsked(`app://report/${id}.html`)).toBe(id)
  })

  it.each([
    'app://desk/index.html',
    'app://print/report.html',
    `app://report/${id}`,
    `app://report/${id}.html?x`,
    `app://report/${id}.html#x`,
    `app://report/../${id}.html`,
    `app://report/${id.toUpperCase()}.html`,
    `app://report.evil.example/${id}.html`,
    `x-app://report/${id}.html`,
    'https://example.org/',
    'about:blank',
    'data:text/html,x',
    '',
  ])('does not go to %s', (url) => expect(mayFrame(url)).toBe(false))

  it('is no place for the page itself', () => expect(mayNavigate(`app://report/${id}.html`)).toBe(false))
})

describe('what a page may ask for', () => {
  it('asks for its own files and for images that it carries itself', () => {
    expect(mayRequest('app://desk/assets/index.js', 'script')).toBe(true)
    expect(mayRequest('data:image/png;base64,AA==', 'image')).toBe(true)
    expect(mayRequest('app://print/report.html', 'mainFrame', printOrigin)).toBe(true)
    expect(mayRequest(`app://report/${id}.html`, 'subFrame')).toBe(true)
  })

  it.each([
    ['https://example.org/', 'mainFrame'],
    ['http://127.0.0.1:80/', 'xhr'],
    ['ws://127.0.0.1/', 'webSocket'],
    ['file:///etc/passwd', 'mainFrame'],
    ['app://print/report.html', 'mainFrame'],
    [`app://report/${id}.html`, 'mainFrame'],
    [`app://report/${id}.html`, 'xhr'],
    ['app://report/other.html', 'subFrame'],
    ['app://desk', 'mainFrame'],
    ['app://desk.evil.example/', 'script'],
    ['data:text/html,x', 'mainFrame'],
    ['data:image/svg+xml,x', 'script'],
    ['data:text/javascript,x', 'image'],
    ['blob:app://desk/1', 'image'],
    ['devtools://devtools/bundled/inspector.html', 'mainFrame'],
    ['chrome://gpu/', 'mainFrame'],
  ])('does not ask for %s as %s', (url, kind) => expect(mayRequest(url, kind)).toBe(false))

  it('keeps the printed page from the app’s own, and from reports', () => {
    expect(mayRequest('app://desk/index.html', 'mainFrame', printOrigin)).toBe(false)
    expect(mayRequest(`app://report/${id}.html`, 'subFrame', printOrigin)).toBe(false)
  })
})

describe('powers', () => {
  it.each(
    (
      'clipboard-read clipboard-sanitized-write display-capture fullscreen geolocation hid idle-detection media ' +
      'mediaKeySystem midi midiSysex notifications openExternal pointerLock keyboardLock serial speaker-selection ' +
      'storage-access top-level-storage-access usb window-management fileSystem camera microphone bluetooth unknown'
    ).split(' '),
  )('refuses %s', (permission) => expect(mayAsk(permission)).toBe(false))
})

describe('who may call', () => {
  const ours = { url: 'app://desk/index.html', origin: 'app://desk', top: true, window: true }

  it('answers the main frame of our window', () => expect(isOurs(ours)).toBe(true))

  it.each([
    ['a frame that is gone', null],
    ['a frame inside', { ...ours, top: false }],
    ['another window', { ...ours, window: false }],
    ['another origin', { ...ours, origin: 'https://desk' }],
    ['an opaque origin', { ...ours, origin: 'null' }],
    ['a look-alike origin', { ...ours, origin: 'app://desk.evil.example' }],
    ['another address', { ...ours, url: 'about:blank' }],
    ['the printed page', { ...ours, url: 'app://print/report.html', origin: 'app://print' }],
    ['the report in its frame', { ...ours, url: `app://report/${id}.html`, origin: 'null', top: false }],
    ['a report on top', { ...ours, url: `app://report/${id}.html`, origin: 'app://report' }],
    ['a look-alike address', { ...ours, url: 'app://desk.evil.example/' }],
  ])('refuses %s', (_name, caller) => expect(isOurs(caller)).toBe(false))
})

it('lets Chromium resolve no name and reach no address', () => {
  expect(switches).toContainEqual(['host-resolver-rules', 'MAP * ~NOTFOUND'])
  expect(switches).toContainEqual(['proxy-bypass-list', '<-loopback>'])
})

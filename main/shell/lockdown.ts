import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron'
import type { Sheet } from '../../shared/calls/sheet.ts'
import { isName } from '../../shared/names.ts'
import { styleSource } from '../report/style.ts'

/*
 * Every security setting of the desktop app, as data and pure decisions. install.ts puts them in force. The default
 * of each decision is no. SECURITY.md explains each; the numbers are those of Electron's security checklist.
 */

/** The app's own pages. Nothing is ever loaded from anywhere else (1, 18). */
export const scheme = 'app'
export const origin = 'app://desk'
export const startPage = `${origin}/index.html`
/** The page that is printed. It lives in a session of its own and never meets the bridge. */
export const printOrigin = 'app://print'
export const printPage = `${printOrigin}/report.html`

/** What a frame of the window shows: of an origin that is nobody's, a page for each consignment and each sheet to print. */
export const reportOrigin = 'app://report'
const reportAddress = /^app:\/\/report\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.html$/

/** The consignment whose report an address is of, or `null`. */
export function reportAsked(url: string): string | null {
  return reportAddress.exec(url)?.[1] ?? null
}

const mediaAddress =
  /^app:\/\/report\/(label|custody)-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.html$/
const keyCardAddress = /^app:\/\/report\/key-card-((?:[A-Za-z0-9._-]|%[0-9A-F]{2}){1,600})\.html$/

const certificateAddress = /^app:\/\/report\/certificate-([A-Za-z0-9][A-Za-z0-9._-]{0,63})\.html$/
const statisticsAddress = /^app:\/\/report\/statistics-(\d{4}-(?:0[1-9]|1[0-2]))\.html$/
const refusedAddress = /^app:\/\/report\/refused-([1-9][0-9]{0,9})\.html$/

function personIn(escaped: string): string | null {
  try {
    const id = decodeURIComponent(escaped)
    return isName(id) ? id : null
  } catch {
    return null
  }
}

/** The sheet to print that an address is of, or `null`. */
export function sheetAsked(url: string): Sheet | null {
  if (url === `${reportOrigin}/desk-card.html`) return { kind: 'desk-card' }
  if (url === `${reportOrigin}/landing-card.html`) return { kind: 'landing-card' }
  const [, kind, id] = mediaAddress.exec(url) ?? []
  if (id !== undefined) return { kind: kind === 'label' ? 'label' : 'custody', id }
  const [, sequence] = refusedAddress.exec(url) ?? []
  if (sequence !== undefined) return { kind: 'refused', sequence: Number(sequence) }
  const [, label] = certificateAddress.exec(url) ?? []
  if (label !== undefined) return { kind: 'certificate', label }
  const [, month] = statisticsAddress.exec(url) ?? []
  if (month !== undefined) return { kind: 'statistics', month }
  const [, escaped] = keyCardAddress.exec(url) ?? []
  const person = escaped === undefined ? null : personIn(escaped)
  return person === null ? null : { kind: 'key-card', person }
}

/** Sessions without the `persist:` prefix are kept in memory only. */
export const windowPartition = 'desk'

/** Content Security Policy of the app's pages (7). */
export const csp = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  `frame-src ${reportOrigin}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  // Keeps its origin, scripts and forms; has no dialogs, printing, windows, downloads and locks of its own.
  'sandbox allow-scripts allow-same-origin allow-forms',
].join('; ')

// A report brings its one style in the page, and nothing that runs.
const paperCsp = `default-src 'none'; style-src ${styleSource}; base-uri 'none'; form-action 'none'; sandbox`
/** Content Security Policy of a page that is printed. */
export const printCsp = `${paperCsp}; frame-ancestors 'none'`
/** The same page in a frame of the window, and in no other. */
export const reportCsp = `${paperCsp}; frame-ancestors ${origin}`

/*
 * Powers that pages have no use for, taken away before a page can ask (5): some runtimes end when a page asks for a
 * device and nobody is there to choose one.
 */
const powersOff = [
  ...['camera', 'clipboard-read', 'display-capture', 'fullscreen', 'gamepad', 'geolocation'],
  ...['gyroscope', 'hid', 'idle-detection', 'local-fonts', 'magnetometer', 'microphone', 'midi', 'payment'],
  ...['publickey-credentials-get', 'screen-wake-lock', 'serial', 'usb', 'window-management'],
]
  .map((name) => `${name}=()`)
  .join(', ')

/** Headers of every page and asset that the app serves itself. */
export function headersOf(type: string, policy: string): Readonly<Record<string, string>> {
  return {
    'Content-Type': type,
    'Content-Security-Policy': policy,
    'Permissions-Policy': powersOff,
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  }
}

/** What every page of ours runs with, the printed one too (2 to 6, 8 to 12). */
const pagePreferences: WebPreferences = {
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
  disableBlinkFeatures: [
    // Pages ask main for places; Chromium's own pickers would lead round that.
    'FileSystemAccessLocal',
    // Pages keep nothing: what has a switch of its own is off, the rest lies in memory.
    ...['FileSystemAccessOriginPrivate', 'FileSystem', 'SharedWorker'],
  ].join(','),
  plugins: false,
  safeDialogs: true,
}

/** The one window. `driven`: this build is opened for tests by its fuse, so its pages may be inspected too. */
export function windowOptions(preload: string, driven: boolean): BrowserWindowConstructorOptions {
  return {
    width: 1280,
    height: 800,
    minWidth: 320,
    minHeight: 400,
    show: false,
    title: 'Sallyport',
    autoHideMenuBar: true,
    webPreferences: { ...pagePreferences, preload, partition: windowPartition, devTools: driven },
  }
}

/** The hidden window that a report or sheet is printed from: no script, no bridge, a session that is used once. */
export function printOptions(partition: string): BrowserWindowConstructorOptions {
  return {
    show: false,
    webPreferences: { ...pagePreferences, javascript: false, partition, devTools: false },
  }
}

/** Whether a page may go to `url` by itself (13): only where it is already, which is a reload. */
export function mayNavigate(url: string): boolean {
  return url === startPage
}

/** Whether a frame inside a page may go to `url`: only to a report or a sheet. */
export function mayFrame(url: string): boolean {
  return reportAsked(url) !== null || sheetAsked(url) !== null
}

/** Whether a page may ask for `url` (15, and no network whatever the page does). */
export function mayRequest(url: string, kind: string, own: string = origin): boolean {
  if (url.startsWith(`${own}/`)) return true
  if (own === origin && kind === 'subFrame' && mayFrame(url)) return true
  return kind === 'image' && url.startsWith('data:image/')
}

// Powers of the computer that a page may use, by the names that Chromium has for them (5): none.
const powers: readonly string[] = []

/** Whether a page may use a power of the computer, by the name that Chromium has for it. */
export function mayAsk(permission: string): boolean {
  return powers.includes(permission)
}

/** No rule of a page binds WebRTC: without this a page could send UDP to any address (21). */
export const rtcPolicy = 'disable_non_proxied_udp'

/** The frame that a call comes from, as far as it matters. */
export interface Caller {
  readonly url: string
  readonly origin: string
  /** The main frame, not a frame inside it. */
  readonly top: boolean
  /** A frame of our window, not of another. */
  readonly window: boolean
}

/** Whether a call may be answered (17). Decided before anything of it is parsed. */
export function isOurs(caller: Caller | null): boolean {
  if (caller === null) return false
  return caller.top && caller.window && caller.origin === origin && caller.url.startsWith(`${origin}/`)
}

/**
 * Switches of Chromium that are set before it starts: no name is resolved, every address goes to a proxy that is not
 * there, nothing is fetched by itself. Main's own connections do not pass here but through platform/network.ts.
 */
export const switches: readonly (readonly [string, string?])[] = [
  ['host-resolver-rules', 'MAP * ~NOTFOUND'],
  ['proxy-server', 'http://127.0.0.1:1'],
  ['proxy-bypass-list', '<-loopback>'],
  ['disable-background-networking'],
  ['disable-component-update'],
  ['disable-domain-reliability'],
  ['disable-http-cache'],
  ['no-pings'],
]

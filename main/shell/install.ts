import { app, Menu, protocol, type Session, type WebContents } from 'electron'
import { mayAsk, mayFrame, mayNavigate, mayRequest, origin, rtcPolicy, scheme, switches } from './lockdown.ts'

/** Holds one page: it goes nowhere, opens nothing and holds no other page but a report. */
function guard(contents: WebContents): void {
  contents.setWebRTCIPHandlingPolicy(rtcPolicy)
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-navigate', (event) => {
    if (!mayNavigate(event.url)) event.preventDefault()
  })
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame ? !mayNavigate(event.url) : !mayFrame(event.url)) event.preventDefault()
  })
}

/** What must be in force before Electron is ready. */
export function lockProcess(): void {
  app.enableSandbox()
  for (const [name, value] of switches) app.commandLine.appendSwitch(name, value)
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: false, stream: false } },
  ])
  app.on('web-contents-created', (_event, contents) => guard(contents))
}

/** What a session of pages may do: ask for addresses below `own`, and nothing else. */
export function lockSession(session: Session, own: string = origin): void {
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !mayRequest(details.url, details.resourceType, own) })
  })
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(mayAsk(permission)))
  session.setPermissionCheckHandler((_contents, permission) => mayAsk(permission))
  session.setDevicePermissionHandler((details) => mayAsk(details.deviceType))
  session.on('will-download', (event) => event.preventDefault())
  session.setSpellCheckerEnabled(false)
  // Dictionaries would otherwise come from the network as soon as somebody turns the checker on.
  session.setSpellCheckerDictionaryDownloadURL(`${origin}/none/`)
}

/** Copy, paste, zoom and closing by keyboard; no reload and no tools that look inside. */
export function installMenu(): void {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(process.platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
      {
        label: 'Edit',
        submenu: [
          { role: 'undo' },
          { role: 'redo' },
          { type: 'separator' },
          { role: 'cut' },
          { role: 'copy' },
          { role: 'paste' },
          { role: 'selectAll' },
        ],
      },
      {
        label: 'View',
        submenu: [
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { role: 'togglefullscreen' },
        ],
      },
      { label: 'Window', submenu: [{ role: 'minimize' }, { role: 'close' }] },
    ]),
  )
}

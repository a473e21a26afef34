import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Session } from 'electron'
import { assetFor, listAssets } from './assets.ts'
import { csp, headersOf, scheme } from './lockdown.ts'

const nothing = (): Response => new Response(null, { status: 404, headers: headersOf('text/plain', csp) })

/** Serves the app's own pages from `folder` under `app://desk/`: GET only, only what was there at the start. */
export function servePages(session: Session, folder: string): void {
  const known = listAssets(folder)
  session.protocol.handle(scheme, async (request) => {
    const asset = request.method === 'GET' ? assetFor(request.url, known) : null
    if (asset === null) return nothing()
    try {
      const bytes = await readFile(join(folder, asset.path))
      return new Response(bytes, { headers: headersOf(asset.type, csp) })
    } catch {
      return nothing()
    }
  })
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Session as Pages } from 'electron'
import type { Session } from '../desk/session.ts'
import { assetFor, listAssets } from './assets.ts'
import { csp, headersOf, reportAsked, reportCsp, scheme } from './lockdown.ts'

const nothing = (): Response => new Response(null, { status: 404, headers: headersOf('text/plain', csp) })

/** A report as a page that shows and does nothing; where there is none, why not. */
async function reportFor(desk: Promise<Session>, id: string): Promise<Response> {
  const answer = await (await desk).answer('report.show', { id })
  const { refusedPage } = await import('../report/refused.ts')
  const page = answer.ok ? String(answer['html']) : refusedPage(answer.failure)
  return new Response(page, { headers: headersOf('text/html; charset=utf-8', reportCsp) })
}

/**
 * Serves the app's own pages from `folder` under `app://desk/`, and the reports of `desk` under `app://report/`: GET
 * only, only what was there at the start.
 */
export function servePages(pages: Pages, folder: string, desk: Promise<Session>): void {
  const known = listAssets(folder)
  pages.protocol.handle(scheme, async (request) => {
    const asked = request.method === 'GET' ? reportAsked(request.url) : null
    if (asked !== null) return reportFor(desk, asked)
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

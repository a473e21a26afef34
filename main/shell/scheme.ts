import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Session as Pages } from 'electron'
import type { CallName } from '../../shared/contract.ts'
import type { Session } from '../desk/session.ts'
import { assetFor, listAssets } from './assets.ts'
import { csp, headersOf, reportAsked, reportCsp, scheme, sheetAsked } from './lockdown.ts'

const nothing = (): Response => new Response(null, { status: 404, headers: headersOf('text/plain', csp) })

/** What is to be asked for the page of an address in a frame; `null` where it is none. */
function paperAsked(url: string): readonly [call: CallName, input: object] | null {
  const id = reportAsked(url)
  if (id !== null) return ['report.show', { id }]
  const sheet = sheetAsked(url)
  return sheet === null ? null : ['sheet.show', { sheet }]
}

/** A report or sheet as a page that shows and does nothing; where there is none, why not. */
async function paperFor(desk: Promise<Session>, call: CallName, input: object): Promise<Response> {
  const answer = await (await desk).answer(call, input)
  const { refusedPage } = await import('../report/refused.ts')
  const page = answer.ok ? String(answer['html']) : refusedPage(answer.failure)
  return new Response(page, { headers: headersOf('text/html; charset=utf-8', reportCsp) })
}

/**
 * Serves the app's own pages from `folder` under `app://desk/`, and the reports and sheets of `desk` under
 * `app://report/`: GET only, only what was there at the start.
 */
export function servePages(pages: Pages, folder: string, desk: Promise<Session>): void {
  const known = listAssets(folder)
  pages.protocol.handle(scheme, async (request) => {
    const asked = request.method === 'GET' ? paperAsked(request.url) : null
    if (asked !== null) return paperFor(desk, ...asked)
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

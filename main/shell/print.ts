import { randomUUID } from 'node:crypto'
import { BrowserWindow, session as sessions } from 'electron'
import type { PrintMarks } from '../desk/work/context.ts'
import { lockSession } from './install.ts'
import { headersOf, printCsp, printOptions, printOrigin, printPage, scheme } from './lockdown.ts'

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const text = (value: string): string => value.replace(/[&<>"]/g, (found) => entities[found] ?? '')

const pageSizes = { a4: 'A4', letter: 'Letter' } as const

const band = 'width:100%; padding:0 15mm; font:8px/1.35 sans-serif; color:#000; text-align:center;'
const mono = 'font-family:monospace; font-size:6.5px;'

/** Top and bottom of each printed page: the marking, the transfer, the page, the record and the ledger's head. */
export function bands(marks: PrintMarks): { readonly header: string; readonly footer: string } {
  const marking = `<b>${text(marks.marking)}</b>`
  return {
    header: `<div style="${band}">${marking}<br>${text(marks.name)}</div>`,
    footer:
      `<div style="${band}"><span style="${mono}">record ${text(marks.record)}</span><br>` +
      `<span style="${mono}">ledger ${text(marks.ledger)}</span><br>` +
      `page <span class="pageNumber"></span> of <span class="totalPages"></span><br>${marking}</div>`,
  }
}

/** The `print` port of a session: HTML to PDF, in a hidden window where nothing can run. */
export async function printPdf(html: string, marks: PrintMarks): Promise<Uint8Array> {
  const partition = `print-${randomUUID()}`
  const own = sessions.fromPartition(partition)
  lockSession(own, printOrigin)
  own.protocol.handle(scheme, (request) => {
    const found = request.method === 'GET' && request.url === printPage
    const headers = headersOf('text/html; charset=utf-8', printCsp)
    return new Response(found ? html : null, { status: found ? 200 : 404, headers })
  })
  const window = new BrowserWindow(printOptions(partition))
  try {
    await window.loadURL(printPage)
    const { header, footer } = bands(marks)
    return await window.webContents.printToPDF({
      pageSize: pageSizes[marks.paper],
      printBackground: true,
      displayHeaderFooter: true,
      headerTemplate: header,
      footerTemplate: footer,
      // Inches.
      margins: { top: 0.8, bottom: 1, left: 0.6, right: 0.6 },
    })
  } finally {
    window.destroy()
    own.protocol.unhandle(scheme)
  }
}

import { randomUUID } from 'node:crypto'
import { BrowserWindow, session as sessions, type WebContents } from 'electron'
import type { PrintMarks } from '../desk/work/context.ts'
import { Failure } from '../platform/failure.ts'
import { lockSession } from './install.ts'
import { headersOf, printCsp, printOptions, printOrigin, printPage, scheme } from './lockdown.ts'

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const text = (value: string): string => value.replace(/[&<>"]/g, (found) => entities[found] ?? '')

const pageSizes = { a4: 'A4', letter: 'Letter' } as const

/** Inches. */
const margins = { top: 0.8, bottom: 1, left: 0.6, right: 0.6 } as const

const points = (inches: number): number => Math.round(inches * 72)

const band = 'width:100%; padding:0 15mm; font:8px/1.35 sans-serif; color:#000; text-align:center;'
const mono = 'font-family:monospace; font-size:6.5px;'

/** Top and bottom of each page of a PDF: the marking, the transfer, the page, the record and the ledger's head. */
export function bands(marks: PrintMarks): { readonly header: string; readonly footer: string } {
  const marking = `<b>${text(marks.marking)}</b>`
  const record = marks.record === null ? '' : `<span style="${mono}">record ${text(marks.record)}</span><br>`
  return {
    header: `<div style="${band}">${marking}<br>${text(marks.name)}</div>`,
    footer:
      `<div style="${band}">${record}` +
      `<span style="${mono}">ledger ${text(marks.ledger)}</span><br>` +
      `page <span class="pageNumber"></span> of <span class="totalPages"></span><br>${marking}</div>`,
  }
}

/** The same for a printer, whose driver takes one line each of plain text and counts the pages itself. */
export function bandLines(marks: PrintMarks): { readonly header: string; readonly footer: string } {
  const { marking, name, record, ledger } = marks
  return {
    header: `${marking} · ${name}`,
    footer: `${marking} · ${record === null ? `ledger ${ledger}` : `record ${record}`}`,
  }
}

/** Does something with a page in a hidden window where nothing can run, then forgets it. */
async function withPage<T>(html: string, act: (contents: WebContents) => Promise<T>): Promise<T> {
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
    return await act(window.webContents)
  } finally {
    window.destroy()
    own.protocol.unhandle(scheme)
  }
}

/** The `print` port of a session: HTML to PDF. */
export function printPdf(html: string, marks: PrintMarks): Promise<Uint8Array> {
  return withPage(html, (contents) => {
    const { header, footer } = bands(marks)
    return contents.printToPDF({
      pageSize: pageSizes[marks.paper],
      printBackground: true,
      displayHeaderFooter: true,
      headerTemplate: header,
      footerTemplate: footer,
      margins,
    })
  })
}

function byDialog(contents: WebContents, marks: PrintMarks): Promise<boolean> {
  const { top, bottom, left, right } = margins
  return new Promise((done, fail) => {
    contents.print(
      {
        // The dialog of the system comes first, always: a person chooses the printer, or none.
        silent: false,
        printBackground: true,
        pageSize: pageSizes[marks.paper],
        margins: {
          marginType: 'custom',
          top: points(top),
          bottom: points(bottom),
          left: points(left),
          right: points(right),
        },
        ...bandLines(marks),
      },
      (printed, reason) => {
        if (printed || /cancel/i.test(reason)) done(printed)
        else fail(new Failure('print-failed', { found: reason === '' ? 'no reason is known' : reason }))
      },
    )
  })
}

/** The `printOut` port of a session: HTML to the system's print dialog. One at a time: whoever asks more gets no dialog. */
export function printing(): (html: string, marks: PrintMarks) => Promise<boolean> {
  let asking = false
  return async (html, marks) => {
    if (asking) return false
    asking = true
    try {
      return await withPage(html, (contents) => byDialog(contents, marks))
    } finally {
      asking = false
    }
  }
}

import { statisticText, statisticWords } from '../../shared/text/statistics.ts'
import type { Statistics } from '../../shared/statistics.ts'
import { cell } from '../platform/csv-cell.ts'
import { documentOf } from './document.ts'
import { code, facts, html, inkRows, table } from './html.ts'

/** The desk whose month it is. */
export interface MonthOfDesk {
  readonly name: string
  readonly id: string
  readonly side: 'low' | 'high'
  readonly marking: string
  readonly size: number
  readonly root: string
}

/** The numbers of a month as a table for a spreadsheet. */
export function statisticsTable({ month, lines }: Statistics, desk: MonthOfDesk): string {
  const head = ['month', 'desk', 'statistic', 'meaning', 'value']
  const rows = lines.map(({ id, value }) => [month, desk.name, id, statisticWords[id], value])
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

/** The numbers of a month as a sheet, with a place for the signature of whoever looked through the ledger. */
export function statisticsSheet({ month, whole, lines }: Statistics, desk: MonthOfDesk): string {
  const rows = lines.map(({ id, value }) => ({ cells: [statisticWords[id], statisticText(id, value)] }))
  const main = html`<h1>${month} at ${desk.name}${whole ? '' : ', so far'}</h1>
    <div class="answer">
      ${facts([
        ['Desk', `${desk.name}, ${desk.side}`],
        ['', code(desk.id)],
        [`Ledger, ${desk.size} events`, code(desk.root)],
      ])}
    </div>
    <p>
      Counted from the ledger, by the times that this computer claimed (UTC). What it does not have is not
      counted.
    </p>
    ${table(['What', 'Number'], rows)}
    <div class="whole">
      <h2>Signed by hand</h2>
      <p>I recomputed the ledger and compared a sample of these transfers with their records.</p>
      ${table(['Name', 'Role', 'Sample or all', 'Signature', 'Date'], inkRows(5, 2), 'ink signatures')}
    </div>`
  return documentOf(`Statistics of ${month}, ${desk.name}`, desk.marking, main)
}

import type { ItemComponents } from '../../shared/components.ts'
import { answerWords, changeLine, doubtWords } from '../../shared/text/components.ts'
import { code, html, id, named, plural, table, type Html } from './html.ts'
import type { CrossingRecord } from './record.ts'

const answers = {
  new: 'new',
  identical: 'identical',
  same: 'same',
  differs: 'differs',
  'not-known': 'NOT KNOWN',
} as const

function sinceOf({ against, destinations }: ItemComponents): Html[] {
  const to = destinations.map((desk) => named('For', desk))
  if (against === null) return to
  const { sequence, at, waybill } = against
  return [...to, html`${named('Since', waybill)} number ${sequence ?? '–'}, ${at}`]
}

/** What changed inside each item since the last one of its name. */
export function inside({ components }: CrossingRecord): Html {
  const rows = components.map((item) => ({
    cells: [code(item.name), answers[item.answer], answerWords(item)],
    under: [
      ...sinceOf(item),
      ...item.doubts.map((doubt) => html`<b>Not known</b> ${doubtWords(doubt)}`),
      ...item.documents.map(
        ({ side, blob, format, by, compared }) =>
          html`${named(side === 'now' ? 'Now' : 'Before', blob)} ${format ?? 'not read'}, signed by
          ${by ?? 'nobody known'}${compared ? '' : ', NOT COMPARED'}`,
      ),
      ...item.changes.map((change) => id(changeLine(change))),
      ...(item.left === 0 ? [] : [html`${plural(item.left, 'change')} more, not listed here`]),
    ],
  }))
  return html`<h2>What changed inside</h2>
    <p>
      By bills of materials that somebody known to this desk signed, by package and version, since the last
      item of the same name. What they do not list, nobody compared.
    </p>
    ${table(['Item', 'State', 'What'], rows)}`
}

import type { ItemComponents } from '../../shared/components.ts'
import { answerWords, changeWords, doubtWords } from '../../shared/text/components.ts'
import { cell } from '../platform/csv-cell.ts'

const heads = ['row', 'item', 'digest', 'against', 'destination', 'what', 'purl', 'before', 'now'] as const

function rowsOf(item: ItemComponents): string[][] {
  const { name, root, against, destinations } = item
  const first = [name, root, against?.waybill ?? '', destinations.join(' ')]
  const left = item.left === 0 ? [] : [['cut', ...first, `${item.left} more are not listed`, '', '', '']]
  return [
    ['answer', ...first, answerWords(item), '', '', ''],
    ...item.doubts.map((doubt) => ['unknown', ...first, doubtWords(doubt), doubt.about.join(' '), '', '']),
    ...item.documents.map(({ side, blob, format, by, compared }) => {
      const signed = `${side}: ${format ?? 'not read'}, ${by ?? 'nobody known'}`
      return ['document', ...first, `${signed}${compared ? '' : ', NOT COMPARED'}`, blob, '', '']
    }),
    ...item.changes.map(({ kind, purl, before, now }) => {
      return ['change', ...first, changeWords[kind], purl, before.join(' '), now.join(' ')]
    }),
    ...left,
  ]
}

/** What changed inside items, as a table: a row for each answer, each thing that is not known, each document, each package. */
export function componentsTable(items: readonly ItemComponents[]): string {
  return [[...heads], ...items.flatMap(rowsOf)].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

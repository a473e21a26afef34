import { canonical } from '../../platform/json.ts'
import { cell } from '../../platform/csv-cell.ts'
import type { Engine, KitFile, KitItem } from './kit-facts.ts'
import { rulesNotHeld, strangeNames } from './not-expressed.ts'
import { inOrder, sorted } from './places.ts'

const pinned = ({ repository, digest }: KitItem): string => `${repository}@${digest}`

/** One canonical JSON object a line, `{digest, from, pinned}`, in order, each once. */
function lockFile(items: readonly KitItem[]): KitFile {
  const lines = items.map((item) =>
    canonical({ digest: item.digest, from: item.from, pinned: pinned(item) }).toString('utf8'),
  )
  const ordered = inOrder(lines)
  return { path: 'images.lock', bytes: Buffer.from(ordered.map((line) => `${line}\n`).join('')) }
}

/** RFC 4180. What a spreadsheet would run has an apostrophe before it. */
function tableFile(items: readonly KitItem[]): KitFile {
  const head = ['kind', 'from', 'to', 'pinned', 'digest', 'platforms']
  const rows = items.map((item) =>
    [
      item.kind,
      item.from,
      item.tag === null ? item.repository : `${item.repository}:${item.tag}`,
      pinned(item),
      item.digest,
      item.platforms.join(' '),
    ]
      .map(cell)
      .join(','),
  )
  const text = [head.map(cell).join(','), ...inOrder(rows)].map((line) => `${line}\r\n`).join('')
  return { path: 'relocation.csv', bytes: Buffer.from(text) }
}

/** Plain lists: what landed, and what it was called. They check nothing. */
export const lock: Engine = (facts) => {
  const { items, strange } = sorted(facts)
  return {
    versions: 'every program that reads lines of JSON, or a table',
    files: [lockFile(items), tableFile(items)],
    steps: [
      'images.lock has one image a line: the name to write into charts and manifests (pinned), its digest, and what it was called (from).',
      'relocation.csv has the same for people and spreadsheets.',
      'The lists make nothing safe: nobody is stopped from running something else. Check the signature of the kit before you use them.',
    ],
    notExpressed: [...strangeNames(strange), ...rulesNotHeld(facts, 'nothing')],
  }
}

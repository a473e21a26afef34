import type { CallOutput } from '../../../shared/contract.ts'
import type { ConsignmentQuestion } from '../../../shared/consignments.ts'
import type { ConsignmentLine, ConsignmentState } from '../../../shared/views.ts'
import type { Desk } from '../desk.ts'
import { consignmentLine } from './consignment.ts'

/** The consignments that match words and state. */
export function filtered(
  lines: readonly ConsignmentLine[],
  text: string,
  state: ConsignmentState | null,
): readonly ConsignmentLine[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '' && state === null) return lines
  return lines.filter((line) => {
    if (state !== null && line.state !== state) return false
    const { name, sender, sequence, waybill, channel, id } = line
    return [name, sender?.name, channel, waybill, id, String(sequence ?? '')].some((part) =>
      part?.toLowerCase().includes(wanted),
    )
  })
}

type Sort = NonNullable<ConsignmentQuestion['sort']>

const keys: Readonly<Record<Sort['key'], (line: ConsignmentLine) => string | number>> = {
  name: (line) => line.name,
  sender: (line) => line.sender?.name ?? '',
  sequence: (line) => line.sequence ?? -1,
  state: (line) => line.state,
  verdict: (line) => line.outcome ?? '',
  bytes: (line) => line.bytes,
  updated: (line) => line.updated,
}

/** The same in another order; equal ones stay as they are. */
export function sorted(lines: readonly ConsignmentLine[], sort: Sort): readonly ConsignmentLine[] {
  const keyOf = keys[sort.key]
  const turn = sort.down ? -1 : 1
  return lines
    .map((line) => ({ line, key: keyOf(line) }))
    .sort((a, b) => (a.key < b.key ? -turn : a.key > b.key ? turn : 0))
    .map(({ line }) => line)
}

interface Matching {
  /** Events and question that it was made for. */
  readonly of: string
  readonly found: readonly ConsignmentLine[]
  readonly size: number
  readonly states: CallOutput<'consignment.list'>['states']
}

const newest = new WeakMap<Desk, Matching>()

// A table asks for window after window of one answer: it is made once for each question and state of the ledger.
function matching(desk: Desk, { text, state, sort }: ConsignmentQuestion): Matching {
  const of = JSON.stringify([desk.lines.size, text, state, sort])
  const known = newest.get(desk)
  if (known?.of === of) return known
  const all = [...desk.state.consignments.values()].filter((one) => !one.collecting).reverse()
  const counts = new Map<ConsignmentState, number>()
  for (const one of all) counts.set(one.state, (counts.get(one.state) ?? 0) + 1)
  const lines = filtered(
    all.map((one) => consignmentLine(desk, one)),
    text,
    state,
  )
  const made = {
    of,
    found: sort === null ? lines : sorted(lines, sort),
    size: all.length,
    states: [...counts].map(([one, count]) => ({ state: one, count })),
  }
  newest.set(desk, made)
  return made
}

/** A window of the consignments that match. What is being collected is a job: it is none before its waybill is made. */
export function consignmentPage(desk: Desk, question: ConsignmentQuestion): CallOutput<'consignment.list'> {
  const { found, size, states } = matching(desk, question)
  const { from, count } = question
  return { size, matching: found.length, consignments: found.slice(from, from + count), states }
}

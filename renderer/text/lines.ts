import type { ConsignmentLine, ConsignmentState } from '../../shared/views.ts'

/** The consignments that match words and state. */
export function filtered(
  lines: readonly ConsignmentLine[],
  text: string,
  state: ConsignmentState | '',
): readonly ConsignmentLine[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '' && state === '') return lines
  return lines.filter((line) => {
    if (state !== '' && line.state !== state) return false
    const { name, sender, sequence, waybill, channel, id } = line
    return [name, sender?.name, channel, waybill, id, String(sequence ?? '')].some((part) =>
      part?.toLowerCase().includes(wanted),
    )
  })
}

const keys: Readonly<Record<string, (line: ConsignmentLine) => string | number>> = {
  name: (line) => line.name,
  sender: (line) => line.sender?.name ?? '',
  sequence: (line) => line.sequence ?? -1,
  state: (line) => line.state,
  verdict: (line) => line.outcome ?? '',
  bytes: (line) => line.bytes,
  updated: (line) => line.updated,
}

/** The same in another order; equal ones stay as main gave them. */
export function sorted(
  lines: readonly ConsignmentLine[],
  sort: { readonly key: string; readonly down: boolean },
): readonly ConsignmentLine[] {
  const keyOf = keys[sort.key]
  if (keyOf === undefined) return lines
  const turn = sort.down ? -1 : 1
  return lines
    .map((line) => ({ line, key: keyOf(line) }))
    .sort((a, b) => (a.key < b.key ? -turn : a.key > b.key ? turn : 0))
    .map(({ line }) => line)
}

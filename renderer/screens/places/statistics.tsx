import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import { statisticText, statisticWords } from '../../../shared/text/statistics.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Frame } from '../../parts/frame.tsx'
import { SavedFiles } from '../../parts/saved.tsx'
import { Select } from '../../parts/select.tsx'
import { Table } from '../../parts/table.tsx'
import { useMirror, useNow } from '../../state/mirror.ts'
import { useStatistics } from '../../state/register.ts'
import { useSaving } from '../../state/saving.ts'
import { SheetPage, statisticsOf } from '../sheet.tsx'

/** The months since the desk was made, the newest first; at most ten years of them. */
function monthsBetween(first: string, last: string): string[] {
  const months: string[] = []
  for (let at = new Date(`${last}-01T00:00:00Z`); months.length < 120; at.setUTCMonth(at.getUTCMonth() - 1)) {
    const month = at.toISOString().slice(0, 7)
    if (month < first) break
    months.push(month)
  }
  return months
}

/** The numbers of a month, to be saved and printed. */
export function StatisticsPage({ done }: { readonly done: () => void }): ReactNode {
  const [chosen, setChosen] = useState<string | null>(null)
  const [printed, setPrinted] = useState(false)
  const [failed, setFailed] = useState<FailureView | null>(null)
  const created = useMirror((mirror) => mirror.desk?.card.created ?? '')
  const now = useNow()
  const { value, failure } = useStatistics(chosen)
  const saving = useSaving(setFailed)
  const month = value?.month ?? now.slice(0, 7)
  if (printed)
    return (
      <SheetPage shown={statisticsOf(month)} back="Back to the statistics" done={() => setPrinted(false)} />
    )
  const months = monthsBetween(created.slice(0, 7), [now.slice(0, 7), month].sort().at(-1) ?? month)
  const save = (): void =>
    saving.save({ purpose: 'report', intent: 'save', format: 'csv', name: `statistics-${month}` }, (place) =>
      call('statistics.save', { month, place }),
    )
  return (
    <Frame
      heading={`What this desk did in ${month}${value === null || value.whole ? '' : ', so far'}`}
      means="Only what the ledger has is counted."
      reading
      next="Next: print it, and sign that the ledger was looked through."
      acts={
        <>
          <Act onPress={done}>Back to the register</Act>
          <Act onPress={save}>Save CSV…</Act>
          <Act kind="primary" onPress={() => setPrinted(true)}>
            Print…
          </Act>
        </>
      }
    >
      <FailureBox failure={failed ?? failure} />
      <SavedFiles saved={saving.saved} />
      <Select
        label="Month"
        value={month}
        options={(months.includes(month) ? months : [month, ...months]).map((one) => [one, one])}
        onChange={setChosen}
      />
      <Table label="Numbers of the month" heads={['What', { number: 'Number' }]}>
        {(value?.lines ?? []).map(({ id, value: number }) => (
          <tr key={id}>
            <th scope="row">{statisticWords[id]}</th>
            <td className="number">{statisticText(id, number)}</td>
          </tr>
        ))}
      </Table>
    </Frame>
  )
}

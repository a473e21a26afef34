import { useState, type ReactNode } from 'react'
import type { EventLine } from '../../../shared/ledger.ts'
import { Act } from '../../parts/act.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Field } from '../../parts/field.tsx'
import { LongTable, type Column, type Sort } from '../../parts/long-table.tsx'
import { Select } from '../../parts/select.tsx'
import { useEvents } from '../../state/events.ts'
import { amount, time } from '../../text/format.ts'
import { LedgerEvent } from './ledger-event.tsx'

const columnsFor = (show: (event: EventLine) => void): readonly Column<EventLine>[] => [
  {
    key: 'sequence',
    title: 'Number',
    width: 9,
    number: true,
    sorts: true,
    cell: (event) => (
      <Act kind="link" onPress={() => show(event)}>
        <span className="hidden">Show event </span>
        {event.sequence}
      </Act>
    ),
  },
  { key: 'at', title: 'Time, not confirmed', width: 19, cell: ({ at }) => time(at) },
  { key: 'who', title: 'Who', width: 12, cell: ({ who }) => who },
  {
    key: 'sentence',
    title: 'What happened',
    width: 46,
    cell: ({ sentence }) => <span title={sentence}>{sentence}</span>,
  },
  { key: 'type', title: 'Type', width: 14, cell: ({ type }) => <code className="small">{type}</code> },
]

/** The events of the ledger as a table to filter, and one of them in full. */
export function LedgerEvents({ size }: { readonly size: number }): ReactNode {
  const [text, setText] = useState('')
  const [type, setType] = useState('')
  const [sort, setSort] = useState<Sort>({ key: 'sequence', down: true })
  const [shown, setShown] = useState<EventLine | null>(null)
  const asked = { newestFirst: sort.down, text, type: type === '' ? null : type }
  const events = useEvents(asked, size)
  const matching = events.answer?.matching ?? 0
  const filtered = text.trim() !== '' || type !== ''
  return (
    <section aria-labelledby="events">
      <h2 id="events">Events</h2>
      <div className="filters">
        <Field label="Find" value={text} onChange={setText} hint="A name, a word, a number or a digest." />
        <Select
          label="Type"
          value={type}
          onChange={setType}
          options={[
            ['', 'All types'],
            ...(events.answer?.types ?? []).map(
              (one) => [one.type, `${one.title} (${amount(one.count)})`] as const,
            ),
          ]}
        />
        <p role="status">
          {filtered ? `${amount(matching)} of ${amount(size)} events` : `${amount(size)} events`}
        </p>
      </div>
      <FailureBox failure={events.failure} />
      {matching === 0 && filtered ? (
        <p>No event matches. Clear the words or choose all types.</p>
      ) : (
        <LongTable
          label="Table of events"
          columns={columnsFor(setShown)}
          count={matching}
          rowAt={events.at}
          keyOf={(event) => String(event.sequence)}
          sort={sort}
          onSort={setSort}
          about={`${text}|${type}|${sort.down}`}
          onDrawn={events.need}
        />
      )}
      {shown === null ? null : <LedgerEvent event={shown} onClose={() => setShown(null)} />}
    </section>
  )
}

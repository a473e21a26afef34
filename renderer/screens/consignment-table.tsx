import { useState, type ReactNode } from 'react'
import type { ConsignmentQuestion } from '../../shared/consignments.ts'
import type { CallOutput } from '../../shared/contract.ts'
import type { ConsignmentLine, ConsignmentState } from '../../shared/views.ts'
import { Act } from '../parts/act.tsx'
import { Badge, PlainBadge } from '../parts/badge.tsx'
import { FailureBox } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { LongTable, type Column, type Sort } from '../parts/long-table.tsx'
import { Select } from '../parts/select.tsx'
import { useConsignments } from '../state/consignments.ts'
import { many } from '../state/mirror.ts'
import { go, type Step } from '../state/view.ts'
import { amount, size, time } from '../text/format.ts'
import { nextWords, stateWords } from '../text/words.ts'

function Verdict({ line }: { readonly line: ConsignmentLine }): ReactNode {
  if (line.revoked.length > 0) return <Badge result="fail" text="Key revoked" />
  if (line.outcome === null) return <PlainBadge text="No verdict" />
  if (line.outcome === 'passed') return <Badge result="pass" text="Passed" />
  if (line.outcome === 'not-checked') return <Badge result="not-checked" text="Not checked" />
  return <Badge result="fail" text={line.outcome === 'refused' ? 'Refused or held' : 'Failed'} />
}

/** The page on which the work on a low desk’s consignment goes on. */
function lowPage(state: ConsignmentState): Step {
  if (state === 'collected' || state === 'signing') return 'approve'
  if (state === 'released') return 'write'
  if (state === 'written') return 'readback'
  return state === 'dropped' ? 'giveup' : 'handover'
}

type SortKey = NonNullable<ConsignmentQuestion['sort']>['key']
type ColumnKey = SortKey | 'next'

const columnsOf = (side: 'low' | 'high'): readonly Column<ConsignmentLine, ColumnKey>[] => [
  {
    key: 'name',
    title: 'Consignment',
    width: 16,
    sorts: true,
    cell: (line) => (
      <Act
        kind="link"
        onPress={() =>
          go({
            to: 'consignment',
            id: line.id,
            step: side === 'high' ? 'verdict' : lowPage(line.state),
          })
        }
      >
        {line.name === '' ? 'A bundle that could not be read' : line.name}
      </Act>
    ),
  },
  ...(side === 'low'
    ? []
    : [
        {
          key: 'sender' as const,
          title: 'From',
          width: 9,
          sorts: true,
          cell: (line: ConsignmentLine) => line.sender?.name ?? '–',
        },
      ]),
  {
    key: 'sequence',
    title: 'Number',
    width: 7,
    number: true,
    sorts: true,
    cell: (line) => line.sequence ?? '–',
  },
  {
    key: 'state',
    title: 'State',
    width: 10,
    sorts: true,
    cell: (line) =>
      side === 'low' && line.revoked.length > 0 ? (
        <Badge result="fail" text="Key revoked" />
      ) : (
        stateWords[line.state]
      ),
  },
  ...(side === 'low'
    ? []
    : [
        {
          key: 'verdict' as const,
          title: 'Verdict',
          width: 14,
          sorts: true,
          cell: (line: ConsignmentLine) => <Verdict line={line} />,
        },
      ]),
  { key: 'next', title: 'Next', width: 17, cell: (line) => nextWords[line.state] },
  { key: 'bytes', title: 'Size', width: 8, number: true, sorts: true, cell: (line) => size(line.bytes) },
  { key: 'updated', title: 'Last change', width: 19, sorts: true, cell: (line) => time(line.updated) },
]

const columns = { low: columnsOf('low'), high: columnsOf('high') } as const

/** Below this many a filter is only in the way. */
const few = 6

/** Consignments as a table: to filter by words and state, to sort by any column, thousands as well as two. */
export function ConsignmentTable(props: {
  readonly counts: CallOutput<'consignment.list'>['states']
  readonly side: 'low' | 'high'
}): ReactNode {
  const { counts, side } = props
  const [text, setText] = useState('')
  const [state, setState] = useState<ConsignmentState | null>(null)
  const [sort, setSort] = useState<Sort<SortKey>>({ key: 'updated', down: true })
  const found = useConsignments(text, state, sort)
  const all = many(counts)
  const matching = found.answer?.matching ?? 0
  const states = (Object.keys(stateWords) as ConsignmentState[]).flatMap((one) => {
    const here = many(counts, [one])
    return here === 0 ? [] : [[one, `${stateWords[one]} (${amount(here)})`] as const]
  })
  return (
    <>
      <FailureBox failure={found.failure} />
      {all < few ? null : (
        <div className="filters">
          <Field
            label="Find"
            value={text}
            onChange={setText}
            hint="A name, a sender, a number or a digest."
          />
          <Select
            label="State"
            value={state ?? ''}
            onChange={(value) => setState(states.find(([one]) => one === value)?.[0] ?? null)}
            options={[['', 'All states'], ...states]}
          />
          <p role="status">
            {matching === all
              ? `${amount(all)} consignments`
              : `${amount(matching)} of ${amount(all)} consignments`}
          </p>
        </div>
      )}
      {found.answer !== null && matching === 0 ? (
        <p>No consignment matches. Clear the words or choose all states.</p>
      ) : (
        <LongTable
          label="Table of consignments"
          columns={columns[side]}
          count={matching}
          rowAt={found.at}
          keyOf={(line) => line.id}
          sort={sort}
          onSort={({ key, down }) => {
            if (key !== 'next') setSort({ key, down })
          }}
          about={`${text}|${state ?? ''}|${sort.key}|${sort.down}`}
          onDrawn={found.need}
        />
      )}
    </>
  )
}

import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../shared/failure.ts'
import { isSealNumber } from '../../shared/rules/media.ts'
import type { ConsignmentView } from '../../shared/views.ts'
import { call } from '../bridge.ts'
import { useHalf } from '../state/half.ts'
import { refresh, useNow } from '../state/mirror.ts'
import { time } from '../text/format.ts'
import { Act } from './act.tsx'
import { Badge } from './badge.tsx'
import { FailureBox } from './failure.tsx'
import { Field } from './field.tsx'
import { Table } from './table.tsx'

type Custody = ConsignmentView['custody']

/** What left, with which seals. */
function Handed({ handed }: { readonly handed: Custody['handed'] }): ReactNode {
  const today = useNow().slice(0, 10)
  if (handed.length === 0) return null
  return (
    <Table label="Media that left" kind="whole-words" heads={['Left', 'To', 'Medium', 'Seal', 'Expected by']}>
      {handed.flatMap(({ at, to, expected, media }) =>
        media.map(({ run, copy, label, seal }) => (
          <tr key={`${at} ${run}`}>
            <td>{time(at)}</td>
            <td>{to}</td>
            <td>
              Copy {copy}
              {label === null ? '' : ` (${label})`}
            </td>
            <td>
              <code>{seal}</code>
            </td>
            <td>
              {expected === null ? (
                'not stated'
              ) : expected < today ? (
                <Badge result="not-checked" text={`${expected}: overdue, nothing is known of it`} />
              ) : (
                expected
              )}
            </td>
          </tr>
        )),
      )}
    </Table>
  )
}

interface Typed {
  /** By the writing that a medium holds. */
  readonly seals: Readonly<Record<string, string>>
  readonly to: string
  readonly place: string
  readonly expected: string
}

const empty: Typed = { seals: {}, to: '', place: '', expected: '' }

/** The seal of each medium that leaves, to whom, and when it should be there. */
export function SealsLeaving({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, media, custody } = consignment
  const [{ seals, to, place, expected }, change, forget] = useHalf(`hand-over ${id}`, empty)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const left = new Set(custody.handed.flatMap((one) => one.media.map(({ run }) => run)))
  const here = media.filter(({ readBack, run }) => readBack === 'passed' && !left.has(run))
  const sealed = here.filter(({ run }) => isSealNumber((seals[run] ?? '').trim()))
  const record = async (): Promise<void> => {
    const answer = await call('custody.hand', {
      ...{ id, to },
      media: sealed.map(({ run }) => ({ run, seal: (seals[run] ?? '').trim() })),
      ...(place === '' ? {} : { place }),
      ...(expected === '' ? {} : { expected }),
    })
    setFailure(answer.ok ? null : answer.failure)
    if (answer.ok) forget()
    await refresh()
  }
  const nameOf = (run: string, copy: number): string => {
    const label = custody.labels.find((one) => one.run === run)?.label
    return label === undefined ? `copy ${copy}` : `copy ${copy} (${label})`
  }
  return (
    <>
      <Handed handed={custody.handed} />
      {here.length === 0 ? null : (
        <section className="card" aria-labelledby="leaving">
          <h2 id="leaving">What leaves, with its seal</h2>
          <FailureBox failure={failure} />
          {here.map(({ run, copy }) => (
            <Field
              key={run}
              label={`Seal of ${nameOf(run, copy)}`}
              value={seals[run] ?? ''}
              onChange={(text) => change({ seals: { ...seals, [run]: text } })}
              mono
            />
          ))}
          <Field label="To whom" value={to} onChange={(text) => change({ to: text })} />
          <Field label="Place (may stay empty)" value={place} onChange={(text) => change({ place: text })} />
          <Field
            label="Expected by (may stay empty)"
            value={expected}
            onChange={(text) => change({ expected: text })}
            hint="2026-12-04"
          />
          <Act writes disabled={sealed.length === 0 || to === ''} onPress={() => void record()}>
            Record that it leaves
          </Act>
        </section>
      )}
    </>
  )
}

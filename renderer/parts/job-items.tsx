import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../shared/failure.ts'
import type { Job } from '../../shared/calls/job.ts'
import { call } from '../bridge.ts'
import { size } from '../text/format.ts'
import { Act } from './act.tsx'
import { Badge, PlainBadge } from './badge.tsx'
import { FailureBox } from './failure.tsx'
import { Table } from './table.tsx'

type Item = Job['items'][number]
type GoOn = (how: 'job.retry' | 'job.leave-out', name: string) => void

const words = {
  waiting: 'Waiting',
  working: 'Under way',
  done: 'Done',
  failed: 'Failed',
  'left-out': 'Left out',
} as const

function State({ item, ended }: { readonly item: Item; readonly ended: boolean }): ReactNode {
  if (item.state === 'done') return <Badge result="pass" text={words.done} />
  if (item.state === 'left-out') return <Badge result="warn" text={words[item.state]} />
  if (item.state === 'failed') return <Badge result="fail" text={words.failed} />
  return <PlainBadge text={ended ? 'Not finished' : words[item.state]} />
}

function Row({
  job,
  item,
  goOn,
}: {
  readonly job: Job
  readonly item: Item
  readonly goOn: GoOn
}): ReactNode {
  const { failure } = item
  return (
    <tr>
      <td>
        <code>{item.name}</code>
        {item.note === null ? null : (
          <div className="small soft">
            <code>{item.note}</code>
          </div>
        )}
        {failure === null ? null : (
          <div>
            <p>
              {failure.happened} <code>{failure.code}</code>
            </p>
            <p className="soft">{failure.next}</p>
          </div>
        )}
      </td>
      <td>
        <State item={item} ended={job.state !== 'running'} />
      </td>
      <td className="number">
        {item.total === null ? '–' : `${size(item.done)} of ${size(item.total)}`}
        {item.state === 'failed' && job.state === 'running' ? (
          <div>
            <Act onPress={() => goOn('job.retry', item.name)}>
              Try again<span className="hidden"> {item.name}</span>
            </Act>
            {job.kind === 'collect' && job.itemCount > 1 ? (
              <Act onPress={() => goOn('job.leave-out', item.name)}>
                Leave it out<span className="hidden"> {item.name}</span>
              </Act>
            ) : null}
          </div>
        ) : null}
      </td>
    </tr>
  )
}

/** The single things that long work does, each with how far it is; a failed one can be tried again alone. */
export function JobItems({ job }: { readonly job: Job }): ReactNode {
  const [failure, setFailure] = useState<FailureView | null>(null)
  const failed = job.items.filter((item) => item.state === 'failed').length
  const goOn: GoOn = (how, name) => {
    setFailure(null)
    void call(how, { job: job.id, item: name }).then((answer) => {
      if (!answer.ok) setFailure(answer.failure)
    })
  }
  if (job.items.length === 0) return null
  return (
    <>
      <FailureBox failure={failure} />
      {failed > 0 && job.state === 'running' ? (
        <section className="card fail" role="alert">
          <h2>{failed === 1 ? 'One item failed' : `${failed} items failed`}; the work waits for you</h2>
          <p>The others are kept. Try it again, leave it out (the waybill will say so), or cancel.</p>
        </section>
      ) : null}
      <Table
        label="Items of this work"
        heads={[`${job.itemsDone} of ${job.itemCount} done`, 'State', { number: 'Content' }]}
      >
        {job.items.map((item) => (
          <Row key={item.name} job={job} item={item} goOn={goOn} />
        ))}
      </Table>
      {job.items.length < job.itemCount ? (
        <p>{job.itemCount - job.items.length} more are not listed here.</p>
      ) : null}
    </>
  )
}

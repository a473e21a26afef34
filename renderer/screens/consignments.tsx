import type { ReactNode } from 'react'
import { Act } from '../parts/act.tsx'
import { Badge, PlainBadge } from '../parts/badge.tsx'
import { FailureBox } from '../parts/failure.tsx'
import { Frame } from '../parts/frame.tsx'
import { Needs } from '../parts/needs.tsx'
import { useMirror } from '../state/mirror.ts'
import { go, type Step } from '../state/view.ts'
import { count, size, time } from '../text/format.ts'
import { openStates, stateWords } from '../text/words.ts'
import type { ConsignmentLine } from '../../shared/views.ts'

function Verdict({ line }: { readonly line: ConsignmentLine }): ReactNode {
  if (line.outcome === null) return <PlainBadge text="No verdict" />
  if (line.outcome === 'passed') return <Badge result="pass" text="Passed" />
  if (line.outcome === 'not-checked') return <Badge result="not-checked" text="Not checked" />
  return <Badge result="fail" text={line.outcome === 'refused' ? 'Refused or held' : 'Failed'} />
}

const lowPage = (state: ConsignmentLine['state']): Step =>
  state === 'collected' || state === 'signing'
    ? 'approve'
    : state === 'released'
      ? 'write'
      : state === 'written'
        ? 'readback'
        : state === 'dropped'
          ? 'giveup'
          : 'handover'

function Table(props: {
  readonly lines: readonly ConsignmentLine[]
  readonly side: 'low' | 'high'
}): ReactNode {
  const { lines, side } = props
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="Table of consignments">
      <table>
        <thead>
          <tr>
            <th scope="col">Consignment</th>
            {side === 'high' ? <th scope="col">From</th> : null}
            <th scope="col">Number</th>
            <th scope="col">State</th>
            {side === 'high' ? <th scope="col">Verdict</th> : null}
            <th scope="col" className="number">
              Size
            </th>
            <th scope="col">Last change</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.id}>
              <td>
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
              </td>
              {side === 'high' ? <td>{line.sender?.name ?? '–'}</td> : null}
              <td>{line.sequence ?? '–'}</td>
              <td>{stateWords[line.state]}</td>
              {side === 'high' ? (
                <td>
                  <Verdict line={line} />
                </td>
              ) : null}
              <td className="number">{size(line.bytes)}</td>
              <td>{time(line.updated)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function headingOf(side: 'low' | 'high', all: number, waiting: number): string {
  if (all === 0) return side === 'high' ? 'Nothing has arrived yet' : 'Nothing was collected yet'
  const known = `${count(all, 'consignment')} known`
  if (side === 'high') {
    if (waiting === 0) return `Nothing waits for a decision; ${known}`
    return `${count(waiting, 'consignment')} ${waiting === 1 ? 'waits' : 'wait'} for a decision`
  }
  return waiting === 0 ? `Nothing is under way; ${known}` : `${count(waiting, 'consignment')} under way`
}

const words = {
  high: {
    means: 'Everything that arrived at this desk, the newest first.',
    next: 'Next: put in a medium and receive what is on it.',
    empty: 'When a medium comes, receive it here. Nothing on it is opened before its signatures pass.',
  },
  low: {
    means: 'Everything that was asked for at this desk, the newest first.',
    next: 'Next: write down what is wanted, why and for whom.',
    empty:
      'A request says what is wanted, why and for whom. It is collected here, signed by two people, and written to media.',
  },
} as const

/** The list of consignments. */
export function Consignments(): ReactNode {
  const { desk, consignments, failure } = useMirror()
  if (desk === null) return null
  const { side } = desk.card
  const waiting = consignments.filter((one) => openStates[side].includes(one.state)).length
  const { means, next, empty } = words[side]
  return (
    <Frame
      heading={headingOf(side, consignments.length, waiting)}
      means={means}
      next={next}
      acts={
        side === 'high' ? (
          <Act kind="primary" onPress={() => go({ to: 'receive' })}>
            Receive a medium…
          </Act>
        ) : (
          <Act kind="primary" onPress={() => go({ to: 'request' })}>
            New request…
          </Act>
        )
      }
    >
      <FailureBox failure={failure} />
      {desk.recovered.length > 0 ? (
        <section className="card warn">
          <h2>Opening this desk finished or discarded what was under way</h2>
          <ul>
            {desk.recovered.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </section>
      ) : null}
      <Needs desk={desk} />
      {consignments.length > 0 ? <Table lines={consignments} side={side} /> : <p>{empty}</p>}
    </Frame>
  )
}

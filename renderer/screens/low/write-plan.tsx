import type { ReactNode } from 'react'
import type { CallOutput } from '../../../shared/contract.ts'
import { driveLine } from '../../../shared/text/drives.ts'
import { stateWords } from '../../../shared/text/media.ts'
import { Badge } from '../../parts/badge.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Table } from '../../parts/table.tsx'
import type { Chosen } from '../../state/place.ts'
import { count, size } from '../../text/format.ts'

export type Plan = CallOutput<'write.plan'>

/** Which medium is written next, as the middle of a sentence: of one alone its copy. */
export function mediumOf({ number, of, copy }: Pick<Plan, 'number' | 'of' | 'copy'>): string {
  return of === 1 ? `copy ${copy}` : `medium ${number} of ${of}`
}

/** What the register says of the drive: nothing where it says nothing. */
function registerRows({ register }: Plan): [string, ReactNode][] {
  const { medium, unregistered } = register
  if (medium !== null) return [['Register', `${medium.label}, ${stateWords[medium.state].toLowerCase()}`]]
  return unregistered
    ? [['Register', <Badge key="register" result="warn" text="Not in the register: this is recorded" />]]
    : []
}

// Of several, the last one has room left.
function spareWords({ media, free }: Plan): string {
  const last = media.at(-1)?.size ?? 0
  const most = Math.max(...media.map((one) => one.size))
  const room = free === null || most <= last ? '' : `; ${size(most - last)} stay free on the last`
  return `${media.length} media of this size${room}. Keep one more at hand.`
}

function Parts({ plan }: { readonly plan: Plan }): ReactNode {
  const table = (
    <Table label="Parts" heads={['Part', { number: 'Size' }]}>
      {plan.parts.slice(0, 50).map((part) => (
        <tr key={part.name}>
          <td>
            <code>{part.name}</code>
          </td>
          <td className="number">{size(part.size)}</td>
        </tr>
      ))}
    </Table>
  )
  return (
    <>
      {plan.parts.length > 3 ? <Fold name={count(plan.parts.length, 'part')}>{table}</Fold> : table}
      {plan.parts.length > 50 ? <p>… and {plan.parts.length - 50} more of the same size.</p> : null}
    </>
  )
}

/** What a writing would do: nothing is written yet. */
export function PlanCard({ plan, target }: { readonly plan: Plan; readonly target: Chosen }): ReactNode {
  return (
    <section className="card" aria-labelledby="plan">
      <h2 id="plan">What will be written to “{target.label}”</h2>
      <Facts
        rows={[
          ...(plan.of === 1
            ? []
            : ([
                ['Medium', `${plan.number} of ${plan.of}`],
                ['In all', spareWords(plan)],
              ] as [string, ReactNode][])),
          ['New folder', <code key="folder">{plan.folder}</code>],
          ['Drive', driveLine(plan.drive) ?? 'a plain folder, or not known'],
          ...registerRows(plan),
          ['Copy', String(plan.copy)],
          ...(plan.parity === null
            ? []
            : ([['Recovery data', `${plan.parity} %, by par2`]] as [string, ReactNode][])),
          ['Needs', size(plan.needed)],
          ['Free', plan.free === null ? 'the file system does not say' : size(plan.free)],
          ['Largest file', plan.largest === null ? 'no limit known' : size(plan.largest)],
          ['In', count(plan.parts.length, 'part')],
        ]}
      />
      <Parts plan={plan} />
    </section>
  )
}

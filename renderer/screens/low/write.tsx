import { useState, type ReactNode } from 'react'
import type { CallOutput } from '../../../shared/contract.ts'
import type { FailureView } from '../../../shared/failure.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { driveLine } from '../../../shared/text/drives.ts'
import { stateWords as mediumStates } from '../../../shared/text/media.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Drives } from '../../parts/drives.tsx'
import { Facts } from '../../parts/facts.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Field } from '../../parts/field.tsx'
import { Frame } from '../../parts/frame.tsx'
import { MediaTable } from '../../parts/media-table.tsx'
import { Table } from '../../parts/table.tsx'
import { choose, type Chosen } from '../../state/place.ts'
import { go } from '../../state/view.ts'
import { count, size } from '../../text/format.ts'
import { stateWords } from '../../text/words.ts'

type Plan = CallOutput<'write.plan'>

/** What the register says of the drive: nothing where it says nothing. */
function registerRows({ register }: Plan): (readonly [string, ReactNode])[] {
  const { medium, unregistered } = register
  if (medium !== null) return [['Register', `${medium.label}, ${mediumStates[medium.state].toLowerCase()}`]]
  return unregistered
    ? [['Register', <Badge key="register" result="warn" text="Not in the register: this is recorded" />]]
    : []
}

function PlanCard({ plan, target }: { readonly plan: Plan; readonly target: Chosen }): ReactNode {
  return (
    <section className="card" aria-labelledby="plan">
      <h2 id="plan">What will be written to “{target.label}”</h2>
      <Facts
        rows={[
          ['New folder', <code key="folder">{plan.folder}</code>],
          ['Drive', driveLine(plan.drive) ?? 'a plain folder, or not known'],
          ...registerRows(plan),
          ['Copy', String(plan.copy)],
          ['Needs', size(plan.needed)],
          ['Free', plan.free === null ? 'the file system does not say' : size(plan.free)],
          ['Largest file', plan.largest === null ? 'no limit known' : size(plan.largest)],
          ['In', count(plan.parts.length, 'part')],
        ]}
      />
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
      {plan.parts.length > 50 ? <p>… and {plan.parts.length - 50} more of the same size.</p> : null}
    </section>
  )
}

function headingOf(consignment: ConsignmentView, plan: Plan | null, target: Chosen | null): string {
  const { name, media, missing, state } = consignment
  const written = media.filter((one) => one.state === 'written').length
  if (!released.has(state)) {
    const why = missing.length > 0 ? 'signatures are missing' : `it is ${stateWords[state]}`
    return `${name} cannot be written: ${why}`
  }
  if (plan !== null && target !== null)
    return `Copy ${plan.copy} goes to “${target.label}”, in ${count(plan.parts.length, 'part')}`
  if (written === 0) return `${name} is released and can be written`
  return `${count(written, 'copy', 'copies')} of ${name} ${written === 1 ? 'is' : 'are'} written`
}

const isWhole = (megabytes: string): boolean => /^[1-9]\d{0,8}$/.test(megabytes)

/** How large a part may be at the most. */
function PartSize(props: {
  readonly megabytes: string
  readonly onChange: (megabytes: string) => void
  /** Plans the writing anew; `null` where nothing is planned yet. */
  readonly onAgain: (() => void) | null
}): ReactNode {
  const { megabytes, onChange, onAgain } = props
  return (
    <>
      <Field
        label="Largest part, in MB (may stay empty)"
        value={megabytes}
        onChange={onChange}
        hint="Empty: as few parts as possible."
        error={megabytes === '' || isWhole(megabytes) ? '' : 'A whole number of megabytes'}
      />
      {onAgain === null || megabytes === '' ? null : (
        <Act disabled={!isWhole(megabytes)} onPress={onAgain}>
          Plan again with parts of {megabytes} MB
        </Act>
      )}
    </>
  )
}

const released = new Set(['released', 'written', 'read-back'])

/** From a released consignment to a medium: where to, what it will hold, then the act. */
export function Write({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, media, state } = consignment
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [target, setTarget] = useState<Chosen | null>(null)
  const [plan, setPlan] = useState<Plan | null>(null)
  const [megabytes, setMegabytes] = useState('')
  const asked = isWhole(megabytes) ? { partSize: Number(megabytes) * 1_000_000 } : {}
  const look = async (to: Chosen): Promise<void> => {
    const answer = await call('write.plan', { id, to: to.place, ...asked })
    setTarget(to)
    setPlan(answer.ok ? answer.value : null)
    setFailure(answer.ok ? null : answer.failure)
  }
  const pick = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'medium', intent: 'save' }, setFailure)
    if (chosen !== null) await look(chosen)
  }
  const write = async (): Promise<void> => {
    if (target === null) return
    const started = await call('write.start', { id, to: target.place, ...asked })
    if (started.ok) go({ to: 'job', id: started.value.job })
    else setFailure(started.failure)
  }
  const written = media.filter((one) => one.state === 'written').length
  const ready = released.has(state)
  const heading = headingOf(consignment, plan, target)
  return (
    <Frame
      heading={heading}
      means={plan === null && written === 0 ? 'It gets a new folder; nothing on it is changed.' : undefined}
      next={
        plan === null
          ? 'Next: how the bundle fits on it. Nothing is written yet.'
          : 'Cancelling is safe: the copy is then removed.'
      }
      consignment={consignment}
      acts={
        <>
          <Act onPress={() => go({ to: 'consignment', id, step: 'approve' })}>Signatures</Act>
          {plan === null ? (
            <Act
              {...(written > 0 ? {} : { kind: 'primary' as const })}
              writes
              disabled={!ready}
              onPress={() => void pick()}
            >
              {written > 0 ? 'Write another copy…' : 'Choose a folder…'}
            </Act>
          ) : (
            <>
              <Act onPress={() => void pick()}>Choose another folder…</Act>
              <Act kind="primary" onPress={() => void write()}>
                Write copy {plan.copy}
              </Act>
            </>
          )}
          {written > 0 && plan === null ? (
            <Act kind="primary" onPress={() => go({ to: 'consignment', id, step: 'readback' })}>
              Go on to read back
            </Act>
          ) : null}
        </>
      }
    >
      <FailureBox failure={failure} />
      {plan === null || target === null ? null : <PlanCard plan={plan} target={target} />}
      {ready ? (
        <PartSize
          megabytes={megabytes}
          onChange={setMegabytes}
          onAgain={target === null ? null : () => void look(target)}
        />
      ) : null}
      {ready && plan === null ? (
        <Drives
          use={{
            name: 'Write here',
            changes: true,
            onChosen: (chosen) => void look(chosen),
          }}
        />
      ) : null}
      <MediaTable media={media} />
    </Frame>
  )
}

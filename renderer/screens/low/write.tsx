import { useState, type ReactNode } from 'react'
import type { CallInput } from '../../../shared/contract.ts'
import type { FailureView } from '../../../shared/failure.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Drives } from '../../parts/drives.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Field } from '../../parts/field.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Frame } from '../../parts/frame.tsx'
import { MediaPlan } from '../../parts/media-plan.tsx'
import { MediaTable } from '../../parts/media-table.tsx'
import { choose, type Chosen } from '../../state/place.ts'
import { useMirror } from '../../state/mirror.ts'
import { go } from '../../state/view.ts'
import { count } from '../../text/format.ts'
import { stateWords } from '../../text/words.ts'
import { mediumOf, PlanCard, type Plan } from './write-plan.tsx'

function headingOf(consignment: ConsignmentView, plan: Plan | null, target: Chosen | null): string {
  const { name, media, missing, state } = consignment
  const written = media.filter((one) => one.state === 'written').length
  if (!released.has(state)) {
    const why = missing.length > 0 ? 'signatures are missing' : `it is ${stateWords[state]}`
    return `${name} cannot be written: ${why}`
  }
  if (plan !== null && target !== null) {
    const what = mediumOf(plan)
    return `${what.slice(0, 1).toUpperCase()}${what.slice(1)} goes to “${target.label}”, in ${count(plan.parts.length, 'part')}`
  }
  const { plan: laid } = consignment
  const on = laid.filter((one) => one.good > 0).length
  if (laid.length > 0) return `${on} of ${laid.length} media of ${name} are written`
  if (written === 0) return `${name} is released and can be written`
  return `${count(written, 'copy', 'copies')} of ${name} ${written === 1 ? 'is' : 'are'} written`
}

const isWhole = (megabytes: string): boolean => /^[1-9]\d{0,8}$/.test(megabytes)

interface Sizes {
  readonly part: string
  readonly medium: string
  /** Percent of recovery data. */
  readonly parity: string
}

const isPercent = (text: string): boolean => /^[1-9]\d?$/.test(text) && Number(text) <= 50

function againWords({ part, medium, parity }: Sizes): string {
  if (medium !== '') return `Plan again for media of ${medium} MB`
  return part === '' ? `Plan again with ${parity} % of recovery data` : `Plan again with parts of ${part} MB`
}

/** How large a part may be at the most, and how much a medium takes. */
function SizeFields(props: {
  readonly sizes: Sizes
  readonly onChange: (sizes: Sizes) => void
  /** Whether the policy names the program that makes recovery data. */
  readonly recovery: boolean
  /** Plans the writing anew; `null` where nothing is planned yet. */
  readonly onAgain: (() => void) | null
}): ReactNode {
  const { sizes, onChange, recovery, onAgain } = props
  const { part, medium, parity } = sizes
  const wrong = (text: string): string => (text === '' || isWhole(text) ? '' : 'A whole number of megabytes')
  const asked = [part, medium, parity].filter((text) => text !== '')
  return (
    <Fold name="sizes" forced={asked.length > 0}>
      <Field
        label="Largest part, in MB (may stay empty)"
        value={part}
        onChange={(text) => onChange({ ...sizes, part: text })}
        hint="Empty: as few parts as possible."
        error={wrong(part)}
      />
      <Field
        label="Size of each medium, in MB (may stay empty)"
        value={medium}
        onChange={(text) => onChange({ ...sizes, medium: text })}
        hint="Empty: one medium takes all."
        error={wrong(medium)}
      />
      {recovery ? (
        <Field
          label="Recovery data, in percent (may stay empty)"
          value={parity}
          onChange={(text) => onChange({ ...sizes, parity: text })}
          hint="It can repair a damaged medium. It proves nothing."
          error={parity === '' || isPercent(parity) ? '' : 'A whole number from 1 to 50'}
        />
      ) : null}
      {onAgain === null || asked.length === 0 ? null : (
        <Act disabled={!asked.every(isWhole) || (parity !== '' && !isPercent(parity))} onPress={onAgain}>
          {againWords(sizes)}
        </Act>
      )}
    </Fold>
  )
}

const released = new Set(['released', 'written', 'read-back'])

const bytes = (megabytes: string): number | undefined =>
  isWhole(megabytes) ? Number(megabytes) * 1_000_000 : undefined

/** What was asked of a writing, without what was not said. */
function askedOf(
  { part, medium, parity }: Sizes,
  number: number | null,
): Omit<CallInput<'write.plan'>, 'id' | 'to'> {
  const [partSize, mediumSize] = [bytes(part), bytes(medium)]
  return {
    ...(partSize === undefined ? {} : { partSize }),
    ...(mediumSize === undefined ? {} : { mediumSize }),
    ...(isPercent(parity) ? { parity: Number(parity) } : {}),
    ...(number === null ? {} : { medium: number }),
  }
}

/** A bundle that does not fit can lie on several media of that size. */
function OnSeveral(props: {
  readonly failure: FailureView | null
  readonly onSize: (megabytes: string) => void
}): ReactNode {
  const { failure, onSize } = props
  const free = failure?.code === 'medium-full' ? failure.facts['found'] : undefined
  const megabytes = typeof free === 'number' ? Math.floor(free / 1_000_000) : 0
  if (megabytes < 1) return null
  return (
    <p>
      <Act onPress={() => onSize(String(megabytes))}>Lay it on several of {megabytes} MB…</Act>
    </p>
  )
}

function WriteActs(props: {
  readonly consignment: ConsignmentView
  readonly plan: Plan | null
  /** Chooses a folder; `again` for the same medium as before. */
  readonly onPick: (again: boolean) => void
  readonly onWrite: () => void
}): ReactNode {
  const { consignment, plan, onPick, onWrite } = props
  const { id, media, state } = consignment
  const written = media.filter((one) => one.state === 'written').length
  const [left] = consignment.plan.filter((one) => one.good === 0)
  const goOn = written > 0 && left === undefined
  const next =
    left !== undefined && written > 0
      ? `Write medium ${left.number}…`
      : written > 0
        ? 'Write another copy…'
        : 'Choose a folder…'
  return (
    <>
      <Act onPress={() => go({ to: 'consignment', id, step: 'approve' })}>Signatures</Act>
      {plan === null ? (
        <Act
          {...(goOn ? {} : { kind: 'primary' as const })}
          writes
          disabled={!released.has(state)}
          onPress={() => onPick(false)}
        >
          {next}
        </Act>
      ) : (
        <>
          <Act onPress={() => onPick(true)}>Choose another folder…</Act>
          <Act kind="primary" onPress={onWrite}>
            Write {mediumOf(plan)}
          </Act>
        </>
      )}
      {goOn && plan === null ? (
        <Act kind="primary" onPress={() => go({ to: 'consignment', id, step: 'readback' })}>
          Go on to read back
        </Act>
      ) : null}
    </>
  )
}

/** From a released consignment to a medium: where to, what it will hold, then the act. */
export function Write({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, media, state } = consignment
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [target, setTarget] = useState<Chosen | null>(null)
  const [plan, setPlan] = useState<Plan | null>(null)
  const [sizes, setSizes] = useState<Sizes>({ part: '', medium: '', parity: '' })
  const recovery = useMirror((mirror) => mirror.desk?.policy.document.programs.par2 !== undefined)
  const [number, setNumber] = useState<number | null>(null)
  const look = async (to: Chosen, by = sizes, which = number): Promise<void> => {
    const answer = await call('write.plan', { id, to: to.place, ...askedOf(by, which) })
    setTarget(to)
    setPlan(answer.ok ? answer.value : null)
    setFailure(answer.ok ? null : answer.failure)
  }
  const pick = async (which = number): Promise<void> => {
    setNumber(which)
    const chosen = await choose({ purpose: 'medium', intent: 'save' }, setFailure)
    if (chosen !== null) await look(chosen, sizes, which)
  }
  const onSeveral = (medium: string): void => {
    const by = { ...sizes, medium }
    setSizes(by)
    if (target !== null) void look(target, by)
  }
  const write = async (): Promise<void> => {
    if (target === null) return
    const started = await call('write.start', { id, to: target.place, ...askedOf(sizes, number) })
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
        <WriteActs
          consignment={consignment}
          plan={plan}
          onPick={(again) => void pick(again ? number : null)}
          onWrite={() => void write()}
        />
      }
    >
      <FailureBox failure={failure} />
      <OnSeveral failure={failure} onSize={onSeveral} />
      {plan === null || target === null ? null : <PlanCard plan={plan} target={target} />}
      {plan === null ? (
        <MediaPlan plan={consignment.plan} onAgain={ready ? (again) => void pick(again) : null} />
      ) : null}
      {ready && consignment.plan.length === 0 ? (
        <SizeFields
          sizes={sizes}
          onChange={setSizes}
          recovery={recovery}
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
      <MediaTable media={media} folded={consignment.plan.length > 0} />
    </Frame>
  )
}

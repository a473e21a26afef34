import { useState, type ReactNode } from 'react'
import type { MediumLine } from '../../../shared/media.ts'
import { kindWords, stateWords } from '../../../shared/text/media.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Field } from '../../parts/field.tsx'
import { Frame } from '../../parts/frame.tsx'
import { MediumState } from '../../parts/medium-state.tsx'
import { Table } from '../../parts/table.tsx'
import { useRegister } from '../../state/register.ts'
import { count, time } from '../../text/format.ts'
import { MediumPage } from './medium.tsx'
import { RegisterMedium } from './register-medium.tsx'
import { SignMedium, type Waiting } from './sign-medium.tsx'
import { StatisticsPage } from './statistics.tsx'

function Row({
  medium,
  open,
}: {
  readonly medium: MediumLine
  readonly open: (label: string) => void
}): ReactNode {
  const { label, state, kind, serial, marking, holds, tested, last } = medium
  return (
    <tr>
      <th scope="row">
        <button type="button" className="button link" onClick={() => open(label)}>
          {label}
        </button>
      </th>
      <td>
        <MediumState state={state} />
      </td>
      <td>
        {kindWords[kind]}
        {marking === null ? null : <div className="small soft">{marking}</div>}
      </td>
      <td>{serial === null ? 'none' : <code>{serial}</code>}</td>
      <td>{tested === null ? 'not tested' : tested ? 'passed' : 'NOT PASSED'}</td>
      <td>{holds.length === 0 ? 'nothing known' : count(holds.length, 'transfer')}</td>
      <td>{time(last.at)}</td>
    </tr>
  )
}

function WaitingActs(props: {
  readonly waiting: readonly Waiting[]
  readonly open: (one: Waiting) => void
}): ReactNode {
  return props.waiting.map((one) => (
    <section className="card warn" key={one.number} aria-label={`Event ${one.number}`}>
      <header>
        <Badge result="warn" text="Waits for a second person" />
        <h2>{one.sentence}</h2>
      </header>
      <p className="soft">
        {one.by} signed it, {time(one.at)}.
      </p>
      <Act writes onPress={() => props.open(one)}>
        Sign it…
      </Act>
    </section>
  ))
}

const matches = ({ label, serial, state, holds }: MediumLine, text: string): boolean =>
  [label, serial ?? '', stateWords[state], ...holds].some((part) =>
    part.toLowerCase().includes(text.trim().toLowerCase()),
  )

type Page =
  | { readonly act: 'register' }
  | { readonly act: 'statistics' }
  | { readonly act: 'medium'; readonly label: string }
  | { readonly act: 'sign'; readonly waiting: Waiting }

function Shown({ page, done }: { readonly page: Page; readonly done: () => void }): ReactNode {
  switch (page.act) {
    case 'register':
      return <RegisterMedium done={done} />
    case 'statistics':
      return <StatisticsPage done={done} />
    case 'medium':
      return <MediumPage label={page.label} done={done} />
    case 'sign':
      return <SignMedium waiting={page.waiting} done={done} />
  }
}

/** The register of media. */
export function Media(): ReactNode {
  const { value, failure } = useRegister()
  const [page, setPage] = useState<Page | null>(null)
  const [text, setText] = useState('')
  if (page !== null) return <Shown page={page} done={() => setPage(null)} />
  const media = value?.media ?? []
  const shown = media.filter((medium) => matches(medium, text))
  return (
    <Frame
      heading={
        media.length === 0
          ? 'No medium is in the register yet'
          : `${count(media.length, 'medium', 'media')} ${media.length === 1 ? 'is' : 'are'} in the register`
      }
      means="Its state follows from what was done with it."
      next={media.length === 0 ? 'Put a medium in and register it.' : 'Open one for its history.'}
      acts={
        <>
          <Act onPress={() => setPage({ act: 'statistics' })}>Statistics…</Act>
          <Act kind="primary" writes onPress={() => setPage({ act: 'register' })}>
            Register a medium…
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <WaitingActs waiting={value?.waiting ?? []} open={(waiting) => setPage({ act: 'sign', waiting })} />
      {media.length > 5 ? (
        <Field label="Find by label, serial, state or transfer" value={text} onChange={setText} />
      ) : null}
      {media.length === 0 ? null : (
        <Table
          label="Media"
          kind="whole-words"
          heads={['Label', 'State', 'Kind', 'Serial', 'Capacity', 'Holds', 'Last act']}
        >
          {shown.map((medium) => (
            <Row key={medium.label} medium={medium} open={(label) => setPage({ act: 'medium', label })} />
          ))}
        </Table>
      )}
    </Frame>
  )
}

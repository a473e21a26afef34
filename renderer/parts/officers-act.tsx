import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../shared/failure.ts'
import type { ConsignmentView } from '../../shared/views.ts'
import { refresh } from '../state/mirror.ts'
import { Act } from './act.tsx'
import { FailureBox } from './failure.tsx'
import { Frame } from './frame.tsx'
import { OfficerFields, useOfficer, type Officer } from './officer.tsx'

type Came = { readonly ok: true } | { readonly ok: false; readonly failure: FailureView }

/**
 * A page on which security officers let a desk go on: what it does, its own fields, and the first of two officers. A
 * closed one asks for nothing and says why.
 */
export function OfficersAct(props: {
  readonly heading: string
  readonly means: string
  /** The deed, where a first officer asks for it. */
  readonly ask: string
  /** The deed, where one person does it at once, while the desk is founding; left out where that is not possible. */
  readonly alone?: string
  /** Why it cannot be done now, whoever asks; `null` where it can. */
  readonly closed: string | null
  /** What is still to be filled in. */
  readonly missing: readonly string[]
  readonly send: (officer: ReturnType<Officer['take']>) => Promise<Came>
  readonly done: () => void
  readonly acts: ReactNode
  readonly children: ReactNode
  readonly consignment?: ConsignmentView
  readonly restoring?: boolean
}): ReactNode {
  const { heading, means, ask, alone, closed, missing, send, done, restoring = false } = props
  const [failure, setFailure] = useState<FailureView | null>(null)
  const officer = useOfficer(setFailure)
  const lacks = [...missing, ...(officer.ready ? [] : ['who asks, with their key'])]
  const act = async (): Promise<void> => {
    setFailure(null)
    const answer = await send(officer.take())
    await refresh()
    if (answer.ok) done()
    else officer.tell(answer.failure)
  }
  const then = officer.sealed
    ? 'Next: a second security officer signs.'
    : 'It is in force at once, and stands in the ledger.'
  return (
    <Frame
      heading={heading}
      means={means}
      next={closed ?? (lacks.length === 0 ? then : `Still missing: ${lacks.join(', ')}.`)}
      consignment={props.consignment ?? null}
      reading={restoring}
      acts={
        <>
          {props.acts}
          <Act
            kind="primary"
            writes={!restoring}
            disabled={closed !== null || lacks.length > 0}
            onPress={() => void act()}
          >
            {officer.sealed ? ask : (alone ?? ask)}
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      {props.children}
      {closed === null ? (
        <OfficerFields
          officer={officer}
          sign={lacks.length === 0 ? () => void act() : null}
          restoring={restoring}
        />
      ) : null}
    </Frame>
  )
}

import { useState, type ReactNode } from 'react'
import { transferIdOf } from '../../shared/digest.ts'
import type { ConsignmentView, StepView } from '../../shared/views.ts'
import { useMirror } from '../state/mirror.ts'
import { pageOf } from '../state/steps.ts'
import { go, useView, type Step } from '../state/view.ts'
import { time } from '../text/format.ts'

const said = {
  done: 'done',
  failed: 'did not pass',
  silent: 'nothing was asked',
  current: 'now',
  waiting: 'later',
  stopped: 'not any more',
}
const signs: Readonly<Partial<Record<StepView['state'], string>>> = { done: '✓', failed: '✕', silent: '–' }

/** What a step established; when and by whom where its own page is shown, which every step that is done has. */
function recordOf({ result, at, by }: StepView, shown: boolean): string {
  const whole = shown ? [result, at === null ? '' : time(at), by ?? ''] : [result]
  return whole.filter((text) => text !== '').join(', ')
}

function StepLine(props: {
  readonly step: StepView
  readonly number: number
  readonly page: Step | null
  readonly shown: boolean
  readonly id: string
}): ReactNode {
  const { step, number, page, shown, id } = props
  return (
    <li className={shown ? `${step.state} shown` : step.state} aria-current={shown ? 'step' : undefined}>
      <span className="dot" role="img" aria-label={said[step.state]}>
        {signs[step.state] ?? number}
      </span>
      <div>
        {page === null || shown ? (
          <span className="name">{step.step}</span>
        ) : (
          <button type="button" className="name" onClick={() => go({ to: 'consignment', id, step: page })}>
            {step.step}
          </button>
        )}
        <p className="small soft">{recordOf(step, shown)}</p>
      </div>
    </li>
  )
}

/** The consignment's steps, each with what it established; when and by whom once it is opened, as those done can be. */
export function Journey({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, name, waybill, sender, sequence, channel, steps } = consignment
  const side = useMirror((mirror) => mirror.desk?.card.side) ?? 'high'
  const page = useView((view) => view.step)
  const [open, setOpen] = useState(false)
  const pages = steps.map(pageOf)
  // Seals and files for engines are made of what was exported.
  const shown = pages.indexOf(page === 'seal' || page === 'kit' ? 'export' : page)
  // The report belongs to no step: then the line says where the work goes on.
  const at = Math.max(0, shown >= 0 ? shown : steps.findIndex((step) => step.state === 'current'))
  return (
    <nav className={open ? 'journey open' : 'journey'} aria-label="Steps of this consignment">
      <h2>{name === '' ? 'A bundle that could not be read' : name}</h2>
      <p className="small soft">
        {sender === null || side === 'low' ? '' : `from ${sender.name}, `}
        {channel === null ? '' : `${channel} number ${sequence ?? '–'}`}
      </p>
      {waybill === null ? null : (
        <p className="small soft">
          transfer <code>{transferIdOf(waybill)}</code>
        </p>
      )}
      <button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        Step {at + 1} of {steps.length}: {steps[at]?.step ?? ''}
        <span className="soft">{open ? ' · hide the others' : ' · show all'}</span>
      </button>
      <ol>
        {steps.map((step, i) => (
          <StepLine
            key={step.id}
            step={step}
            number={i + 1}
            page={pages[i] ?? null}
            shown={i === shown}
            id={id}
          />
        ))}
      </ol>
    </nav>
  )
}

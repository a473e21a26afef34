import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../shared/views.ts'
import { time } from '../text/format.ts'

/** The consignment's steps, each with what it established, when and by whom. */
export function Journey({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { name, sender, sequence, channel, steps } = consignment
  const said = { done: 'done', current: 'now', waiting: 'later', stopped: 'not any more' }
  return (
    <nav className="journey" aria-label="Steps of this consignment">
      <h2>{name === '' ? 'A bundle that could not be read' : name}</h2>
      <p className="small soft">
        {sender === null ? '' : `from ${sender.name} · channel ${channel ?? '–'} · number ${sequence ?? '–'}`}
      </p>
      <ol>
        {steps.map((step, i) => (
          <li
            key={step.step}
            className={step.state}
            aria-current={step.state === 'current' ? 'step' : undefined}
          >
            <span className="dot" aria-hidden="true">
              {step.state === 'done' ? '✓' : i + 1}
            </span>
            <div>
              <span className="name">{step.step}</span>
              <span className="hidden">, {said[step.state]}</span>
              <p className="small soft">
                {step.result}
                {step.at === null ? '' : ` · ${time(step.at)}`}
                {step.by === null ? '' : ` · ${step.by}`}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </nav>
  )
}

import type { ReactNode } from 'react'
import type { ConsignmentView } from '../../../shared/views.ts'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { count, time } from '../../text/format.ts'
import { unfinishedAt, type LandingTarget } from '../../text/landing.ts'

type Failed = ConsignmentView['unfinished'][number]

/** What is to be said of an export that is not whole. */
function stateOf({ missing, code }: Failed): string {
  if (missing.length > 0)
    return `It was read again as its readers look for it: ${count(missing.length, 'thing')} not found.`
  return code === 'cancelled'
    ? 'It was cancelled. What arrived there stays there.'
    : 'It could not be done. What arrived there stays there.'
}

/** Exports that failed or were stopped: what is missing, by name, and how to go on. Nothing where there are none. */
export function Unfinished(props: {
  readonly consignment: ConsignmentView
  /** The target that is filled in below. */
  readonly shown: string | null
  /** Fills in a target, so that its export can be gone on with. */
  readonly choose: (target: LandingTarget) => void
}): ReactNode {
  const { consignment, shown, choose } = props
  return unfinishedAt(consignment).map(({ landing, ...failed }) => {
    return (
      <section className="card fail" key={failed.target} aria-label={`Not finished: ${failed.target}`}>
        <header>
          <Badge result="fail" text="Not finished" />
          <h2>
            <code>{failed.target}</code>
          </h2>
          <span className="id">
            {failed.code}, {time(failed.at)}
          </span>
        </header>
        <p>{stateOf(failed)}</p>
        {failed.missing.length === 0 ? null : (
          <ul>
            {failed.missing.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
        {failed.target === shown ? null : (
          <Act writes spoken={`Choose it again, to go on: ${landing.name}`} onPress={() => choose(landing)}>
            Choose it again, to go on
          </Act>
        )}
      </section>
    )
  })
}

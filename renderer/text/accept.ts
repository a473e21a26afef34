import { exceptionFor, standingOverrides } from '../../shared/rules/override.ts'
import type { ConsignmentView } from '../../shared/views.ts'
import { heldWords } from './order.ts'

type Asked = Pick<ConsignmentView, 'verdict' | 'held' | 'overrides'>

/** Why nobody can accept a consignment at a time, whoever signs; `null` while it can be accepted. */
export function acceptClosed({ verdict, held, overrides }: Asked, at: string): string | null {
  if (held !== null) return `Accepting is closed: it is held by ${heldWords[held.row].by}.`
  const stopped = verdict?.checks.some((check) => check.reason === 'stopped-before') === true
  if (stopped && verdict.counts.fail === 0)
    return 'Accepting is closed: reading had stopped before everything was checked. Read the medium again.'
  if (verdict?.outcome !== 'passed') return 'Accepting is closed, because not everything was proven.'
  const standing = standingOverrides(overrides)
  const ended = verdict.checks.some(
    (check) => check.result === 'overridden' && exceptionFor(standing, check, at) === null,
  )
  return ended
    ? 'Accepting is closed: an exception under the verdict has ended. Read the medium again.'
    : null
}

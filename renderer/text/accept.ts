import { needsMedium } from '../../shared/rules/needs-medium.ts'
import { exceptionFor, standingOverrides } from '../../shared/rules/override.ts'
import { groundWords } from '../../shared/text/ground.ts'
import type { ConsignmentView } from '../../shared/views.ts'
import { time } from './format.ts'
import { heldWords } from './order.ts'

/** What was changed under a verdict, as the middle of a sentence. */
export function changedWords(outdated: ConsignmentView['outdated']): string {
  return outdated.map(({ what, at }) => `${groundWords[what]} (${time(at)})`).join(', and ')
}

type Asked = Pick<ConsignmentView, 'verdict' | 'held' | 'overrides' | 'outdated'>

/** Why nobody can accept a consignment at a time, whoever signs; `null` while it can be accepted. */
export function acceptClosed({ verdict, held, overrides, outdated }: Asked, at: string): string | null {
  if (held !== null) return `Accepting is closed: it is held by ${heldWords[held.row].by}.`
  if (outdated.length > 0) return `Accepting is closed: ${changedWords(outdated)} since this verdict.`
  const missing = verdict?.checks.find(({ id, reason }) => id === 'medium.all' && reason === 'missing')
  if (missing !== undefined) return `Accepting is closed: ${missing.found}.`
  if (needsMedium(verdict) && verdict?.counts.fail === 0)
    return 'Accepting is closed: reading had stopped before everything was checked. Read the medium again.'
  if (verdict?.outcome !== 'passed') return 'Accepting is closed: not everything was proven.'
  const standing = standingOverrides(overrides)
  const ended = verdict.checks.some(
    (check) => check.result === 'overridden' && exceptionFor(standing, check, at) === null,
  )
  return ended
    ? 'Accepting is closed: an exception under the verdict has ended. Read the medium again.'
    : null
}

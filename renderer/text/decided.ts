import { together } from '../../shared/text/people.ts'
import type { ConsignmentView, DecisionOutcome } from '../../shared/views.ts'

const words: Readonly<Record<DecisionOutcome, string>> = {
  accept: 'Accepted',
  reject: 'Rejected',
  hold: 'Held',
}

/** What stands above the reasons that people gave. */
export const reasonHeadings: Readonly<Record<DecisionOutcome, string>> = {
  accept: 'What they said when they accepted it',
  reject: 'Why they rejected it',
  hold: 'Why they hold it',
}

/** As long as a reason in a heading may be; a longer one stands below it. */
const short = 60

type Decided = Pick<ConsignmentView, 'decided' | 'decisions' | 'state'>

/** “Rejected by Dave Okoro and Erin Sand: wrong ticket”; `null` while too few people have decided. */
export function decidedHeading({ decided, decisions, state }: Decided): string | null {
  if (decided === null) return null
  const said = decisions.filter(({ outcome }) => outcome === decided)
  const names = together(said.map(({ name }) => name))
  const reasons = new Set(said.flatMap(({ reason }) => ((reason ?? '') ? [reason ?? ''] : [])))
  const [only = ''] = reasons
  const reason = reasons.size === 1 && only.length <= short && decided !== 'accept' ? `: ${only}` : ''
  return `${words[decided]} by ${names}${reason}${state === 'closed' ? ', and closed' : ''}`
}

import type { ConsignmentView } from '../../shared/views.ts'

export type Half = ConsignmentView['decisions'][number]

const seconds = ['witness', 'release-authority', 'security-officer'] as const

const isAgent = (half: Half): boolean => half.roles.includes('transfer-agent')
const isSecond = (half: Half): boolean => seconds.some((role) => half.roles.includes(role))

/**
 * The signatures that still count towards a decision: those of a hold that stands are spent. For the page only;
 * main decides by the same rule (`main/desk/acts/decide.ts`).
 */
export function currentHalves(decisions: readonly Half[]): readonly Half[] {
  let round: Half[] = []
  for (const half of decisions) {
    const partner = round.some(
      (other) =>
        other.outcome === half.outcome &&
        ((isAgent(other) && isSecond(half)) || (isAgent(half) && isSecond(other))),
    )
    round = half.outcome === 'hold' && partner ? [] : [...round, half]
  }
  return round
}

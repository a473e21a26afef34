import { severities, type Severity } from '../../../shared/policy-items.ts'

// CVSS 3.1, 5: the ratings by score.
const rating = (score: number): Severity | null => {
  if (!(score >= 0 && score <= 10)) return null
  if (score === 0) return 'none'
  if (score < 4) return 'low'
  if (score < 7) return 'medium'
  return score < 9 ? 'high' : 'critical'
}

// As tools of the field write them.
const alsoCalled: Readonly<Record<string, Severity>> = { moderate: 'medium', negligible: 'low' }

/** How bad a score or a word is; `null`: it is not understood. */
export function severityOf(score: string | number | null | undefined): Severity | null {
  if (score === null || score === undefined) return null
  const text = String(score).trim().toLowerCase()
  if (/^\d+(?:\.\d+)?$/.test(text)) return rating(Number(text))
  return (
    severities.find((one) => one === text) ??
    (Object.hasOwn(alsoCalled, text) ? (alsoCalled[text] ?? null) : null)
  )
}

/** Where methods disagree the worst counts; where one is not understood nobody knows how bad it is, unless it is the worst already. */
export function worstOf(stated: readonly (string | number | null | undefined)[]): Severity | null {
  const found = stated.map(severityOf)
  if (found.includes('critical')) return 'critical'
  if (found.length === 0 || found.includes(null)) return null
  return [...severities].reverse().find((one) => found.includes(one)) ?? null
}

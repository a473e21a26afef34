import type { Assessed } from '../../evidence/assess.ts'
import { made, pass, type RuleResult } from '../rule-result.ts'

const sayPiece = ({ view }: Assessed): string => {
  const reason = view.reason ?? view.unreadable
  return `${view.layer}: ${reason?.means ?? ''} (${reason?.code ?? ''}: ${reason?.found ?? ''})`
}

/**
 * What somebody known contradicts is no accident beside a good one. What nobody known vouches for, or what is not read, is
 * told and fails nothing by being there: anybody can lay it beside an item.
 */
export function checkFalse(evidence: readonly Assessed[]): RuleResult {
  const id = 'policy.evidence'
  const expected = 'no evidence that somebody known contradicts'
  const bad = evidence.filter(({ view }) => view.result === 'bad')
  const [first] = bad
  if (first !== undefined) {
    const words = { expected, found: `${bad.length} false; ${sayPiece(first)}` }
    return made(id, 'fail', 'false', words, bad)
  }
  const unknown = evidence.filter(({ view }) => view.result === 'unknown' || view.unreadable !== null)
  const [odd] = unknown
  if (odd === undefined) return pass(id, expected, `${evidence.length} pieces of evidence, none false`)
  const found = `${evidence.length} pieces of evidence, none false; ${unknown.length} unknown or not read, which count for nothing; ${sayPiece(odd)}`
  return made(id, 'warn', 'unknown', { expected, found }, unknown)
}

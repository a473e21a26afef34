import { reasonWords } from '../../shared/text/reasons.ts'
import type { Command } from './command.ts'

/** Every reason for which evidence is refused, with the clause behind it: for auditors, and for those who argue. */
export const reasons: Command = {
  about:
    'List every reason for which evidence is refused: what it means, what to do, and where the rule is written.',
  positional: [],
  options: {},
  run() {
    const rows = Object.entries(reasonWords)
    const lines = rows.flatMap(([code, { means, next, source, kind }]) => [
      `${code} (${kind === 'unknown' ? 'not checked: nobody known vouches' : 'refused'})`,
      `  Means:  ${means}`,
      `  Next:   ${next}`,
      `  Source: ${source}`,
    ])
    return Promise.resolve({ value: { reasons: rows.map(([code, words]) => ({ code, ...words })) }, lines })
  },
}

import type { GraphProblem } from '../oci/graph.ts'
import { limits } from '../platform/limits.ts'
import { plain } from '../source/reading.ts'
import type { Draft, Spoken } from './draft.ts'

/** One piece of evidence of an item. */
export interface SpokenPiece {
  readonly draft: Draft
  readonly entry: Spoken
}

/**
 * Which pieces contradict the content or pieces before them, each with why. Found by halves: a few among many cost a
 * few walks of the whole for each of them, not one for every piece. A source of which too many were refused is not
 * listened to any more.
 *
 * @param problemOf walks the content with these pieces: what is wrong, or `null`
 */
export async function contradicting(
  all: readonly SpokenPiece[],
  problemOf: (pieces: readonly SpokenPiece[]) => Promise<GraphProblem | null>,
): Promise<Map<SpokenPiece, string>> {
  const refused = new Map<SpokenPiece, string>()
  const refusedOf = new Map<string, number>()
  let accepted: readonly SpokenPiece[] = []
  const isHeard = ({ draft }: SpokenPiece): boolean =>
    (refusedOf.get(draft.from) ?? 0) < limits.evidenceRefused
  const settle = async (pieces: readonly SpokenPiece[]): Promise<void> => {
    const heard = pieces.filter(isHeard)
    for (const piece of pieces) {
      if (!isHeard(piece)) refused.set(piece, 'Too much evidence of this source was refused.')
    }
    const [first, second] = heard
    if (first === undefined) return
    const problem = await problemOf([...accepted, ...heard])
    if (problem === null) accepted = [...accepted, ...heard]
    else if (second === undefined) {
      refused.set(first, plain(`${problem.reason}: expected ${problem.expected}, found ${problem.found}`))
      refusedOf.set(first.draft.from, (refusedOf.get(first.draft.from) ?? 0) + 1)
    } else {
      const middle = Math.ceil(heard.length / 2)
      await settle(heard.slice(0, middle))
      await settle(heard.slice(middle))
    }
  }
  await settle(all)
  return refused
}

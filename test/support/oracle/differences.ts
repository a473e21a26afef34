import { Facade } from './facade.ts'
import { answersOf, type Answers, type OracleCase } from './cases.ts'

/** By case: our answer and theirs, where one accepts and the other does not. */
export type Differences = Readonly<Record<string, readonly [ours: string, theirs: string]>>

export interface Compared {
  readonly cases: number
  readonly differences: Differences
  /** Cases of which the product’s own second verifier says that they are false, though ours accepts them. */
  readonly contradicted: readonly string[]
}

const differ = ({ ours, theirs }: Answers): boolean =>
  theirs !== 'not asked' && (ours === 'accepted') !== (theirs === 'accepted')

/** Gives each case of a set to both verifiers. */
export async function compare(cases: readonly OracleCase[]): Promise<Compared> {
  const facade = await Facade.open()
  const differences: Record<string, readonly [string, string]> = {}
  const contradicted: string[] = []
  try {
    for (const one of cases) {
      const answers = await answersOf(one, facade)
      if (differ(answers)) differences[one.name] = [answers.ours, answers.theirs]
      if (answers.opinion?.startsWith('contradicts') === true) contradicted.push(one.name)
    }
  } finally {
    await facade.close()
  }
  return { cases: cases.length, differences, contradicted }
}

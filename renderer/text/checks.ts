import type { CheckWords } from '../../shared/text/check-words.ts'
import { checkWords } from '../../shared/text/checks.ts'
import type { Check } from '../../shared/verdict.ts'

const titles: Readonly<Record<string, CheckWords>> = checkWords

/** The name of a check in words; its id where it has none. */
export const titleOf = (id: string): string => titles[id]?.title ?? id

/** Checks that say the same of several things: never empty. */
export type Alike = readonly [Check, ...Check[]]

/**
 * Checks together that differ only in what they are about and what was found there, in the order of the first of each. Of
 * those that could not be checked for one reason, and of which one advice is given, that is one cause: they stand together
 * whichever they are.
 */
export function alike(checks: readonly Check[]): readonly Alike[] {
  const groups = new Map<string, [Check, ...Check[]]>()
  for (const check of checks) {
    const { id, result, reason, means, next } = check
    const key = JSON.stringify([result, reason, next, ...(result === 'not-checked' ? [] : [id, means])])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [check])
    else group.push(check)
  }
  return [...groups.values()]
}

/** What stands on every verdict of a desk for as long as nothing about desk or sender changes, in a few words each. */
const standing: Readonly<Record<string, string>> = {
  'desk.founding': 'this desk is not sealed',
  'signers.requester': 'the requester is named, not proven',
}

/** Whether it is a note that every verdict here carries, and nothing about this bundle. */
export function isStanding({ id, result }: Check): boolean {
  return result === 'warn' && id in standing
}

/** The standing notes in one sentence; empty where there is none. */
export function standingSentence(checks: readonly Check[]): string {
  const said = Object.keys(standing).flatMap((id) =>
    checks.some((check) => isStanding(check) && check.id === id) ? [standing[id] ?? ''] : [],
  )
  const text = said.join('; ')
  return text === '' ? '' : `On every verdict here: ${text}.`
}

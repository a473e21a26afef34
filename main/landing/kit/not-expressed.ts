import type { KitFacts, NotExpressed } from './kit-facts.ts'
import type { Manner } from './rule-words.ts'
import { rules, type RuleName } from './rules.ts'

/** What no engine that checks nothing holds. */
const unchecked = 'This engine checks no signature. The rule is not held here at all.'

/**
 * The rules of the policy in force that an engine cannot hold, in the order of the table.
 *
 * @param held what this engine does hold in this manner
 */
export function rulesNotHeld(
  { policy }: KitFacts,
  manner: Manner,
  held: readonly RuleName[] = [],
): NotExpressed[] {
  return (Object.keys(rules) as RuleName[]).flatMap((name) => {
    const { words, sealed, listed, signers } = rules[name]
    const rule = words(policy.document)
    if (rule === null || held.includes(name)) return []
    const means = { list: listed ?? sealed, seal: sealed, signers, nothing: unchecked }[manner]
    return [{ rule, means }]
  })
}

/** How many names are written out; all of them stand in `relocation.csv` of the kit `lock`. */
const mostNames = 20

/** Names that an engine's files leave out, as one line; none where there are none. */
export function leftOut(rule: string, names: readonly string[], means: string): NotExpressed[] {
  if (names.length === 0) return []
  const shown = names.slice(0, mostNames).join(', ')
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : ''
  return [{ rule: `${rule}: ${shown}${more}`, means }]
}

/** What every engine leaves out: names that could say something else in a file. */
export const strangeNames = (names: readonly string[]): NotExpressed[] =>
  leftOut('Names that are no repository below the target', names, 'They stand in no file of this kit.')

/** What engines cannot do that compare no names: those built on cosign. */
export const copiedAlong: NotExpressed = {
  rule: 'An image counts under the name that it landed under',
  means:
    'The engine does not compare names. Whoever may push to the registry can copy an image with its signatures to another name below the target, and it is admitted there.',
}

/** What engines cannot do that see only what their policy is about. */
export const fromElsewhere: NotExpressed = {
  rule: 'Nothing runs that did not land',
  means:
    'Images from other registries are not what this policy is about, and are let by. Forbid them by a rule of the cluster, or let the nodes reach no other registry.',
}

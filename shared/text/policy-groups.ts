import type { ItemRule } from '../policy-items.ts'
import type { Policy } from '../policy.ts'
import { policyRows } from './policy-rows.ts'

/** Rules that belong together, as an officer looks for them. */
export interface PolicyGroup {
  readonly heading: string
  readonly rows: ReturnType<typeof policyRows>
}

const kinds: Readonly<Record<ItemRule['kind'], string>> = {
  any: 'Asked of every item',
  image: 'Asked of images',
  chart: 'Asked of charts',
  manifests: 'Asked of manifests',
  file: 'Asked of files',
  folder: 'Asked of folders',
  git: 'Asked of git repositories',
  model: 'Asked of models',
  artifact: 'Asked of artifacts',
}

/** The heading of what is asked of every bundle. */
export const bundles = 'Asked of bundles'

// By the beginning of a rule’s name, which is ours; what follows it may be anybody’s.
const others: readonly (readonly [string, RegExp])[] = [
  ['Never let in', /^(?:Forbidden|Withdrawn) /],
  ['Whose signatures count', /^Identity /],
  ['Exceptions written ahead', /^Exception from /],
  ['Asked of media', /^(?:Media that nobody registered|Register of media|Capacity of media|Kinds of media)$/],
  ['Kept and pointed to', /^(?:Records|Procedure)$/],
  ['Connections and programs', /^(?:Export registries$|Program )/],
]

const ofItems = (kind: ItemRule['kind']): RegExp =>
  new RegExp(`^Rule for every ${kind === 'any' ? 'item' : kind} named `)

/** A policy as an officer reads it, by what it asks something of; every rule once. */
export function policyGroups(policy: Policy): readonly PolicyGroup[] {
  const all: readonly (readonly [string, RegExp])[] = [
    ...Object.entries(kinds).map(([kind, heading]) => [heading, ofItems(kind as ItemRule['kind'])] as const),
    ...others,
  ]
  const rows = policyRows(policy)
  const placeOf = (name: string): string => all.find(([, names]) => names.test(name))?.[0] ?? bundles
  return [bundles, ...all.map(([heading]) => heading)].flatMap((heading) => {
    const own = rows.filter(([name]) => placeOf(name) === heading)
    return own.length === 0 ? [] : [{ heading, rows: own }]
  })
}

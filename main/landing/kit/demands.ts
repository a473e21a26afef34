import type { PolicyIdentity } from '../../../shared/policy.ts'
import { isAbout } from '../../oci/item-name.ts'
import type { KitFacts, KitItem, KitRoot } from './kit-facts.ts'
import { inOrder, sorted } from './places.ts'

/** Somebody whose signature an engine can ask for. */
export type KitSigner =
  | { readonly kind: 'key'; readonly name: string; readonly pem: string }
  | {
      readonly kind: 'person'
      readonly name: string
      readonly issuer: string | null
      readonly identity: string
      /** The roots under which it counts. */
      readonly roots: readonly KitRoot[]
    }

/** So many of these must have signed. */
export interface Group {
  readonly least: number
  readonly of: readonly KitSigner[]
}

/** What is asked of images at the target: all groups. */
export interface Demand {
  /** The repositories that it is about, in order; `null`: everything below the target. */
  readonly repositories: readonly string[] | null
  readonly groups: readonly Group[]
}

/** What is asked, and of which repositories nothing is. */
export interface Demands {
  readonly asked: readonly Demand[]
  readonly unasked: readonly string[]
}

const signerOf = (identity: PolicyIdentity, roots: readonly KitRoot[]): KitSigner =>
  'key' in identity
    ? { kind: 'key', name: identity.name, pem: identity.key }
    : {
        kind: 'person',
        name: identity.name,
        issuer: identity.issuer ?? null,
        identity: identity.identity,
        roots: roots.filter(({ digest }) => identity.root === undefined || identity.root === digest),
      }

/** The groups that rules of the policy ask of one item, in the order of the policy. */
function groupsFor(item: KitItem, facts: KitFacts, signers: ReadonlyMap<string, KitSigner>): Group[] {
  return facts.policy.document.items
    .filter((rule) => isAbout(rule, item))
    .flatMap(({ signedBy }) => {
      if (signedBy === undefined) return []
      // A name that is not known here cannot be dropped: fewer would be enough of those that are left.
      const of = [...new Set(signedBy.identities)].map(
        (name) =>
          signers.get(name) ?? ({ kind: 'person', name, issuer: null, identity: '', roots: [] } as const),
      )
      return [{ least: signedBy.least, of }]
    })
}

const same = (group: Group): string => JSON.stringify([group.least, group.of.map(({ name }) => name)])

function bySigners(
  facts: KitFacts,
  identities: readonly PolicyIdentity[],
  roots: readonly KitRoot[],
): Demands {
  const signers = new Map(identities.map((one) => [one.name, signerOf(one, roots)]))
  // What is asked of one repository is all that is asked of anything in it.
  const perRepository = new Map<string, Map<string, Group>>()
  for (const item of sorted(facts).items) {
    const known = perRepository.get(item.repository) ?? new Map<string, Group>()
    for (const group of groupsFor(item, facts, signers)) known.set(same(group), group)
    perRepository.set(item.repository, known)
  }
  const together = new Map<string, { repositories: string[]; groups: Group[] }>()
  const unasked: string[] = []
  for (const repository of inOrder([...perRepository.keys()])) {
    const groups = perRepository.get(repository) ?? new Map<string, Group>()
    if (groups.size === 0) {
      unasked.push(repository)
      continue
    }
    const key = inOrder([...groups.keys()]).join('\n')
    const known = together.get(key) ?? { repositories: [], groups: [...groups.values()] }
    known.repositories.push(repository)
    together.set(key, known)
  }
  const asked = inOrder([...together.keys()]).flatMap((key) => together.get(key) ?? [])
  return { asked, unasked }
}

/** Who must have signed what. By the landing: every key, of everything below the target. */
export function demandsOf(facts: KitFacts): Demands {
  const { trust } = facts
  if (trust.kind === 'signers') return bySigners(facts, trust.identities, trust.roots)
  const groups = trust.keys.map(({ name, pem }) => ({
    least: 1,
    of: [{ kind: 'key' as const, name, pem }],
  }))
  return { asked: [{ repositories: null, groups }], unasked: [] }
}

/** The most sets that a group is written out into. */
const mostSets = 16

function subsets<Value>(of: readonly Value[], size: number): Value[][] {
  if (size === 0) return [[]]
  return of.flatMap((one, i) => subsets(of.slice(i + 1), size - 1).map((rest) => [one, ...rest]))
}

/** How many sets of `size` there are among `count`. */
function choices(count: number, size: number): number {
  let found = 1
  for (let i = 0; i < size; i++) found = (found * (count - i)) / (i + 1)
  return Math.round(found)
}

/**
 * The same for an engine that knows “any of these” and “all of these” only: n of m have signed exactly when somebody has in
 * every set of m − n + 1. `null` where that would be too many sets, or the group cannot be met.
 */
export function anyOfEach({ least, of }: Group): KitSigner[][] | null {
  const size = of.length - least + 1
  if (size < 1 || choices(of.length, size) > mostSets) return null
  return subsets(of, size)
}

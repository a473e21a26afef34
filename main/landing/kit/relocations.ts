import type { KitItem } from './kit-facts.ts'
import { hostOf, inOrder, sourceOf } from './places.ts'

/** What begins with `from` is at the target what begins with `to` instead; the longest that fits counts. */
export interface Relocation {
  readonly from: string
  readonly to: string
}

/** Where the things of registries went. */
export interface Relocations {
  /** As few as say it, in order of `from`. */
  readonly prefixes: readonly Relocation[]
  /** Each repository by itself, in order of `from`. */
  readonly repositories: readonly Relocation[]
  /** Repositories that went to two places: no engine can follow that. */
  readonly twice: readonly string[]
}

/** Both names without the steps that their ends share; a host always stays. */
function shortened({ from, to }: Relocation): Relocation {
  const [before, after] = [from.split('/'), to.split('/')]
  while (before.length > 1 && after.length > 1 && before.at(-1) === after.at(-1)) {
    before.pop()
    after.pop()
  }
  return { from: before.join('/'), to: after.join('/') }
}

/** Where a name goes by these prefixes; `null` where none fits. */
export function relocated(name: string, prefixes: ReadonlyMap<string, string>): string | null {
  for (let end = name.length; end > 0; end = name.lastIndexOf('/', end - 1)) {
    const to = prefixes.get(name.slice(0, end))
    if (to !== undefined) return `${to}${name.slice(end)}`
  }
  return null
}

// Of two ways for one beginning the one that more names go; of equal ones the first in order.
function commonest(ways: readonly Relocation[]): Map<string, string> {
  const counts = new Map<string, Map<string, number>>()
  for (const { from, to } of ways) {
    const known = counts.get(from) ?? new Map<string, number>()
    known.set(to, (known.get(to) ?? 0) + 1)
    counts.set(from, known)
  }
  const best = (known: ReadonlyMap<string, number>): string =>
    [...known].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0] ?? ''
  return new Map([...counts].map(([from, known]) => [from, best(known)]))
}

/**
 * Where the things that came from registries went, as few beginnings of names as say it. What is not in it came from
 * elsewhere, or keeps its name.
 */
export function relocationsOf(items: readonly KitItem[]): Relocations {
  const places = new Map<string, string>()
  const twice: string[] = []
  for (const item of items) {
    const from = sourceOf(item)
    if (from === null) continue
    if ((places.get(from) ?? item.repository) !== item.repository) twice.push(from)
    else places.set(from, item.repository)
  }
  const repositories = inOrder([...places.keys()]).map((from) => ({ from, to: places.get(from) ?? '' }))
  const prefixes = commonest(repositories.map(shortened))
  // One that goes another way than its beginning says has a line of its own, which may lead others astray in turn.
  let wrong = repositories
  while (wrong.length > 0) {
    wrong = repositories.filter(({ from, to }) => relocated(from, prefixes) !== to)
    for (const { from, to } of wrong) prefixes.set(from, to)
  }
  const said = inOrder([...prefixes.keys()]).map((from) => ({ from, to: prefixes.get(from) ?? '' }))
  return { prefixes: said.filter(({ from, to }) => from !== to), repositories, twice: inOrder(twice) }
}

/** The hosts that things came from, in order. */
export const hostsOf = (relocations: Relocations): string[] =>
  inOrder(relocations.repositories.map(({ from }) => hostOf(from)))

/** What each repository at the target was called before; `null` where several came together in it. */
export function formerNames(repositories: readonly Relocation[]): Map<string, string | null> {
  const former = new Map<string, string | null>()
  for (const { from, to } of repositories) former.set(to, former.has(to) ? null : from)
  return former
}

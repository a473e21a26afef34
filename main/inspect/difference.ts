import { changeKinds, type Change, type ChangeKind } from '../../shared/components.ts'
import { limits } from '../platform/limits.ts'
import { shown } from '../sigstore/refusal.ts'
import type { Listed, Package } from './packages.ts'

/** What is different between two lists of packages; counted whole, listed up to a limit, the worst first. */
export interface Difference {
  readonly counts: Readonly<Record<ChangeKind, number>>
  readonly changes: readonly Change[]
  readonly left: number
}

const isSame = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((one) => b.has(one))

const texts = (found: Iterable<string>): string[] => [...found].map((one) => shown(one)).sort()

const versionsOf = ({ versions }: Package): Set<string> =>
  new Set([...versions.keys()].filter((version) => version !== null))

// The same version with other bytes: nothing else in these documents says it, and nobody looks for it.
function otherBytes(purl: string, before: Package, now: Package): Change[] {
  return [...before.versions].flatMap(([version, was]): Change[] => {
    const is = now.versions.get(version)
    if (version === null || is === undefined || was.size === 0 || is.size === 0 || isSame(was, is)) return []
    return [{ kind: 'bytes', purl: shown(`${purl}@${version}`), before: texts(was), now: texts(is) }]
  })
}

function versionChange(purl: string, before: Package, now: Package): Change[] {
  const [was, is] = [versionsOf(before), versionsOf(now)]
  const said = { purl: shown(purl), before: texts(was), now: texts(is) }
  // One without a version may be any of them.
  if (before.versions.has(null) || now.versions.has(null)) return [{ kind: 'unsaid', ...said }]
  return isSame(was, is) ? [] : [{ kind: 'changed', ...said }]
}

function changesOf(purl: string, before: Package | undefined, now: Package | undefined): Change[] {
  if (before === undefined)
    return now === undefined
      ? []
      : [{ kind: 'added', purl: shown(purl), before: [], now: texts(versionsOf(now)) }]
  if (now === undefined)
    return [{ kind: 'removed', purl: shown(purl), before: texts(versionsOf(before)), now: [] }]
  const licences = { purl: shown(purl), before: texts(before.licences), now: texts(now.licences) }
  return [
    ...otherBytes(purl, before, now),
    ...versionChange(purl, before, now),
    ...(isSame(before.licences, now.licences) ? [] : [{ kind: 'licences' as const, ...licences }]),
  ]
}

const cut = (change: Change): Change => ({
  ...change,
  before: change.before.slice(0, limits.versionsListed),
  now: change.now.slice(0, limits.versionsListed),
})

/** Compares what two sets of documents list. It says nothing of what they do not list. */
export function differenceOf(before: Listed, now: Listed): Difference {
  const names = [...new Set([...before.packages.keys(), ...now.packages.keys()])].sort()
  const all = names.flatMap((purl) => changesOf(purl, before.packages.get(purl), now.packages.get(purl)))
  const sorted = changeKinds.flatMap((kind) => all.filter((change) => change.kind === kind))
  const count = (kind: ChangeKind): number => all.filter((change) => change.kind === kind).length
  return {
    counts: {
      bytes: count('bytes'),
      added: count('added'),
      changed: count('changed'),
      removed: count('removed'),
      licences: count('licences'),
      unsaid: count('unsaid'),
    },
    changes: sorted.slice(0, limits.changesListed).map(cut),
    left: Math.max(0, sorted.length - limits.changesListed),
  }
}

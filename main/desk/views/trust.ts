import type { ChangeView, RootView } from '../../../shared/changes.ts'
import { hexOf } from '../../../shared/digest.ts'
import type { DeskView } from '../../../shared/views.ts'
import { differenceWords, policyDifferences } from '../../../shared/text/policy-rows.ts'
import { Failure } from '../../platform/failure.ts'
import { canonical } from '../../platform/json.ts'
import { parsePolicy } from '../../policy/parse.ts'
import { wordsOf } from '../../trust/fingerprint.ts'
import type { RootContent } from '../../trust/root.ts'
import { changeWords } from './change-words.ts'
import type { Desk } from '../desk.ts'
import { isCurrent, maySignSecond } from '../state/changes.ts'
import { installedContent } from '../state/installed-root.ts'
import { officersOf } from '../state/check-change.ts'
import { ownerOf, type ChangeState, type DeskState, type Root } from '../state/state.ts'

function stateOf(state: DeskState, one: ChangeState): ChangeView['state'] {
  if (one.signed !== null) return 'in-force'
  if (one.withdrawn !== null) return 'withdrawn'
  return isCurrent(state, one) ? 'pending' : 'stale'
}

// A policy that was asked for under older rules may not be one any more: then its text alone is shown.
function detailsOf(state: DeskState, { document: { change } }: ChangeState): string[] {
  if (change.kind !== 'policy.set') return []
  try {
    const after = parsePolicy(Buffer.from(change.source, 'utf8'))
    return policyDifferences(state.policy.document, after).map(differenceWords)
  } catch (error) {
    if (error instanceof Failure) return ['It can no longer be read as a policy.']
    throw error
  }
}

/** A change as both faces show it. */
export function changeView(desk: Desk, one: ChangeState): ChangeView {
  const { document, digest, proposed, signed, withdrawn } = one
  const { number, version, before, change } = document
  const now = stateOf(desk.state, one)
  const able = officersOf(desk.state).filter((person) => maySignSecond(desk.state, person, one))
  return {
    number,
    version,
    kind: change.kind,
    sentence: changeWords(change, (key) => ownerOf(desk.state, key)),
    details: now === 'pending' ? detailsOf(desk.state, one) : [],
    before,
    digest,
    state: now,
    proposed,
    signed,
    withdrawn,
    may: now === 'pending' ? able.map((person) => person.id) : [],
    text: canonical(change).toString('utf8'),
  }
}

// What was installed was read strictly then; a later version that reads it otherwise must not close the desk.
function contentOf(root: Pick<Root, 'source'>): RootContent {
  try {
    return installedContent(root)
  } catch {
    return { authorities: [], unusable: ['It can no longer be read.'] }
  }
}

/** A trusted root as both faces show it. */
export function rootView(root: Omit<Root, 'at'> & { readonly at: string | null }): RootView {
  const { name, digest, origin, at, by } = root
  const words = wordsOf(hexOf(digest))
  const { authorities, unusable } = contentOf(root)
  return {
    ...{ name, digest, words, origin, at },
    by: [...by],
    authorities: [...authorities],
    unusable: [...unusable],
  }
}

/** What the ceremony has made of a desk. */
export function trustParts(
  desk: Desk,
): Pick<DeskView, 'seal' | 'version' | 'changes' | 'roots' | 'peers' | 'revoked'> {
  const { seal, version, changes, roots, peers, revoked } = desk.state
  const open = changes.filter((one) => one.signed === null && one.withdrawn === null)
  return {
    seal:
      seal === null
        ? null
        : {
            digest: seal.digest,
            words: wordsOf(hexOf(seal.digest)),
            at: seal.at,
            officers: [...seal.officers],
          },
    version,
    changes: open.map((one) => changeView(desk, one)),
    roots: roots.map(rootView),
    peers: [...peers],
    revoked: [...revoked.values()].map(({ fingerprint, name, at, reason }) => ({
      fingerprint,
      name,
      at,
      reason,
    })),
  }
}

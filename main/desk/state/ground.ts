import type { GroundPart } from '../../../shared/views.ts'
import type { Change } from './change.ts'
import type { Consignment } from './consignment.ts'
import type { Around, DeskState } from './state.ts'

// A person who is added changes nothing that was judged; one whose key is replaced loses the old one, as by a revocation.
const partOf: Readonly<Partial<Record<Change['kind'], GroundPart>>> = {
  'policy.set': 'policy',
  'trust.add': 'trust',
  'trust.revoke': 'revocations',
  'root.add': 'roots',
  'person.key': 'people',
}

/** Remembers which event last changed what verdicts stand on. */
export function noteGround(state: DeskState, { kind }: Change, { sequence, at }: Around): void {
  const part = partOf[kind]
  if (part !== undefined) state.ground = { ...state.ground, [part]: { event: sequence, at } }
}

/** What the verdict of something undecided stands on and was changed since, and when; in a fixed order. */
export function changedSince(
  { ground }: DeskState,
  { verdict }: Consignment,
): { readonly what: GroundPart; readonly at: string }[] {
  if (verdict === null) return []
  return Object.values(partOf).flatMap((what) => {
    const last = ground[what]
    return last === undefined || last.event < verdict.event ? [] : [{ what, at: last.at }]
  })
}

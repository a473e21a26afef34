import type { SigningRole } from '../../../shared/schema.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import type { AskView } from '../../../shared/views.ts'
import { sentenceOf } from '../../bundle/signature-lines.ts'
import type { Desk } from '../desk.ts'
import type { Person } from '../state/entries.ts'
import { roleFor } from '../state/roles.ts'
import type { Consignment } from '../state/consignment.ts'

/** Why a person who holds the role may not sign this consignment in it; `null` when they may. */
function obstacle(one: Consignment, waybill: Waybill, person: Person, role: SigningRole): string | null {
  if (role === 'release' && person.id === one.requester) return 'asked for this content'
  const before = one.approvals.find(
    (approval) => approval.person === person.id || approval.fingerprint === person.fingerprint,
  )
  if (before !== undefined) return 'has signed already'
  const listed = waybill.people.find((other) => other.id === person.id)
  return listed?.fingerprint === person.fingerprint ? null : 'came after this waybill was made'
}

/**
 * The signatures that a waybill still lacks. For the page: the act of signing decides anew by its own rules
 * (`acts/approve.ts`).
 */
export function asksOf(
  desk: Desk,
  one: Consignment,
  waybill: Waybill,
  missing: readonly SigningRole[],
): AskView[] {
  return missing.map((role) => {
    const holders = desk.state.people.filter((person) => person.roles.includes(roleFor[role]))
    const judged = holders.map((person) => ({ person: person.id, why: obstacle(one, waybill, person, role) }))
    return {
      role,
      sentence: sentenceOf(role, waybill),
      may: judged.filter(({ why }) => why === null).map(({ person }) => person),
      mayNot: judged.flatMap(({ person, why }) => (why === null ? [] : [{ person, why }])),
    }
  })
}

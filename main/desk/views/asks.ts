import { approvalObstacle } from '../../../shared/rules/approval.ts'
import { roleFor } from '../../../shared/rules/roles.ts'
import type { SigningRole } from '../../../shared/schema.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import type { AskView } from '../../../shared/views.ts'
import { sentenceOf } from '../../bundle/signature-lines.ts'
import type { Desk } from '../desk.ts'
import { listedIn } from '../disk/waybill.ts'
import { personHere } from '../state/state.ts'
import type { Consignment } from '../state/consignment.ts'

/** Why somebody who holds the role may not sign, as the page goes on after their name. */
const obstacleWords = {
  'role-missing': 'does not hold the role',
  'requester-releases': 'asked for this content',
  'already-signed': 'has signed already',
  'same-person': 'has signed already',
  'not-listed': 'came after this waybill was made',
} as const

/** The signatures that a waybill still lacks, by the rule that the act of signing follows. */
export function asksOf(
  desk: Desk,
  one: Consignment,
  waybill: Waybill,
  missing: readonly SigningRole[],
): AskView[] {
  const signed = { requester: one.requester, approvals: one.approvals, people: listedIn(waybill) }
  return missing.map((role) => {
    const holders = desk.state.people.filter((person) => person.roles.includes(roleFor[role]))
    const judged = holders.map((person) => {
      const why = approvalObstacle(signed, personHere(person), role)
      return { person: person.id, why: why === null ? null : obstacleWords[why] }
    })
    return {
      role,
      sentence: sentenceOf(role, waybill),
      may: judged.filter(({ why }) => why === null).map(({ person }) => person),
      mayNot: judged.flatMap(({ person, why }) => (why === null ? [] : [{ person, why }])),
    }
  })
}

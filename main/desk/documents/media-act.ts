import { mediaObstacle, peopleNeeded, secondMediaRoles } from '../../../shared/rules/media.ts'
import type { Keyholder } from '../../../shared/rules/roles.ts'
import { Failure } from '../../platform/failure.ts'
import type { Signer } from '../../sign/signer.ts'
import type { Desk } from '../desk.ts'
import type { Person } from '../state/entries.ts'
import type { MediaAct, RegisterAct, SignedBy } from '../state/media-facts.ts'
import { signMediaAct, type SecondHalf } from '../state/media-statement.ts'
import { personHere } from '../state/state.ts'

type Proven = { readonly person: Person; readonly signer: Signer }

/**
 * Somebody's act on the register, signed on the ground that is in force now: who, and what its event carries.
 *
 * @param second of a second half: which act it completes
 */
export async function signMedia(
  desk: Desk,
  act: MediaAct,
  { person, signer }: Proven,
  second: SecondHalf | null = null,
): Promise<{ readonly by: SignedBy; readonly extra: { statements: string[]; person: Person } }> {
  const roles = [...person.roles].sort()
  const at = desk.now()
  const { size, root } = desk.head()
  const statement = await signMediaAct(signer, {
    ...{ act, second, person: person.id, roles, desk: desk.id, policy: desk.state.policy.digest, time: at },
    ledger: { size, root: root.toString('base64') },
  })
  return {
    by: { person: person.id, name: person.name, roles, at },
    extra: { statements: [statement], person },
  }
}

/** How many people's keys an act needs at this desk now. */
export const peopleFor = (desk: Desk, act: RegisterAct): number =>
  peopleNeeded(act, desk.state.policy.document.media.people)

/**
 * Says why somebody may not sign an act on the register.
 *
 * @param first who signed already
 * @throws Failure `role-missing`, `same-person`
 */
export function refuseMediaHalf(person: Person, first: Keyholder | null): void {
  const obstacle = mediaObstacle(personHere(person), first)
  if (obstacle === 'same-person') throw new Failure('same-person', { person: person.name })
  if (obstacle === null) return
  const expected = first === null ? 'media-custodian' : secondMediaRoles.join(', ')
  throw new Failure('role-missing', { person: person.name, expected, found: person.roles.join(', ') })
}

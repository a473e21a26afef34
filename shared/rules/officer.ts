import type { Role } from '../schema.ts'
import { isSame, type Keyholder } from './roles.ts'
import { rulesNow } from './version.ts'

/**
 * Why somebody may not sign a change of a desk; `null` when they may: security officers do, whose own key it does not
 * take away, and the second one is not the first.
 *
 * @param taken fingerprint of the key that the change takes away: it is neither needed nor taken for it
 * @param first who signed already
 */
export function officerObstacle(
  person: Keyholder & { readonly roles: readonly Role[] },
  taken: string | null,
  first: Keyholder | null,
  rules = rulesNow,
): 'role-missing' | 'own-key' | 'same-person' | null {
  if (!person.roles.includes('security-officer')) return 'role-missing'
  if (person.fingerprint === taken) return 'own-key'
  return first !== null && isSame(first, person, rules) ? 'same-person' : null
}

import type { Digest } from '../../../shared/digest.ts'
import { decidingRoles, isDecided } from '../../../shared/rules/decision.ts'
import type { Verdict } from '../../../shared/verdict.ts'
import { Failure } from '../../platform/failure.ts'
import type { Signer } from '../../sign/signer.ts'
import type { Desk } from '../desk.ts'
import { readWaybill } from '../disk/waybill.ts'
import type { Consignment } from '../state/consignment.ts'
import type { Person } from '../state/entries.ts'
import { signOverVerdict, type Claim, type OwnClaim, type PredicateType } from '../state/verdict-statement.ts'

/** The verdict of what people may still act on. @throws Failure `consignment-state` */
export async function openVerdict(
  desk: Desk,
  one: Consignment,
): Promise<{ readonly verdict: Verdict; readonly digest: Digest }> {
  const verdict = await desk.verdict(one)
  if (verdict === null || one.verdict === null || isDecided(one.decided)) {
    throw new Failure('consignment-state', { found: one.state, expected: 'verified and not decided' })
  }
  return { verdict, digest: one.verdict.digest }
}

/**
 * Somebody's act over a verdict, signed on the ground that is in force now: what its event says of it, and what it
 * carries.
 *
 * @param own what this act says besides
 */
export async function signVerdictAct<Type extends PredicateType>(
  desk: Desk,
  one: Consignment,
  verdict: Digest,
  { person, signer }: { readonly person: Person; readonly signer: Signer },
  type: Type,
  own: OwnClaim<Type>,
) {
  const { digest: waybill } = await readWaybill(desk, one)
  const roles = [...person.roles].sort()
  const at = desk.now()
  const head = desk.head()
  const claim = {
    ...own,
    ...{ person: person.id, roles, desk: desk.id, verdict, policy: desk.state.policy.digest, time: at },
    ledger: { size: head.size, root: head.root.toString('base64') },
  } as unknown as Claim<Type>
  const statement = await signOverVerdict(signer, waybill, type, claim)
  return {
    facts: {
      ...{ consignment: one.id, waybill, verdict, ...own },
      ...{ person: person.id, name: person.name, roles, at },
    },
    extra: { subjects: [waybill, verdict], statements: [statement], person },
  }
}

/**
 * Says why somebody may not give half of an act over a verdict.
 *
 * @param obstacle what the rule of the act says; `null` when they may
 * @throws Failure `role-missing`, `same-person`
 */
export function refuseHalf({ name, roles }: Person, obstacle: 'role-missing' | 'same-person' | null): void {
  switch (obstacle) {
    case 'role-missing': {
      const expected = decidingRoles.join(', ')
      throw new Failure('role-missing', { person: name, expected, found: roles.join(', ') })
    }
    case 'same-person':
      throw new Failure('same-person', { person: name })
    case null:
  }
}

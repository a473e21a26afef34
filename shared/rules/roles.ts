import type { Role, SigningRole } from '../schema.ts'

/* Who may do what by role. Pure: acts, pages and replay call the same rule. */

/** Which role a person must hold at a desk to sign a waybill in each signing role. */
export const roleFor: Readonly<Record<SigningRole, Role>> = {
  prepare: 'transfer-agent',
  release: 'release-authority',
  witness: 'witness',
}

/** Two of the roles that one person may not hold together (the built-in policy); `null` when they may. */
export function excludedPair(roles: readonly Role[]): [Role, Role] | null {
  if (roles.includes('requester') && roles.includes('release-authority'))
    return ['requester', 'release-authority']
  const other = roles.find((role) => role !== 'auditor')
  return roles.includes('auditor') && other !== undefined ? ['auditor', other] : null
}

/** Somebody, as a rule about two different people knows them. */
export interface Keyholder {
  readonly person: string
  readonly name: string
  readonly fingerprint: string
}

/** A text as a reader sees it at a glance: without capitals, accents, widths and doubled blanks. */
export function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/gu, ' ').trim()
}

/**
 * Whether two signatures come from one person or one key: then they count as one. Since version 2 of the rules, one
 * person under two ids is told by the name, and ids do not differ by capitals.
 */
export function isSame(a: Keyholder, b: Keyholder, rules: number): boolean {
  if (a.person === b.person || a.fingerprint === b.fingerprint) return true
  return rules >= 2 && (folded(a.person) === folded(b.person) || folded(a.name) === folded(b.name))
}

import type { Role } from '../schema.ts'
import { isSame, type Keyholder } from './roles.ts'
import { rulesNow } from './version.ts'

/* What becomes of a medium, and who says so. Pure: acts, pages and the register that is replayed call the same rules. */

export const mediumKinds = [
  'usb-stick',
  /** Written once. */
  'disc',
  'rewritable-disc',
  /** A disk or SSD in a case. */
  'drive',
  'card',
  'tape',
  'other',
] as const
export type MediumKind = (typeof mediumKinds)[number]

export const mediumStates = [
  'registered',
  'blank',
  'written',
  'in-transit',
  'received',
  'spoiled',
  'lost',
  'sanitised',
  'destroyed',
] as const
export type MediumState = (typeof mediumStates)[number]

/** States that somebody says; the others follow from what was done with the medium. */
export const statedStates = ['blank', 'received', 'spoiled', 'lost', 'sanitised', 'destroyed'] as const
export type StatedState = (typeof statedStates)[number]

/** What somebody may say next, by the state that a medium is in. What is destroyed stays so. */
const following: Readonly<Record<MediumState, readonly StatedState[]>> = {
  registered: ['blank', 'spoiled', 'lost', 'sanitised', 'destroyed'],
  blank: ['spoiled', 'lost', 'sanitised', 'destroyed'],
  written: ['spoiled', 'lost', 'sanitised', 'destroyed'],
  'in-transit': ['received', 'spoiled', 'lost', 'destroyed'],
  received: ['spoiled', 'lost', 'sanitised', 'destroyed'],
  spoiled: ['lost', 'sanitised', 'destroyed'],
  // Found again, nobody knows where it has been.
  lost: ['spoiled', 'destroyed'],
  sanitised: ['blank', 'spoiled', 'lost', 'destroyed'],
  destroyed: [],
}

/** The states that somebody may say of a medium now. */
export const statesAfter = (state: MediumState): readonly StatedState[] => following[state]

const writableStates: readonly MediumState[] = ['registered', 'blank', 'written', 'sanitised']

/** Whether a medium in this state may be written. */
export const mayBeWritten = (state: MediumState): boolean => writableStates.includes(state)

/** States for which the record says how it was done: method, tool, how it was verified, where. */
export const isDisposition = (state: StatedState): boolean => state === 'sanitised' || state === 'destroyed'

/** Changes that are a person's act where the policy asks for people: nobody finds such a medium again by looking. */
const personal: readonly StatedState[] = ['lost', 'sanitised', 'destroyed']

/** What is done to the register, as far as the rule about people looks. */
export type RegisterDeed =
  { readonly deed: 'register' } | { readonly deed: 'state'; readonly state: StatedState }

/** How many people's keys an act on the register needs, by what the policy asks for. */
export function peopleNeeded(act: RegisterDeed, people: number): number {
  return act.deed === 'register' || personal.includes(act.state) ? people : 0
}

/** Roles of those who may sign the second half. */
export const secondMediaRoles = ['media-custodian', 'witness', 'security-officer'] as const

/**
 * Why somebody may not sign an act on the register; `null` when they may: a media custodian first, then another person.
 *
 * @param first who signed already
 */
export function mediaObstacle(
  person: Keyholder & { readonly roles: readonly Role[] },
  first: Keyholder | null,
  rules = rulesNow,
): 'role-missing' | 'same-person' | null {
  const allowed: readonly Role[] = first === null ? ['media-custodian'] : secondMediaRoles
  if (!person.roles.some((role) => allowed.includes(role))) return 'role-missing'
  return first !== null && isSame(first, person, rules) ? 'same-person' : null
}

/** A label as an organisation prints it: it begins with a letter or digit. */
export const isMediumLabel = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)

/** Labels that differ only by capitals are one. */
export const labelKey = (label: string): string => label.toLowerCase()

/** What is known of the media that a bundle came on, by the register of the desk that reads them. */
export interface CameOn {
  /** Each of them as the register has it; `null` for one that it does not have. */
  readonly media: readonly ({ readonly label: string; readonly kind: MediumKind } | null)[]
  /** On how many the bundle was laid. */
  readonly of: number
  /** What was typed when it arrived; `null`: nothing. */
  readonly seal: 'fits' | 'differs' | null
}

/** A number as it is printed on a seal. */
export const isSealNumber = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._/ -]{0,63}$/.test(text)

/** What was typed of a seal. */
export interface SealSeen {
  /** As the sheet says it. */
  readonly sheet: string
  /** As it stands on the bag or case. */
  readonly bag: string
  readonly whole: boolean
}

const plainSeal = (text: string): string => text.replace(/\s+/g, '').toUpperCase()

/** Whether a seal is the one that was put on, and whole. */
export const sealFits = ({ sheet, bag, whole }: SealSeen): boolean =>
  whole && plainSeal(sheet) === plainSeal(bag)

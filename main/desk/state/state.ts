import type { Digest } from '../../../shared/digest.ts'
import type { Keyholder } from '../../../shared/rules/roles.ts'
import type { Role } from '../../../shared/schema.ts'
import type { Policy } from '../../../shared/policy.ts'
import type { GroundPart } from '../../../shared/views.ts'
import type { DeskCard } from '../../../shared/waybill.ts'
import type { LedgerEvent } from '../../ledger/event.ts'
import type { TrustedSigner } from '../../trust/signers.ts'
import type { ChangeDocument } from './change.ts'
import type { InstalledRoot, Peer, Person, Tuf } from './entries.ts'
import { newConsignment, type Consignment } from './consignment.ts'
import type { newOrder } from './order.ts'

/** A key or a trusted root that no longer counts here, and never will again. */
export interface Revoked {
  /** Of a root: the SHA-256 of its file. */
  readonly fingerprint: string
  readonly name: string
  /** The id of the person at this desk whose key it was. */
  readonly person: string | null
  readonly at: string
  readonly reason: string
}

/** Who did something to a change, and when. */
export interface OfficerAct {
  readonly person: string
  readonly name: string
  readonly at: string
}

/** A change that was proposed after the founding, or as the seal that ends it. */
export interface ChangeState {
  readonly document: ChangeDocument
  readonly digest: Digest
  readonly proposed: OfficerAct
  signed: OfficerAct | null
  withdrawn: OfficerAct | null
}

/** A trusted root as it was installed: by whom, when. */
export interface Root extends InstalledRoot {
  readonly at: string
  /** Names; nobody's while the desk was founding. */
  readonly by: readonly string[]
}

/** The landing key in force: its private half lies in a file of the desk. */
export interface LandingKey {
  readonly fingerprint: string
  /** SPKI DER in base64. */
  readonly key: string
  /** Whether its file has a passphrase. */
  readonly locked: boolean
  readonly at: string
  /** Names of the officers; nobody's while the desk was founding. */
  readonly by: readonly string[]
}

/** What sealed the desk. */
export interface Seal {
  readonly digest: Digest
  readonly at: string
  readonly officers: readonly { readonly id: string; readonly name: string; readonly fingerprint: string }[]
}

/** Everything a desk knows, replayed from its ledger. Nothing else is believed. */
export interface DeskState {
  card: DeskCard
  marking: string
  people: Person[]
  trust: TrustedSigner[]
  policy: { digest: Digest; source: string; document: Policy }
  /** By id, in the order in which they came. */
  consignments: Map<string, Consignment>
  order: ReturnType<typeof newOrder>
  /**
   * The highest time that accepted content proves: what it says of its making, and at most this desk's own time when it
   * was accepted. `null` where nothing was accepted yet.
   */
  floor: string | null
  /** Digests named by both people of a rejection. */
  causes: Set<Digest>
  roots: Root[]
  /** What was last proven of a root that comes by package, by its name; kept when the root is revoked. */
  packages: Map<string, Tuf>
  peers: Peer[]
  /** The key by which what lands is sealed; `null` where there is none. */
  landing: LandingKey | null
  /** By fingerprint. */
  revoked: Map<string, Revoked>
  /** True until two officers have sealed the desk. */
  founding: boolean
  seal: Seal | null
  /** The last signed list of what is admitted; `null` where none was made. */
  listed: {
    readonly sequence: number
    readonly expires: string
    readonly digests: number
    readonly at: string
  } | null
  /** Changes in force since the founding; the seal is the first. */
  version: number
  /** The event that last changed each of what verdicts stand on; nothing where none has. */
  ground: Readonly<Partial<Record<GroundPart, { readonly event: number; readonly at: string }>>>
  /** The first collect that failed since content was last let go: what it fetched may lie in the store. `null`: none did. */
  failedSince: string | null
  /** By their number, from 1. */
  changes: ChangeState[]
  /** When two officers recorded that this desk was put back, the first first. */
  restored: Restored[]
  /** What newer rules would not allow, the oldest first. */
  flags: Flag[]
}

export const unmarked = 'NOT MARKED'

/** What an event says besides its facts. */
export interface Around {
  readonly sequence: number
  readonly at: string
  readonly statements: readonly string[]
  readonly actors: LedgerEvent['actors']
  readonly outcome: string | null
  /** The version of the rules that it was made under. */
  readonly rules: number
  /** The root over the first events; `null` where there are fewer. */
  readonly rootAt: (size: number) => Buffer | null
}

/** That this desk was put back, as two officers recorded it. */
export interface Restored {
  readonly at: string
  /** Names. */
  readonly by: readonly string[]
  /** The newest head that was known of it outside, which its ledger does not contain. */
  readonly kept: { readonly size: number; readonly root: string }
  /** Its head as it was found. */
  readonly found: { readonly size: number; readonly root: string }
}

/** Something that was done under older rules and that newer ones would not allow. It stays, and is said. */
export interface Flag {
  readonly sequence: number
  /** Without its full stop. */
  readonly sentence: string
}

/** Somebody of this desk, as rules about two different people know them. */
export function personHere({
  id,
  name,
  fingerprint,
  roles,
}: Pick<Person, 'id' | 'name' | 'fingerprint' | 'roles'>): Keyholder & { readonly roles: readonly Role[] } {
  return { person: id, name, fingerprint, roles }
}

/** The name of somebody who works here, or whose key was revoked; the id where both are unknown. */
export function nameOf(state: DeskState, id: string): string {
  const here = state.people.find((person) => person.id === id)
  const gone = [...state.revoked.values()].find((one) => one.person === id)
  return here?.name ?? gone?.name ?? id
}

/** What has a fingerprint here, or had it: the key of somebody, or a trusted root. */
export function ownerOf(state: DeskState, fingerprint: string): string {
  const gone = state.revoked.get(fingerprint)
  const key = [...state.people, ...state.trust].find((one) => one.fingerprint === fingerprint)
  if (key !== undefined) return `The key of ${key.name}`
  const root = state.roots.find((one) => one.digest === `sha256:${fingerprint}`)
  if (root !== undefined) return `The trusted root ${root.name}`
  return gone === undefined ? 'An unknown key' : `What ${gone.name} had`
}

/** The consignment of a waybill, where there is one. */
export function consignmentOf(
  state: Pick<DeskState, 'consignments'>,
  waybill: Digest,
): Consignment | undefined {
  return [...state.consignments.values()].find((one) => one.waybill === waybill)
}

export function consignmentIn(state: DeskState, id: string, at: string): Consignment {
  const known = state.consignments.get(id)
  if (known !== undefined) {
    known.updated = at
    return known
  }
  const made = newConsignment(id, at)
  made.marking = state.marking
  state.consignments.set(id, made)
  return made
}

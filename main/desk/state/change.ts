import { z } from 'zod'
import type { Digest } from '../../../shared/digest.ts'
import { zBase64, zDigest, zHex64, zName, zSize, zKeptText, zTime, zUuid } from '../../../shared/schema.ts'
import { digestOf } from '../../platform/hash.ts'
import { canonical } from '../../platform/json.ts'
import { heldRows } from '../../../shared/rules/stream-memory.ts'
import { zPeer, zPerson, zTrustedRoot, zTrustedSigner } from './entries.ts'

/** A head of a ledger: how many events, and the root over them. */
const zHead = z.strictObject({ size: zSize, root: zHex64 })
const zNumber = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)
const zNumbers = z.strictObject({ from: zNumber, to: zNumber })

/** What people may change about a desk: once it is sealed, only two security officers together. */
export const zChange = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('desk.seal'),
    officers: z
      .array(z.strictObject({ id: zName, fingerprint: zHex64 }))
      .min(2)
      .max(100),
  }),
  z.strictObject({ kind: z.literal('person.add'), person: zPerson }),
  /** A person's key is replaced; the old one is revoked with it. */
  z.strictObject({
    kind: z.literal('person.key'),
    id: zName,
    fingerprint: zHex64,
    key: zBase64,
    algorithm: z.string(),
  }),
  z.strictObject({ kind: z.literal('trust.add'), signer: zTrustedSigner }),
  /** Of a signer, of a person here, or of a trusted root (the SHA-256 of its file). */
  z.strictObject({ kind: z.literal('trust.revoke'), fingerprint: zHex64, reason: zKeptText }),
  z.strictObject({ kind: z.literal('root.add'), root: zTrustedRoot }),
  z.strictObject({ kind: z.literal('peer.add'), peer: zPeer }),
  /** What this desk takes for the earliest possible time: raised, lowered, or forgotten. */
  z.strictObject({ kind: z.literal('time.floor'), at: zTime.nullable() }),
  /** Content that was named as a cause is no longer one. */
  z.strictObject({ kind: z.literal('cause.lift'), digest: zDigest }),
  /** This desk was put back: its ledger does not contain the newest head that is known of it. */
  z.strictObject({ kind: z.literal('desk.restored'), kept: zHead, found: zHead }),
  z.strictObject({
    kind: z.literal('policy.set'),
    version: z.number().int().min(1),
    digest: zDigest,
    source: z.string(),
  }),
  /** A hold is released: of one waybill, one row, and what it rests on. */
  z.strictObject({
    kind: z.literal('stream.release'),
    consignment: zUuid,
    waybill: zDigest,
    row: z.enum(heldRows),
    rests: z.strictObject({
      others: z.array(zDigest).max(1000),
      missing: z.array(zNumbers).max(2000),
      end: z.strictObject({ digest: zDigest.nullable() }).nullable(),
      head: zKeptText.nullable(),
    }),
    /** For `order.state`: what the officers state of the stream, from label, sheet, report or receipt. */
    recovery: z
      .strictObject({
        epoch: zNumber,
        accepted: z.strictObject({ sequence: zNumber, digest: zDigest }).nullable(),
        rejected: z.array(zDigest).max(1000),
      })
      .nullable(),
  }),
  /** The epoch of a channel is raised: at a receiver for what it takes, at a sender for what it makes. */
  z.strictObject({ kind: z.literal('stream.epoch'), channel: zName, to: zNumber }),
  /** The key by which what lands is sealed; it takes the place of the one before. `locked`: its file has a passphrase. */
  z.strictObject({ kind: z.literal('landing.key'), fingerprint: zHex64, key: zBase64, locked: z.boolean() }),
  /** A channel belongs to another sender from now on. */
  z.strictObject({ kind: z.literal('stream.move'), channel: zName, to: zHex64 }),
])
export type Change = z.infer<typeof zChange>

/** Whether a change takes two officers on every desk: then one that is still founding has to be sealed first. */
export function needsOfficers({ kind }: Change): boolean {
  return ['desk.seal', 'time.floor', 'cause.lift'].includes(kind) || kind.startsWith('stream.')
}

/** A change in its place: which desk, which change, from which state. This is what officers sign. */
export interface ChangeDocument {
  readonly desk: string
  /** Counts what was proposed here, from 1. */
  readonly number: number
  /** One more than that of the state it starts from. */
  readonly version: number
  /** Digest of the state it starts from. */
  readonly before: Digest
  readonly change: Change
}

/** The digest of a change in its place; of a `desk.seal` this is the seal's digest. */
export function changeDigest({ desk, number, version, before, change }: ChangeDocument): Digest {
  return digestOf(canonical({ format: 'sallyport.desk-change/v1', desk, number, version, before, change }))
}

import type { Digest } from '../../shared/digest.ts'
import { isFileReference, isFreeText, isReference } from '../../shared/names.ts'
import { zWaybill, type Waybill } from '../../shared/waybill.ts'
import { askedOnce, isPath, statedBy } from '../oci/normal-form.ts'
import { digestOf, sha256Hex } from '../platform/hash.ts'
import { canonical, parseCanonical } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { KeyError, readSpki } from '../sigstore/public-key.ts'
import { indexBytes } from './index-json.ts'

/** A waybill with the bytes that were signed and their digest, which is the bundle's identity. */
export interface MadeWaybill {
  readonly bytes: Buffer
  readonly digest: Digest
  readonly waybill: Waybill
}

/** Why bytes are not a waybill. */
export class WaybillError extends Error {}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The id of the desk that a card describes: SHA-256 of its canonical form, hex. */
export function deskIdOf(card: Waybill['sender']): string {
  return sha256Hex(canonical(card))
}

function unique(values: readonly string[], what: string): void {
  if (new Set(values).size !== values.length) throw new WaybillError(`${what} repeated`)
}

function checkBlobs(waybill: Waybill): void {
  waybill.blobs.forEach((blob, i) => {
    const before = waybill.blobs[i - 1]
    if (before !== undefined && byText(before.digest, blob.digest) >= 0) {
      throw new WaybillError('blobs that are not sorted, or repeated')
    }
  })
}

function checkAttachments(waybill: Waybill): void {
  unique(
    waybill.attachments.map((a) => a.role),
    'an attachment role',
  )
  for (const role of ['request', 'assessment', 'policy'] as const) {
    if (!waybill.attachments.some((a) => a.role === role)) throw new WaybillError(`no attachment ${role}`)
  }
  const blobs = new Map(waybill.blobs.map((blob) => [blob.digest, blob]))
  for (const { role, digest, size } of waybill.attachments) {
    const blob = blobs.get(digest)
    if (blob?.state !== 'carried' || blob.size !== size || !blob.early) {
      throw new WaybillError(`the attachment ${role} is not among the carried early blobs`)
    }
  }
  if (waybill.request.digest !== waybill.attachments.find((a) => a.role === 'request')?.digest) {
    throw new WaybillError('a request digest that is not the attached request')
  }
}

// Everything that the station says is checked with this key: a waybill without a good one is none.
function checkStation(station: string): void {
  try {
    const { algorithm } = readSpki(Buffer.from(station, 'base64'))
    if (algorithm !== 'p256') throw new KeyError(`a key of ${algorithm}`)
  } catch (error) {
    const found = error instanceof KeyError ? error.message : 'something else'
    throw new WaybillError(`sender.station: expected an ECDSA P-256 key, found ${found}`)
  }
}

// A void's number lies below its waybill's own and stands once for each desk, which is among the destinations.
function checkVoids({ destinations, voided }: Waybill): void {
  const own = new Map(destinations.map(({ desk, sequence }) => [desk, sequence]))
  unique(
    voided.map(({ desk, sequence }) => `${desk}|${sequence}`),
    'a voided number',
  )
  unique(
    voided.map(({ desk, digest }) => `${desk}|${digest}`),
    'a voided bundle',
  )
  for (const { desk, sequence } of voided) {
    const below = own.get(desk)
    if (below === undefined) throw new WaybillError('a void for a desk that is no destination')
    if (sequence >= below) throw new WaybillError(`a void of number ${sequence}, not below its own ${below}`)
  }
}

// Rules meet an item's name and its version: both are computed again from the reference that leaves (bundle.md).
function checkNames(items: Waybill['items']): void {
  for (const { kind, reference, name, version, findings } of items) {
    const path = isPath(kind, reference)
    const form = path ? isFileReference : isReference
    if (!form(reference)) throw new WaybillError(`a reference that is none: ${reference}`)
    let stated: ReturnType<typeof statedBy>
    try {
      stated = statedBy(kind, reference, findings)
    } catch {
      throw new WaybillError(`a reference that is none: ${reference}`)
    }
    if (name !== (stated.name ?? name))
      throw new WaybillError(`the name ${name} for ${reference}, not ${stated.name ?? ''}`)
    // Of charts and trees of the request's folder the content says both, which is compared once it is read.
    if (version !== stated.version && !(path && kind !== 'file'))
      throw new WaybillError(
        `the version ${version ?? 'null'} for ${reference}, not ${stated.version ?? 'null'}`,
      )
  }
  unique(
    items.map(({ kind, reference }) => askedOnce(kind, reference)),
    'an item in another spelling',
  )
}

// What the schema cannot say: order, uniqueness and agreement of the parts with each other.
function checkTogether(waybill: Waybill): void {
  checkNames(waybill.items)
  checkBlobs(waybill)
  checkAttachments(waybill)
  checkVoids(waybill)
  if (waybill.sender.side !== 'low') throw new WaybillError('a sender that is not a low desk')
  if (!isFreeText(waybill.sender.name)) throw new WaybillError('a sender whose name is not all seen')
  checkStation(waybill.sender.station)
  unique(
    waybill.destinations.map((d) => d.desk),
    'a destination',
  )
  unique(
    waybill.items.map((item) => item.reference),
    'an item reference',
  )
  unique(
    waybill.people.map((person) => person.id),
    'a person',
  )
  for (const person of waybill.people) unique(person.roles, 'a role')
  if (waybill.expires <= waybill.created) throw new WaybillError('an expiry that is not after the making')
  const index = indexBytes(waybill.items)
  if (waybill.index.digest !== digestOf(index) || waybill.index.size !== index.length) {
    throw new WaybillError('an index.json that is not made from the items')
  }
}

/**
 * Parses the bytes of a waybill whose signatures were checked before. A newer format is refused by name.
 *
 * @throws WaybillError
 */
export function parseWaybill(bytes: Buffer): MadeWaybill {
  if (bytes.length > limits.waybillBytes) throw new WaybillError('more bytes than a waybill may have')
  let value: unknown
  try {
    value = parseCanonical(bytes)
  } catch (error) {
    throw new WaybillError(error instanceof Error ? error.message : 'not JSON')
  }
  const parsed = zWaybill.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new WaybillError(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`)
  }
  checkTogether(parsed.data)
  return { bytes, digest: digestOf(bytes), waybill: parsed.data }
}

/**
 * Makes a waybill: its canonical bytes, parsed again as a reader will.
 *
 * @throws WaybillError when it would be refused on the other side
 */
export function madeWaybill(waybill: Waybill): MadeWaybill {
  return parseWaybill(canonical(waybill))
}

import type { Digest } from '../../../shared/digest.ts'
import type { Preparer } from './world.ts'

/*
 * What a low desk does to its streams (trust.md, Order, “Voids”, “Sending”, “Epochs”), said once more and as simply as
 * it can be said. Nothing of the product is asked.
 */

/** A bundle as its waybill tells it. */
export interface Bundle {
  readonly digest: Digest
  readonly epoch: number
  readonly expires: string
  readonly entries: readonly {
    readonly desk: string
    readonly sequence: number
    readonly previous: Digest | null
  }[]
  readonly voids: readonly { readonly desk: string; readonly sequence: number; readonly digest: Digest }[]
  /** The low desk's ledger when it was sealed: a mark for each event, another after it was put back. */
  readonly ledger: readonly number[]
}

interface Kept {
  readonly bundle: Bundle
  voided: boolean
}

/** A consignment of a low desk. */
export interface Sent {
  readonly id: string
  readonly text: string
  readonly desks: readonly string[]
  readonly expires: string | null
  bundle: Bundle
  prepared: Preparer | null
  released: boolean
  dropped: 'no' | 'unsigned' | 'voided'
  written: boolean
  closed: boolean
  /** Released ones that it was made again from. */
  replaced: Kept[]
}

/** Everything that a low desk remembers. */
export interface LowState {
  sent: Sent[]
  epoch: number
  revoked: Preparer[]
  /** A mark for each event of its ledger. */
  ledger: number[]
}

/** A low desk that remembers nothing yet. */
export const newLow = (): LowState => ({ sent: [], epoch: 1, revoked: [], ledger: [] })

function released(low: LowState): Kept[] {
  return low.sent.flatMap((one) => [
    ...one.replaced,
    ...(one.released ? [{ bundle: one.bundle, voided: one.dropped === 'voided' }] : []),
  ])
}

const here = (low: LowState): Kept[] => released(low).filter((one) => one.bundle.epoch === low.epoch)

function lastFor(low: LowState, desk: string): { sequence: number; digest: Digest | null } {
  let last: { sequence: number; digest: Digest | null } = { sequence: 0, digest: null }
  for (const { bundle } of here(low)) {
    const entry = bundle.entries.find((one) => one.desk === desk)
    if (entry !== undefined && entry.sequence > last.sequence)
      last = { sequence: entry.sequence, digest: bundle.digest }
  }
  return last
}

function voidsFor(low: LowState, desks: readonly string[], also: Digest | null): Bundle['voids'] {
  return here(low)
    .filter((one) => one.voided || one.bundle.digest === also)
    .flatMap(({ bundle }) =>
      bundle.entries.map(({ desk, sequence }) => ({ desk, sequence, digest: bundle.digest })),
    )
    .filter((one) => desks.includes(one.desk))
}

/** Why a waybill no longer counts; `null` while it does. */
export function old(low: LowState, one: Sent, now: string): string | null {
  const { bundle } = one
  if (one.dropped !== 'no') return 'given up'
  if (bundle.epoch !== low.epoch) return 'epoch'
  if (now >= bundle.expires) return 'expired'
  if (one.released) return null
  if (bundle.entries.some((entry) => lastFor(low, entry.desk).sequence >= entry.sequence)) return 'number'
  const told = new Set(bundle.voids.map((v) => `${v.desk} ${v.digest}`))
  return voidsFor(low, one.desks, null).some((v) => !told.has(`${v.desk} ${v.digest}`)) ? 'void' : null
}

const revoked = (low: LowState, one: Sent): boolean =>
  one.prepared !== null && low.revoked.includes(one.prepared)

const barred = (low: LowState, one: Sent, now: string): boolean =>
  old(low, one, now) !== null || revoked(low, one)

/** What sealing it now must say: numbers, what is before them, and voids. */
export function nextFor(
  low: LowState,
  desks: readonly string[],
  before: Sent | null,
): Pick<Bundle, 'epoch' | 'entries' | 'voids'> {
  const replaced = before?.released === true ? before.bundle : null
  const entries = desks.map((desk) => {
    const { sequence, digest } = lastFor(low, desk)
    return { desk, sequence: sequence + 1, previous: digest }
  })
  return { epoch: low.epoch, entries, voids: voidsFor(low, desks, replaced?.digest ?? null) }
}

/** A consignment was sealed again: what it was keeps its number. */
export function sealAgain(low: LowState, one: Sent, bundle: Bundle): void {
  if (one.released) {
    const voided = one.dropped === 'voided' || one.bundle.epoch === low.epoch
    one.replaced.push({ bundle: one.bundle, voided })
    one.released = false
    one.dropped = 'no'
  }
  one.bundle = bundle
  one.prepared = null
  one.written = false
}

/* What each act answers. */

/** Making a waybill again. */
export function againCode(low: LowState, one: Sent, now: string): string {
  const may = !one.closed && (one.released ? barred(low, one, now) : one.dropped === 'no')
  if (!may) return 'consignment-state'
  return one.expires !== null && now >= one.expires ? 'bad-input' : 'ok'
}

/** The signature of one who prepares, or the last one. */
export function approveCode(low: LowState, one: Sent, role: 'prepare' | 'release', now: string): string {
  if (one.released || one.dropped !== 'no') return 'consignment-state'
  if (old(low, one, now) !== null) return 'waybill-old'
  return role === 'prepare' && one.prepared !== null ? 'already-signed' : 'ok'
}

/** Writing a medium. */
export function writeCode(low: LowState, one: Sent, now: string): string {
  if (one.dropped === 'unsigned' || one.closed) return 'consignment-state'
  if (old(low, one, now) !== null) return 'waybill-old'
  if (revoked(low, one)) return 'signer-revoked'
  return one.released ? 'ok' : 'signatures-missing'
}

/** Giving it up. */
export const dropCode = (one: Sent): string => (one.dropped === 'no' ? 'ok' : 'consignment-state')

/** Closing it. */
export const closeCode = (one: Sent): string =>
  one.written && !one.closed && one.dropped === 'no' ? 'ok' : 'consignment-state'

/** A key of a preparer counts no longer: what it signed and was not released loses that signature. */
export function revokeAtLow(low: LowState, who: Preparer): void {
  low.revoked.push(who)
  for (const one of low.sent) if (!one.released && one.prepared === who) one.prepared = null
}

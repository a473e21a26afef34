import { hexOf, type Digest } from '../../../shared/digest.ts'
import type { Keyholder } from '../../../shared/rules/roles.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import { digestOf } from '../../platform/hash.ts'
import { Failure } from '../../platform/failure.ts'
import { joinSignatureFile } from '../../bundle/signature-lines.ts'
import { parseWaybill, type MadeWaybill } from '../../bundle/waybill.ts'
import type { Desk } from '../desk.ts'
import type { Consignment } from '../state/consignment.ts'

/** The name of a waybill's file in its consignment's folder: one of its own for each making. */
export function waybillFile(digest: Digest): string {
  return `waybill-${hexOf(digest).slice(0, 16)}.json`
}

/** The waybill of a consignment from the desk's folder, held against the digest in the ledger. */
export async function readWaybill(desk: Desk, one: Consignment): Promise<MadeWaybill> {
  if (one.waybill === null)
    throw new Failure('consignment-state', { found: one.state, expected: 'one with a waybill' })
  const bytes = await desk.readIn(one.id, waybillFile(one.waybill))
  const found = digestOf(bytes)
  if (found !== one.waybill) {
    throw new Failure('desk-damaged', { expected: `waybill ${one.waybill}`, found })
  }
  return parseWaybill(bytes)
}

/** The signature file of a low desk's consignment, from the statements in its ledger. @throws Failure `ledger-damaged` */
export function signaturesOf(desk: Desk, one: Consignment): Buffer {
  const lineOf = (event: number): string => desk.lines.at(event - 1)?.statements[0] ?? ''
  return joinSignatureFile(
    one.approvals.map(({ role, event }) => ({ role, bytes: Buffer.from(lineOf(event), 'utf8') })),
  )
}

/** Everyone who could sign a waybill when it was made. */
export function listedIn(waybill: Waybill): Pick<Keyholder, 'person' | 'fingerprint'>[] {
  return waybill.people.map(({ id, fingerprint }) => ({ person: id, fingerprint }))
}

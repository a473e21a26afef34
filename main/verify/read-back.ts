import type { CheckId } from '../../shared/text/checks.ts'
import { layoutOf } from '../bundle/layout.ts'
import type { Located } from '../bundle/locate.ts'
import type { SealedWaybill } from '../bundle/waybill.ts'
import { digestOf } from '../platform/hash.ts'
import { CheckList } from './check.ts'
import { checkContent } from './checks/content.ts'
import { checkMedium, mediumIds } from './checks/medium.ts'
import { orderIds } from './checks/order.ts'
import { checkSignatures } from './checks/signatures.ts'
import { readFirst } from './first.ts'
import type { Ground, Reading, Tools } from './types.ts'

const required: readonly CheckId[] = [
  'signatures.form',
  'signatures.line',
  'signatures.required',
  'waybill.own',
  'desk.founding',
  ...mediumIds,
  'content.layout',
  'content.blob',
]
const notAsked: readonly CheckId[] = [
  'destination.here',
  ...orderIds,
  'expiry.waybill',
  'signers.trust',
  'ledger.consistency',
]

/** What the desk that wrote a medium has on record: the waybill by digest, with its frozen signature file. */
export interface OwnRecord {
  (waybill: string): { readonly sealed: SealedWaybill; readonly signatures: Buffer | null } | null
}

/**
 * Reads a medium back at the desk that wrote it: signatures against its own people, the waybill against its own
 * record, medium, layout and blobs as on the other side. Keeps nothing.
 */
export async function readBack(
  input: { located: Located; ground: Ground; own: OwnRecord },
  tools: Tools,
): Promise<Reading> {
  const { located, ground } = input
  const list = new CheckList()
  list.skip(notAsked, 'read-back')
  if (located.scope === 'tar') list.skip(mediumIds, 'bare-tar')
  tools.step('signatures')
  const first = await readFirst(located)
  const found = first.waybill === null ? null : digestOf(first.waybill)
  const base = { scope: located.scope, found, waybillBytes: first.waybill, signatures: first.signatures, addressed: false }
  const own = found === null ? null : input.own(found)
  const stop = (signed: boolean): Reading => ({
    ...base,
    signed,
    sealed: signed ? (own?.sealed ?? null) : null,
    verdict: list.close(required),
  })
  if (ground.founding) {
    const about = { subject: 'this desk', expected: 'a sealed desk', found: 'founding', reason: 'founding' }
    list.add('desk.founding', 'warn', about)
  }
  if (first.waybill === null || first.signatures === null || found === null) {
    list.fail('signatures.form', 'waybill.json', 'a waybill and its signatures', first.problem, 'missing')
    return stop(false)
  }
  const { signatures } = first
  const lines = checkSignatures({ signatures, waybill: found, trust: ground.trust, rule: ground.signers }, list)
  if (lines === null) return stop(false)
  if (own?.signatures == null || !own.signatures.equals(signatures) || !own.sealed.bytes.equals(first.waybill)) {
    const subject = own === null ? 'waybill.json' : 'waybill.sigstore.jsonl'
    list.fail('waybill.own', subject, 'what this desk released and wrote', own === null ? found : digestOf(signatures))
    return stop(true)
  }
  list.pass('waybill.own', 'waybill.json', found)
  const { sealed } = own
  const layout = layoutOf(sealed.waybill, sealed.bytes, signatures)
  const { station } = sealed.waybill.sender
  const common = { waybill: found, waybillBytes: first.waybill, signatures, station, size: layout.size }
  tools.step('medium')
  const { medium, pieces } =
    located.scope === 'medium'
      ? await checkMedium({ ...common, folder: located.folder, beside: located.beside }, list)
      : { medium: null, pieces: located.pieces }
  if (pieces !== null) await checkContent({ layout, pieces, medium, keeper: null }, tools, list)
  return stop(true)
}

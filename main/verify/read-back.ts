import type { Digest } from '../../shared/digest.ts'
import type { CheckId } from '../../shared/text/checks.ts'
import type { Located } from '../bundle/locate.ts'
import type { MadeWaybill } from '../bundle/waybill.ts'
import { digestOf } from '../platform/hash.ts'
import { checkBytes } from './bytes.ts'
import { CheckList } from './check.ts'
import { checkFounding } from './checks/founding.ts'
import { mediumIds, skipMedium } from './checks/medium.ts'
import { orderIds } from './checks/order.ts'
import { checkRegisterBack, type RegisterSaid } from './checks/register.ts'
import { checkSignatures } from './checks/signatures.ts'
import { readFirst, type FirstFiles } from './first.ts'
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

/** Looks up what the desk has on record of a waybill that it wrote; asked once, when its signatures count. */
export type OwnRecord = (waybill: Digest) => Promise<Own | null>

/** A waybill as the desk made it, with its frozen signature file. */
export interface Own {
  readonly made: MadeWaybill
  readonly signatures: Buffer | null
}

/**
 * Reads a medium back at the desk that wrote it: signatures against its own people, the waybill against its own
 * record, medium, layout and blobs as on the other side. Keeps nothing.
 *
 * @param input.serial of the drive that it is in now; `null` where that is not known
 */
export async function readBack(
  input: {
    located: Located
    serial: string | null
    register: RegisterSaid
    ground: Ground
    own: OwnRecord
  },
  tools: Tools,
): Promise<Reading> {
  const { located, serial, ground } = input
  const list = new CheckList()
  list.skip(notAsked, 'read-back')
  skipMedium(located.scope, serial, list)
  // Each medium is read back by itself.
  if (located.scope === 'medium') list.skip(['medium.all'], 'read-back')
  checkFounding(ground.founding, list)
  tools.step('signatures')
  const first = await readFirst(located)
  const { waybill, signatures } = first
  const found = waybill === null ? null : digestOf(waybill)
  checkRegisterBack(input.register, list)
  const signed = isSigned(first, found, ground, list)
  const own = signed && found !== null ? await input.own(found) : null
  if (signed && own !== null && isOwn(own, waybill, signatures, found, list)) {
    const written = {
      given: [{ located, serial }],
      earlier: [],
      made: own.made,
      signatures: signatures ?? Buffer.alloc(0),
      keeper: null,
    }
    await checkBytes(written, tools, list)
  } else if (signed && own === null) {
    list.fail('waybill.own', 'waybill.json', 'what this desk released and wrote', found ?? 'nothing')
  }
  return {
    scope: located.scope,
    found,
    signatures,
    signed,
    made: signed ? (own?.made ?? null) : null,
    evidence: null,
    set: null,
    verdict: list.close(required),
  }
}

function isSigned(first: FirstFiles, found: Digest | null, ground: Ground, list: CheckList): boolean {
  if (first.waybill === null || first.signatures === null || found === null) {
    list.fail('signatures.form', 'waybill.json', 'a waybill and its signatures', first.problem, 'missing')
    return false
  }
  const input = { signatures: first.signatures, waybill: found, ground }
  return checkSignatures(input, list) !== null
}

function isOwn(
  own: Own,
  waybill: Buffer | null,
  signatures: Buffer | null,
  found: Digest | null,
  list: CheckList,
): boolean {
  const same = waybill !== null && own.made.bytes.equals(waybill)
  const signed = signatures !== null && own.signatures?.equals(signatures) === true
  if (same && signed) {
    list.pass('waybill.own', 'waybill.json', found ?? '')
    return true
  }
  const subject = same ? 'waybill.sigstore.jsonl' : 'waybill.json'
  const other = signatures === null ? 'nothing' : digestOf(signatures)
  list.fail('waybill.own', subject, 'what this desk released and wrote', same ? other : (found ?? 'nothing'))
  return false
}

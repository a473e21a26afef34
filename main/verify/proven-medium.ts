import type { Located } from '../bundle/locate.ts'
import type { Medium } from '../bundle/medium.ts'
import type { MadeWaybill } from '../bundle/waybill.ts'
import { Failure } from '../platform/failure.ts'
import { digestOf } from '../platform/hash.ts'
import { readSpki } from '../sigstore/public-key.ts'
import { CheckList } from './check.ts'
import { readRecord } from './checks/medium.ts'
import { checkSignatures } from './checks/signatures.ts'
import { checkForm } from './checks/waybill.ts'
import { readFirst } from './first.ts'
import { reasonOf } from './station-record.ts'
import type { Ground } from './types.ts'

const notProven = (found: string, cause?: unknown): Failure =>
  new Failure(
    'medium-not-proven',
    {
      expected: 'a waybill that people who count here have signed, and a record by its sender’s station',
      found,
    },
    cause,
  )

/**
 * A medium whose waybill is signed by people who count here and whose record the sender's station signed: only then is
 * it known what its files must be. Its parts were not looked at.
 *
 * @throws Failure `medium-not-proven`
 */
export async function provenMedium(
  located: Extract<Located, { scope: 'medium' }>,
  ground: Ground,
): Promise<{ readonly made: MadeWaybill; readonly medium: Medium }> {
  const list = new CheckList()
  const { waybill, signatures, problem } = await readFirst(located)
  if (waybill === null || signatures === null) throw notProven(problem)
  const lines = checkSignatures({ signatures, waybill: digestOf(waybill), ground }, list)
  const made = lines === null ? null : checkForm(waybill, list)
  if (made === null) {
    const bad = list.checks.find(({ result }) => result === 'fail')
    throw notProven(bad === undefined ? 'nothing that counts' : `${bad.id}: ${bad.found}`)
  }
  try {
    const station = readSpki(Buffer.from(made.waybill.sender.station, 'base64'))
    const { medium } = await readRecord({ folder: located.folder, waybill: made.digest }, station)
    return { made, medium }
  } catch (error) {
    throw notProven(`medium.record: ${reasonOf(error)}`, error)
  }
}

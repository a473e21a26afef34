import type { Digest } from '../../../shared/digest.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import { provenanceProblem } from '../../bundle/provenance.ts'
import { Failure } from '../../platform/failure.ts'
import { readSpki } from '../../sigstore/public-key.ts'
import type { CheckList } from '../check.ts'

/** The bundle's own provenance: signed by the sender's station, about this index, with every item among its sources. */
export async function checkProvenance(
  waybill: Waybill,
  read: (digest: Digest, size: number) => Promise<Buffer>,
  list: CheckList,
): Promise<void> {
  const id = 'bundle.provenance'
  const about = {
    subject: 'index.json',
    expected: 'sources of every item, signed by the station of the sender',
  }
  const attachment = waybill.attachments.find(({ role }) => role === 'provenance')
  if (attachment === undefined) {
    list.add(id, 'warn', { ...about, found: 'no provenance', reason: 'none' })
    return
  }
  try {
    const bytes = await read(attachment.digest, attachment.size)
    const problem = provenanceProblem(bytes, waybill, readSpki(Buffer.from(waybill.sender.station, 'base64')))
    if (problem === null) list.pass(id, about.subject, about.expected, `${waybill.items.length} items`)
    else list.fail(id, about.subject, about.expected, problem)
  } catch (error) {
    // A blob that is missing or wrong is said by the checks of the content.
    if (!(error instanceof Failure) || error.code === 'cancelled') throw error
    list.fail(id, about.subject, about.expected, `it cannot be read (${error.code})`, 'unreadable')
  }
}

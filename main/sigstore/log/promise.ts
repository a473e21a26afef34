import { canonical } from '../../platform/json.ts'
import type { Entry } from '../bundle-file.ts'
import { Refusal } from '../refusal.ts'
import { verifiesMessage } from '../signature.ts'
import type { TrustedLog } from '../trusted-root.ts'

/**
 * Demands that the log signed its promise to include an entry (SET): the canonical JSON of body, time, id and index.
 *
 * @throws Refusal `log.promise-bad`
 */
export function checkPromise(entry: Entry, promise: Buffer, log: TrustedLog): void {
  const signed = canonical({
    body: entry.body.toString('base64'),
    integratedTime: entry.integratedTime,
    logID: entry.logId.toString('hex'),
    logIndex: entry.index,
  })
  if (!verifiesMessage(log.key, log.scheme, signed, promise)) {
    const found = 'one over another body, time or index, or by another key'
    throw new Refusal('log.promise-bad', `the inclusion promise of ${log.baseUrl}`, found)
  }
}

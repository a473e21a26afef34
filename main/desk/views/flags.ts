import { flagsOf } from '../../../shared/rules/stream-flags.ts'
import type { Desk } from '../desk.ts'
import type { Consignment } from '../state/consignment.ts'
import { memoryOf } from '../state/remembered.ts'

/** What was learned of something accepted since, in plain sentences. It stays accepted. */
export function flagSentences({ state }: Desk, one: Consignment): string[] {
  const { waybill, sender, channel, decided, sequence } = one
  if (decided !== 'accept' || waybill === null || sender === null || channel === null) return []
  const { withdrawn, contradicted } = flagsOf(memoryOf(state, sender.id, channel), waybill)
  return [
    ...(withdrawn ? ['Its sender has withdrawn it since: a later bundle declares it void.'] : []),
    ...contradicted.map(
      (other) => `The sender has signed another bundle about number ${sequence ?? 0}: ${other}.`,
    ),
  ]
}

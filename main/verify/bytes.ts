import { layoutOf } from '../bundle/layout.ts'
import type { Located } from '../bundle/locate.ts'
import type { MadeWaybill } from '../bundle/waybill.ts'
import type { CheckList } from './check.ts'
import { checkContent } from './checks/content.ts'
import { checkMedium } from './checks/medium.ts'
import type { Keeper, Tools } from './types.ts'

interface Input {
  readonly located: Located
  /** Serial of the drive that it is in now; `null` where that is not known. */
  readonly serial: string | null
  readonly made: MadeWaybill
  readonly signatures: Buffer
  /** Where the blobs go, asked for only once the medium's parts are whole; `null` to keep nothing. */
  readonly keeper: (() => Promise<Keeper>) | null
}

/**
 * The small files of a medium, then every byte of the tar against its layout: the same for a verification and a
 * read-back. `whole` when every byte is right.
 */
export async function checkBytes(
  input: Input,
  tools: Tools,
  list: CheckList,
): Promise<{ readonly whole: boolean; readonly keeper: Keeper | null }> {
  const { located, serial, made, signatures } = input
  const layout = layoutOf(made.waybill, made.bytes, signatures)
  tools.step('medium')
  const { medium, pieces } =
    located.scope === 'medium'
      ? await checkMedium(
          {
            folder: located.folder,
            beside: located.beside,
            waybill: made.digest,
            waybillBytes: made.bytes,
            signatures,
            station: made.waybill.sender.station,
            size: layout.size,
            serial,
          },
          list,
        )
      : { medium: null, pieces: located.pieces }
  if (pieces === null) return { whole: false, keeper: null }
  const keeper = input.keeper === null ? null : await input.keeper()
  const whole = await checkContent({ layout, pieces, medium, keeper }, tools, list)
  return { whole, keeper }
}

import { layoutOf } from '../bundle/layout.ts'
import type { Held } from '../bundle/media-set.ts'
import type { MadeWaybill } from '../bundle/waybill.ts'
import type { CheckList } from './check.ts'
import { checkContent } from './checks/content.ts'
import { checkMedium } from './checks/medium.ts'
import { checkParity } from './checks/parity.ts'
import { isOfBundle, readSet, type GivenRead } from './set.ts'
import type { Given, Keeper, MediaSet, Tools } from './types.ts'

interface Input {
  /** The bundle, or media of it; the first one's first two files were read already. */
  readonly given: readonly Given[]
  readonly made: MadeWaybill
  readonly signatures: Buffer
  /** Media of this bundle that were read whole before, the last first. */
  readonly earlier: readonly Held[]
  /** Where the blobs go, asked for only once the medium's parts are whole; `null` to keep nothing. */
  readonly keeper: (() => Promise<Keeper>) | null
}

/** What came of the bytes. */
export interface BytesRead {
  /** Whether every byte of the bundle is here and right. */
  readonly whole: boolean
  readonly keeper: Keeper | null
  readonly set: MediaSet | null
}

const nothing: BytesRead = { whole: false, keeper: null, set: null }

async function readSmall(input: Input, size: number, list: CheckList): Promise<GivenRead[]> {
  const { given, made, signatures } = input
  const read: GivenRead[] = []
  for (const [place, { located, serial }] of given.entries()) {
    if (located.scope === 'tar') continue
    if (place > 0 && !(await isOfBundle({ located, serial }, place, made, signatures, list))) continue
    const { folder, beside } = located
    const { station } = made.waybill.sender
    const files = { folder, beside, waybillBytes: made.bytes, signatures, station, size, serial }
    read.push({ given: place, ...(await checkMedium({ ...files, waybill: made.digest }, list)) })
  }
  return read
}

/**
 * The small files of a medium, then every byte of the tar against its layout: the same for a verification and a
 * read-back. Of several media each is read by itself (`set.ts`).
 */
export async function checkBytes(input: Input, tools: Tools, list: CheckList): Promise<BytesRead> {
  const { given, made, signatures, earlier } = input
  const layout = layoutOf(made.waybill, made.bytes, signatures)
  tools.step('medium')
  const [first] = given
  const read = await readSmall(input, layout.size, list)
  const isSet = read.length > 1 || read.some(({ medium }) => medium !== null && medium.of > 1)
  const tar = first?.located.scope === 'tar' ? first.located.pieces : null
  const pieces = tar ?? read[0]?.pieces ?? null
  const some = isSet ? read.some((one) => one.pieces !== null) : pieces !== null
  if (!some && !isSet) return nothing
  const keeper = input.keeper === null || !some ? null : await input.keeper()
  const alone = input.keeper === null
  for (const { medium, given: place, say } of read) {
    const from = given[place]?.located
    if (medium === null || from?.scope !== 'medium') continue
    await checkParity({ folder: from.folder, medium, say }, alone, tools, list)
  }
  if (isSet) return { keeper, ...(await readSet({ layout, read, earlier, keeper, alone }, tools, list)) }
  if (tar === null && keeper !== null) list.pass('medium.all', 'the bundle', 'medium 1 of 1')
  const medium = read[0]?.medium ?? null
  const whole = await checkContent({ layout, pieces: pieces ?? [], medium, keeper }, tools, list)
  return { whole, keeper, set: null }
}

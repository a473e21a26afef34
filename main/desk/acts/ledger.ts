import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { checkHead, readLedger } from '../../ledger/ledger.ts'
import { asFailure } from '../../platform/failure.ts'
import { readSpki } from '../../sigstore/public-key.ts'
import { wordsOf } from '../../trust/fingerprint.ts'
import { differingCaches } from '../caches.ts'
import type { Context } from '../context.ts'
import { deskIdOf } from '../../bundle/waybill.ts'
import { replay } from '../state/replay.ts'
import { deskFolder } from '../folder.ts'
import { readDeskCard } from '../open.ts'

/** `ledger.verify` on a folder: recomputes all of it and writes nothing. A damaged ledger does not keep it from running. */
export async function verifyLedger(root: string): Promise<CallOutput<'ledger.verify'>> {
  const folder = deskFolder(root)
  const card = await readDeskCard(folder)
  const id = deskIdOf(card)
  const read = await readLedger(root)
  let bad = read.bad
  if (bad === null && read.torn !== null) {
    bad = {
      line: read.events.length + 1,
      expected: 'a line with its end',
      found: `${read.torn.length} bytes without one`,
    }
  }
  bad ??= await checkHead(root, id, readSpki(Buffer.from(card.station, 'base64')), read)
  let differing: string[] = []
  if (bad === null) {
    try {
      differing = await differingCaches(folder, replay(read.events))
    } catch (error) {
      const { expected, found } = asFailure(error).facts
      bad = { line: read.events.length, expected: String(expected ?? ''), found: String(found ?? 'unknown') }
    }
  }
  const hex = read.tree.root().toString('hex')
  const intact = bad === null && differing.length === 0
  return { intact, size: read.tree.size, root: hex, words: wordsOf(hex), bad, differing }
}

/** `ledger.verify` of the open desk, or of the one at a place. */
export async function verify(
  context: Context,
  input: CallInput<'ledger.verify'>,
): Promise<CallOutput<'ledger.verify'>> {
  const { place } = input
  return verifyLedger(place === undefined ? context.desk().folder.root : context.places.path(place, 'desk'))
}

import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir } from 'node:fs/promises'
import { isFreeText } from '../../../shared/names.ts'
import { builtInPolicy } from '../../../shared/policy.ts'
import type { DeskCard } from '../../../shared/waybill.ts'
import { deskIdOf } from '../../bundle/waybill.ts'
import { newLedger } from '../../ledger/ledger.ts'
import { timeOf, type Clock } from '../../platform/clock.ts'
import { causeOf, Failure } from '../../platform/failure.ts'
import { flushFolder, makeFolder, writeRecord } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { canonical } from '../../platform/json.ts'
import { createStationKey } from '../../sign/key-file.ts'
import type { Signer } from '../../sign/signer.ts'
import { Desk } from '../desk.ts'
import { deskFolder } from '../folder.ts'
import { replay } from '../state/replay.ts'
import { unmarked, type DeskState } from '../state/state.ts'
import { writeCaches } from './caches.ts'

interface Making {
  readonly root: string
  readonly side: 'low' | 'high'
  readonly name: string
  readonly marking: string
}

async function emptyFolder(root: string): Promise<void> {
  try {
    await mkdir(root, { recursive: true, mode: 0o700 })
    if ((await readdir(root)).length > 0) throw new Failure('desk-not-empty', { folder: root })
    // A folder that was there may be open to a group; from now on it is this account's alone. Not every file system can.
    await chmod(root, 0o700).catch(() => undefined)
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('file-unreadable', { path: root, found: causeOf(error) }, error)
  }
}

function emptyState(card: DeskCard): DeskState {
  const first = {
    format: 'sallyport.event/v1' as const,
    sequence: 1,
    previous: null,
    type: 'desk.created',
    time: { at: card.created, source: 'system-clock' as const, certainty: 'not-confirmed' as const },
    actors: [],
    subjects: [],
    outcome: null,
    statements: [],
    facts: { card },
  }
  return replay([first], () => null)
}

/**
 * Makes a desk in a new or empty folder: card, station key, ledger with the built-in policy.
 *
 * @throws Failure `desk-not-empty`, `bad-input`
 */
export async function createDesk(
  making: Making,
  clock: Clock,
): Promise<{ id: string; card: DeskCard; station: Signer }> {
  for (const [what, text] of [
    ['name', making.name],
    ['marking', making.marking],
  ] as const) {
    if (!isFreeText(text))
      throw new Failure('bad-input', {
        found: `the ${what}`,
        expected: 'visible text of at most 500 characters',
      })
  }
  await emptyFolder(making.root)
  const folder = deskFolder(making.root)
  const { secret, signer } = await createStationKey()
  const card: DeskCard = {
    format: 'sallyport.desk/v1',
    side: making.side,
    name: making.name,
    created: timeOf(clock.now()),
    nonce: randomBytes(32).toString('hex'),
    station: signer.key.spki.toString('base64'),
  }
  const id = deskIdOf(card)
  for (const path of [folder.store, folder.quarantine, folder.consignments, folder.reports])
    await makeFolder(path)
  await writeRecord(folder.stationKey, secret)
  const ledger = newLedger(making.root, id, signer)
  const state = emptyState(card)
  const desk = new Desk({
    id,
    folder,
    clock,
    state,
    ledger,
    station: signer,
    writing: true,
    changed: () => undefined,
  })
  await desk.record('desk.created', { card })
  if (making.marking !== unmarked) await desk.record('desk.marking', { marking: making.marking })
  const digest = digestOf(builtInPolicy)
  await desk.record('policy.set', { version: 1, digest, source: builtInPolicy })
  await writeCaches(folder, state)
  // Last: a folder without its card is no desk, so a crash before this leaves none that looks whole.
  await writeRecord(folder.card, canonical(card), 0o644)
  await flushFolder(making.root)
  return { id, card, station: signer }
}

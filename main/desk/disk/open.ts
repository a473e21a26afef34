import { randomBytes } from 'node:crypto'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { isFreeText } from '../../../shared/names.ts'
import { builtInPolicy } from '../../../shared/policy.ts'
import { zDeskCard, type DeskCard } from '../../../shared/waybill.ts'
import { deskIdOf } from '../../bundle/waybill.ts'
import { checkHead, mendLedger, newLedger, openLedger, readLedger } from '../../ledger/ledger.ts'
import { timeOf, type Clock } from '../../platform/clock.ts'
import { causeOf, Failure } from '../../platform/failure.ts'
import { flushFolder, makeFolder, readCapped, writeRecord } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { canonical, parseCanonical } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import { createStationKey, openStationKey } from '../../sign/key-file.ts'
import type { Signer } from '../../sign/signer.ts'
import { readSpki } from '../../sigstore/public-key.ts'
import { differingCaches, writeCaches } from './caches.ts'
import { Desk } from '../desk.ts'
import { deskFolder, type DeskFolder } from '../folder.ts'
import { takeLock, type Lock } from './lock.ts'
import { putBackFrom, type HeadsPort } from '../../ledger/kept-head.ts'
import { recover } from './recovery.ts'
import { settled } from './settled.ts'
import { replay } from '../state/replay.ts'
import { unmarked, type DeskState } from '../state/state.ts'

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

/** The desk card in a folder. @throws Failure `desk-not-found`, `desk-damaged` */
export async function readDeskCard(folder: DeskFolder): Promise<DeskCard> {
  await stat(folder.card).catch(() => {
    throw new Failure('desk-not-found', { folder: folder.root })
  })
  try {
    return zDeskCard.parse(parseCanonical(await readCapped(folder.card, limits.smallFileBytes)))
  } catch (error) {
    throw new Failure('desk-damaged', { expected: 'a desk card', found: causeOf(error) }, error)
  }
}

async function stationOf(folder: DeskFolder, card: DeskCard): Promise<Signer> {
  const signer = openStationKey((await readCapped(folder.stationKey, limits.keyFileBytes)).toString('utf8'))
  if (signer.key.spki.toString('base64') !== card.station) {
    throw new Failure('desk-damaged', {
      expected: 'the station key of the desk card',
      found: signer.key.fingerprint,
    })
  }
  return signer
}

export interface OpenedDesk {
  readonly desk: Desk
  readonly lock: Lock | null
}

async function load(
  root: string,
  clock: Clock,
  writing: boolean,
  changed: () => void,
  heads: HeadsPort | undefined,
): Promise<{ desk: Desk; torn: boolean }> {
  const folder = deskFolder(root)
  const card = await readDeskCard(folder)
  const id = deskIdOf(card)
  const key = readSpki(Buffer.from(card.station, 'base64'))
  const { read, checked, bad } = await settled(
    folder,
    async () => {
      const read = await readLedger(root)
      const checked = await checkHead(root, id, key, read)
      return { read, checked, bad: read.bad ?? checked.bad }
    },
    (found) => (found.bad === null ? null : JSON.stringify(found.bad)),
  )
  if (bad !== null) {
    throw new Failure('ledger-damaged', { expected: bad.expected, found: `line ${bad.line}: ${bad.found}` })
  }
  const state = replay(read.events, (size) => read.tree.rootAt(size))
  if (deskIdOf(state.card) !== id) {
    throw new Failure('desk-damaged', {
      expected: 'the desk card that the ledger begins with',
      found: 'another card',
    })
  }
  const station = await stationOf(folder, card)
  if (writing) await mendLedger(root, read, checked)
  const ledger = openLedger(root, id, station, read, checked.signed)
  const putBack = await putBackFrom(heads, id, key, ledger.head(), (size) => ledger.rootAt(size))
  const desk = new Desk({ id, folder, clock, state, ledger, station, writing, changed, heads, putBack })
  return { desk, torn: read.torn !== null }
}

/**
 * Opens a desk. For writing it takes the lock and finishes or discards what a crash left; for reading it takes no
 * lock, writes nothing and recovers nothing.
 *
 * A desk that was put back opens, and takes nothing but the record of that (`desk-put-back`).
 *
 * @throws Failure `desk-not-found`, `desk-damaged`, `ledger-damaged`, `desk-busy`
 */
export async function openDesk(
  root: string,
  mode: 'read' | 'write',
  clock: Clock,
  changed: () => void,
  heads?: HeadsPort,
): Promise<OpenedDesk> {
  if (mode === 'read') return { desk: (await load(root, clock, false, changed, heads)).desk, lock: null }
  const folder = deskFolder(root)
  await readDeskCard(folder)
  const lock = await takeLock(folder.lock, clock)
  try {
    const { desk, torn } = await load(root, clock, true, changed, heads)
    // Nothing is finished, discarded or recorded at a desk that was put back before two officers have recorded that.
    if (desk.putBack !== null) return { desk, lock }
    const what: string[] = []
    if (lock.takenFrom !== null) what.push(`The lock of ${lock.takenFrom}, which is gone, was taken over.`)
    if (torn) what.push('The last line of the ledger was torn; it was set aside as ledger.torn.')
    const differing = await differingCaches(folder, desk.state)
    if (differing.length > 0) {
      await writeCaches(folder, desk.state)
      what.push(`Made anew from the ledger: ${differing.join(', ')}.`)
    }
    what.push(...(await recover(desk, torn || lock.takenFrom !== null)))
    if (what.length > 0) await desk.record('desk.recovered', { what })
    desk.recovered.push(...what)
    await desk.keepHead()
    return { desk, lock }
  } catch (error) {
    await lock.release()
    throw error
  }
}

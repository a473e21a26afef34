import { realpath, stat } from 'node:fs/promises'
import { zDeskCard, type DeskCard } from '../../../shared/waybill.ts'
import { deskIdOf } from '../../bundle/waybill.ts'
import { checkHead, mendLedger, openLedger, readLedger, type ReadLedger } from '../../ledger/ledger.ts'
import { type Clock } from '../../platform/clock.ts'
import { causeOf, Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { parseCanonical } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import { hasOwners } from '../../platform/owners.ts'
import { openStationKey, stationSecret } from '../../sign/key-file.ts'
import type { Signer } from '../../sign/signer.ts'
import { readSpki } from '../../sigstore/public-key.ts'
import { differingCaches, writeCaches } from './caches.ts'
import { Desk } from '../desk.ts'
import { deskFolder, type DeskFolder } from '../folder.ts'
import { takeLock, type Lock } from './lock.ts'
import { putBackFrom, type HeadsPort } from '../../ledger/kept-head.ts'
import type { SnapshotsPort } from '../../ledger/snapshot.ts'
import { recover } from './recovery.ts'
import { bareWarning, checkSound, warningsOf } from './sound.ts'
import { settled } from './settled.ts'
import { forget, keepSnapshot, takeSnapshot, type Snapshot } from './snapshot.ts'
import { differsAnew } from '../state/anew.ts'
import { fold, replay } from '../state/replay.ts'
import { type DeskState } from '../state/state.ts'

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

async function stationOf(
  folder: DeskFolder,
  card: DeskCard,
): Promise<{ readonly station: Signer; readonly secret: Buffer }> {
  const pem = (await readCapped(folder.stationKey, limits.keyFileBytes)).toString('utf8')
  const signer = openStationKey(pem)
  if (signer.key.spki.toString('base64') !== card.station) {
    throw new Failure('desk-damaged', {
      expected: 'the station key of the desk card',
      found: signer.key.fingerprint,
    })
  }
  return { station: signer, secret: stationSecret(pem) }
}

export interface OpenedDesk {
  readonly desk: Desk
  readonly lock: Lock | null
}

/** What is kept of a desk outside its folder. */
export interface Outside {
  /** Keeps the newest head. Without it nothing there can tell that a desk was put back. */
  readonly heads?: HeadsPort
  /** Keeps what a long ledger tells, so that it is not read in full each time. */
  readonly snapshots?: SnapshotsPort
}

interface Opening {
  readonly lock: Lock | null
  readonly root: string
  readonly clock: Clock
  readonly writing: boolean
  readonly changed: () => void
  readonly outside: Outside
}

// What was kept of the ledger and folded on, or all of it where nothing was, or where that is not how it goes on.
function stateOf(read: ReadLedger, snapshot: Snapshot | null): DeskState | null {
  const rootAt = (size: number): Buffer | null => read.tree.rootAt(size)
  if (snapshot === null || read.known === 0) return replay(read.events, rootAt)
  try {
    const state = snapshot.state()
    for (const event of read.events) fold(state, event, rootAt)
    return state
  } catch {
    return null
  }
}

async function load(opening: Opening): Promise<{ desk: Desk; torn: boolean }> {
  const { root, clock, writing, changed, outside } = opening
  const { heads } = outside
  const folder = deskFolder(root)
  const card = await readDeskCard(folder)
  const id = deskIdOf(card)
  const key = readSpki(Buffer.from(card.station, 'base64'))
  const { station, secret } = await stationOf(folder, card)
  const snapshots = outside.snapshots && { port: outside.snapshots, desk: id, secret }
  const snapshot = snapshots === undefined ? null : await takeSnapshot(snapshots)
  const { read, checked, bad } = await settled(
    folder,
    async () => {
      const read = await readLedger(root, snapshot?.lines)
      const checked = await checkHead(root, id, key, read)
      return { read, checked, bad: read.bad ?? checked.bad }
    },
    (found) => (found.bad === null ? null : JSON.stringify(found.bad)),
  )
  if (bad !== null) {
    throw new Failure('ledger-damaged', { expected: bad.expected, found: `line ${bad.line}: ${bad.found}` })
  }
  const state = stateOf(read, snapshot)
  const past = { lines: read.lines, rootAt: (size: number): Buffer | null => read.tree.rootAt(size) }
  // What acts stand on is verified anew; so is all of it where a snapshot says something else than the lines.
  if (state === null || (writing && read.known > 0 && differsAnew(state, past, []) !== null)) {
    if (snapshots !== undefined) await forget(snapshots)
    return load({ ...opening, outside: { ...(heads && { heads }) } })
  }
  if (deskIdOf(state.card) !== id) {
    throw new Failure('desk-damaged', {
      expected: 'the desk card that the ledger begins with',
      found: 'another card',
    })
  }
  if (snapshots !== undefined) await keepSnapshot(snapshots, read, state)
  if (writing) await mendLedger(root, read, checked)
  const ledger = openLedger(root, id, station, read, checked.signed)
  const putBack = await putBackFrom(heads, id, key, ledger.head(), (size) => ledger.rootAt(size))
  const dropSnapshot = read.known > 0 && snapshots ? () => forget(snapshots) : null
  const desk = new Desk({
    id,
    folder,
    clock,
    state,
    ledger,
    station,
    writing,
    changed,
    heads,
    putBack,
    dropSnapshot,
    lock: opening.lock,
  })
  return { desk, torn: read.torn !== null }
}

const takenWords = (from: string, lift: string | undefined): string =>
  lift === undefined
    ? `The lock of ${from}, which is gone, was taken over.`
    : `The lock of ${from} was lifted: ${lift}`

/**
 * Opens a desk. For writing it takes the lock and finishes or discards what a crash left; for reading it takes no
 * lock, writes nothing and recovers nothing.
 *
 * `lift`: why a lock is lifted whose holder nobody on this computer can ask; it goes on the record.
 *
 * A desk that was put back opens, and takes nothing but the record of that (`desk-put-back`).
 *
 * @throws Failure `desk-not-found`, `desk-damaged`, `ledger-damaged`, `desk-busy`
 */
export async function openDesk(
  named: string,
  mode: 'read' | 'write',
  clock: Clock,
  changed: () => void,
  outside: Outside = {},
  lift?: string,
): Promise<OpenedDesk> {
  // A link that leads to the desk is followed once, here; from now on it is known by where it really lies.
  const root = await realpath(named).catch(() => named)
  const opening = { root, clock, writing: mode === 'write', changed, outside }
  const folder = deskFolder(root)
  const owners = await hasOwners(root)
  if (mode === 'read') {
    const { desk } = await load({ ...opening, lock: null })
    desk.warnings.push(...(await warningsOf(folder, owners)))
    return { desk, lock: null }
  }
  await checkSound(folder, owners)
  await readDeskCard(folder)
  const lock = await takeLock(folder, clock, owners, lift !== undefined)
  try {
    const { desk, torn } = await load({ ...opening, lock })
    desk.warnings.push(...bareWarning(owners))
    // Nothing is finished, discarded or recorded at a desk that was put back before two officers have recorded that.
    if (desk.putBack !== null) return { desk, lock }
    const what: string[] = []
    if (lock.takenFrom !== null) what.push(takenWords(lock.takenFrom, lift))
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

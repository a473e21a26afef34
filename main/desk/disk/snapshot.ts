import type { KnownLines } from '../../ledger/lines.ts'
import { knownOf, type ReadLedger } from '../../ledger/read.ts'
import { openSnapshot, sealSnapshot, type SnapshotsPort } from '../../ledger/snapshot.ts'
import { limits } from '../../platform/limits.ts'
import { rulesNow } from '../../../shared/rules/version.ts'
import { freeze, thaw, type FrozenState } from '../state/frozen.ts'
import type { DeskState } from '../state/state.ts'

/** How many lines must have come before it is worth the time to keep what they tell. */
export const snapshotEvery = 500

/** Two lines of JSON: this, and the consignments, which many pages do not ask for. */
interface Kept {
  readonly rules: number
  readonly lines: KnownLines
  readonly state: Omit<FrozenState, 'consignments'>
}

/** Where the snapshot of one desk is kept, and what opens it. */
export interface Snapshots {
  readonly port: SnapshotsPort
  readonly desk: string
  /** The station's private key, PKCS#8 DER. */
  readonly secret: Uint8Array
}

/** What was kept of a desk: its lines so far and the state that they tell. */
export interface Snapshot {
  readonly lines: KnownLines
  state(): DeskState
}

/** The snapshot that was kept last; `null` where there is none that this program made for this desk. */
export async function takeSnapshot({ port, desk, secret }: Snapshots): Promise<Snapshot | null> {
  const sealed = await port.read(desk)
  const plain = sealed === null ? null : openSnapshot(sealed, secret, desk, port.build)
  if (plain === null) return null
  // Nobody but this program can have sealed it.
  const end = plain.indexOf('\n')
  const kept = JSON.parse(plain.toString('utf8', 0, end)) as Kept
  if (kept.rules !== rulesNow) return null
  const rest = (): FrozenState['consignments'] =>
    JSON.parse(plain.toString('utf8', end + 1)) as FrozenState['consignments']
  return { lines: kept.lines, state: () => thaw(kept.state, rest) }
}

/**
 * Keeps what a ledger tells, where enough came since the last time. Nothing depends on it: where it cannot be kept, the
 * next opening reads all lines.
 */
export async function keepSnapshot(
  { port, desk, secret }: Snapshots,
  read: ReadLedger,
  state: DeskState,
): Promise<void> {
  if (read.lines.size - read.known < snapshotEvery) return
  const { consignments, ...rest } = freeze(state)
  const kept: Kept = { rules: rulesNow, lines: knownOf(read), state: rest }
  const plain = Buffer.from(`${JSON.stringify(kept)}\n${JSON.stringify(consignments)}`)
  if (plain.length > limits.snapshotBytes) return
  await port.write(desk, sealSnapshot(plain, secret, desk, port.build)).catch(() => undefined)
}

/** Throws away what was kept of a desk. */
export async function forget({ port, desk }: Snapshots): Promise<void> {
  await port.write(desk, Buffer.alloc(0)).catch(() => undefined)
}

import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { signCheckpoint } from '../../main/ledger/checkpoint.ts'
import type { LedgerEvent } from '../../main/ledger/event.ts'
import { readLedger } from '../../main/ledger/ledger.ts'
import { leafHash, Tree } from '../../main/ledger/merkle.ts'
import { sha256Hex } from '../../main/platform/hash.ts'
import { canonical } from '../../main/platform/json.ts'
import { openStationKey } from '../../main/sign/key-file.ts'

type Unplaced = Omit<LedgerEvent, 'sequence' | 'previous'>

/**
 * A copy of a desk whose ledger somebody with the station's key wrote anew: chain, tree and head are right, only what
 * the events say is not what people signed.
 */
export async function forgeLedger(
  desk: string,
  copy: string,
  change: (events: LedgerEvent[]) => Unplaced[],
): Promise<void> {
  await cp(desk, copy, { recursive: true })
  const { events } = await readLedger(copy)
  await writeAnew(copy, change(structuredClone([...events])))
}

/** These events as the whole ledger of a desk: chain, tree and head as they must be. */
export async function writeAnew(copy: string, events: readonly Unplaced[]): Promise<void> {
  const station = openStationKey(await readFile(join(copy, 'station.key'), 'utf8'))
  const tree = new Tree()
  const lines: Buffer[] = []
  let previous: string | null = null
  for (const event of events) {
    const line = canonical({ ...event, sequence: lines.length + 1, previous })
    lines.push(line)
    tree.append(leafHash(line))
    previous = sha256Hex(line)
  }
  await writeFile(join(copy, 'ledger.jsonl'), lines.map((line) => `${line.toString('utf8')}\n`).join(''))
  const [id = ''] = (await readFile(join(copy, 'checkpoint'), 'utf8')).split('\n')
  const head = { size: tree.size, root: tree.root() }
  await writeFile(join(copy, 'checkpoint'), await signCheckpoint(id.split('/').at(-1) ?? '', head, station))
}

import { open, readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure, causeOf, diskFailure } from '../platform/failure.ts'
import { writeRecord } from '../platform/files.ts'
import { sha256Hex } from '../platform/hash.ts'
import { canonical } from '../platform/json.ts'
import type { PublicKey } from '../sigstore/public-key.ts'
import { readCheckpoint, signCheckpoint, type HeadSigner } from './checkpoint.ts'
import { zEvent, type LedgerEvent, type NewEvent } from './event.ts'
import { leafHash, Tree, type Head } from './merkle.ts'
import { ledgerFile, readLedger, type BadLine, type ReadLedger } from './read.ts'

const checkpointFile = (folder: string): string => join(folder, 'checkpoint')

/** The ledger of a desk, read and checked; open for appending once it has a signer. */
export interface Ledger {
  readonly events: readonly LedgerEvent[]
  head(): Head
  /** The newest head as a signed checkpoint. */
  checkpoint(): Promise<string>
  /** The leaf hash of an event, by its number. */
  leaf(sequence: number): Buffer | null
  /** Hashes that prove the tree of the first `size` events to be the beginning of today's. */
  proof(size: number): Buffer[]
  /** Appends and flushes, then renews the checkpoint. Only after that may the act itself happen. */
  append(event: NewEvent): Promise<LedgerEvent>
}

/** Holds a ledger against its newest checkpoint: it may be longer (a crash between the two), never shorter. */
export async function checkHead(
  folder: string,
  desk: string,
  key: PublicKey,
  read: ReadLedger,
): Promise<BadLine | null> {
  let text: string
  try {
    text = await readFile(checkpointFile(folder), 'utf8')
  } catch (error) {
    return { line: read.events.length + 1, expected: 'the file checkpoint', found: causeOf(error) }
  }
  const head = readCheckpoint(text, desk, key)
  if (head === null) {
    return {
      line: read.events.length + 1,
      expected: 'a checkpoint signed by the station',
      found: 'something else',
    }
  }
  if (head.size > read.tree.size) {
    const line = read.tree.size + 1
    return {
      line,
      expected: `${head.size} events, as the checkpoint says`,
      found: `${read.tree.size} events`,
    }
  }
  const root = read.tree.root(head.size)
  if (!root.equals(head.root)) {
    const found = `root ${root.toString('hex')}`
    return { line: head.size, expected: `root ${head.root.toString('hex')}, as the checkpoint says`, found }
  }
  return null
}

class OpenLedger implements Ledger {
  readonly events: LedgerEvent[]
  private readonly tree: Tree
  private last: string | null
  private readonly folder: string
  private readonly desk: string
  private readonly signer: HeadSigner
  private queue: Promise<unknown> = Promise.resolve()
  private broken = false
  private cached: { size: number; root: Buffer } | null = null
  private signed: { size: number; text: string } | null

  constructor(folder: string, desk: string, signer: HeadSigner, read: ReadLedger, signed: string | null) {
    this.folder = folder
    this.desk = desk
    this.signer = signer
    this.events = [...read.events]
    this.tree = read.tree
    this.last = read.last
    this.signed = signed === null ? null : { size: Number(signed.split('\n')[1]), text: signed }
  }

  head(): Head {
    if (this.cached?.size !== this.tree.size) {
      this.cached = { size: this.tree.size, root: this.tree.root() }
    }
    return this.cached
  }

  // One head has one checkpoint: an ECDSA signature is another one each time, and records that carry it would differ.
  async checkpoint(): Promise<string> {
    const head = this.head()
    if (this.signed?.size !== head.size) {
      this.signed = { size: head.size, text: await signCheckpoint(this.desk, head, this.signer) }
    }
    return this.signed.text
  }

  leaf(sequence: number): Buffer | null {
    return this.tree.leaf(sequence - 1)
  }

  proof(size: number): Buffer[] {
    return this.tree.proof(size)
  }

  append(event: NewEvent): Promise<LedgerEvent> {
    const run = this.queue.then(() => this.write(event))
    this.queue = run.catch(() => undefined)
    return run
  }

  private async write(event: NewEvent): Promise<LedgerEvent> {
    // After a failed append nobody knows what is on the disc: nothing may follow until the desk is opened again.
    if (this.broken)
      throw new Failure('ledger-damaged', { expected: 'a whole last line', found: 'a failed append' })
    const full = zEvent.parse({
      format: 'sallyport.event/v1',
      sequence: this.events.length + 1,
      previous: this.last,
      type: event.type,
      time: { at: event.at, source: 'system-clock', certainty: 'not-confirmed' },
      actors: event.actors,
      subjects: event.subjects ?? [],
      outcome: event.outcome ?? null,
      statements: event.statements ?? [],
      facts: event.facts ?? {},
    })
    const line = canonical(full)
    try {
      const handle = await open(ledgerFile(this.folder), 'a', 0o600)
      try {
        await handle.appendFile(Buffer.concat([line, Buffer.from('\n')]))
        await handle.sync()
      } finally {
        await handle.close()
      }
    } catch (error) {
      this.broken = true
      throw diskFailure(error, ledgerFile(this.folder))
    }
    this.events.push(full)
    this.tree.append(leafHash(line))
    this.last = sha256Hex(line)
    await writeRecord(checkpointFile(this.folder), await this.checkpoint())
    return full
  }
}

/** A desk's ledger over what was read of it. */
export async function openLedger(
  folder: string,
  desk: string,
  signer: HeadSigner,
  read: ReadLedger,
): Promise<Ledger> {
  const text = await readFile(checkpointFile(folder), 'utf8').catch(() => null)
  const head = text === null ? null : readCheckpoint(text, desk, signer.key)
  return new OpenLedger(folder, desk, signer, read, head === null ? null : text)
}

/** An empty ledger for a desk that is being made. */
export function newLedger(folder: string, desk: string, signer: HeadSigner): Ledger {
  const read = { events: [], tree: new Tree(), last: null, length: 0, torn: null, bad: null }
  return new OpenLedger(folder, desk, signer, read, null)
}

/** Sets a torn last line aside as `ledger.torn`, so that the next event has a line of its own. */
export async function setTornAside(folder: string, read: ReadLedger): Promise<void> {
  if (read.torn === null) return
  await writeRecord(join(folder, 'ledger.torn'), read.torn)
  await truncate(ledgerFile(folder), read.length).catch((error: unknown) => {
    throw diskFailure(error, ledgerFile(folder))
  })
}

export { readLedger, type ReadLedger, type BadLine }

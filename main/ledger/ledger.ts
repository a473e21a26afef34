import { lstat, open, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure, diskFailure } from '../platform/failure.ts'
import { writeRecord } from '../platform/files.ts'
import { sha256Hex } from '../platform/hash.ts'
import { canonical } from '../platform/json.ts'
import { signCheckpoint, type HeadSigner } from './checkpoint.ts'
import { zEvent, type LedgerEvent, type NewEvent } from './event.ts'
import {
  announceHead,
  checkHead,
  confirmHead,
  withdrawHead,
  type CheckedHead,
  type SignedHead,
} from './head.ts'
import { leafHash, Tree, type Head } from './merkle.ts'
import { ledgerFile, Lines } from './lines.ts'
import { readLedger, type ReadLedger } from './read.ts'

/** The ledger of a desk, read and checked; open for appending once it has a signer. */
export interface Ledger {
  readonly lines: Lines
  head(): Head
  /** The newest head as a signed checkpoint. */
  checkpoint(): Promise<string>
  /** The leaf hash of an event, by its number. */
  leaf(sequence: number): Buffer | null
  /** Hashes that prove the tree of the first `size` events to be the beginning of today's. */
  proof(size: number): Buffer[]
  /**
   * Appends and flushes a line that a signed head on the disc includes already. Only after that may the act itself
   * happen.
   */
  append(event: LedgerEvent): Promise<void>
  /** An event in the place that it would have now: what is appended next. @throws ZodError */
  next(event: NewEvent): LedgerEvent
  /** The root over the first `size` events; `null` where there are fewer. */
  rootAt(size: number): Buffer | null
}

/** What a ledger goes on from. */
type Begun = Pick<ReadLedger, 'lines' | 'tree' | 'last' | 'length'>

class OpenLedger implements Ledger {
  readonly lines: Lines
  private readonly tree: Tree
  private last: string | null
  private readonly folder: string
  private readonly desk: string
  private readonly signer: HeadSigner
  /** Bytes of the file as it was read and written here. */
  private length: number
  private queue: Promise<unknown> = Promise.resolve()
  private broken = false
  private cached: { size: number; root: Buffer } | null = null
  private signed: { size: number; text: string } | null

  constructor(folder: string, desk: string, signer: HeadSigner, read: Begun, signed: SignedHead | null) {
    this.folder = folder
    this.desk = desk
    this.signer = signer
    this.lines = read.lines
    this.tree = read.tree
    this.last = read.last
    this.length = read.length
    this.signed = signed === null ? null : { size: signed.head.size, text: signed.text }
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

  rootAt(size: number): Buffer | null {
    return this.tree.rootAt(size)
  }

  next(event: NewEvent): LedgerEvent {
    return zEvent.parse({
      format: 'sallyport.event/v1',
      sequence: this.lines.size + 1,
      previous: this.last,
      type: event.type,
      time: { at: event.at, source: 'system-clock', certainty: 'not-confirmed' },
      actors: event.actors,
      subjects: event.subjects ?? [],
      outcome: event.outcome ?? null,
      statements: event.statements ?? [],
      rules: event.rules,
      facts: event.facts ?? {},
    })
  }

  append(event: LedgerEvent): Promise<void> {
    const run = this.queue.then(() => this.write(event))
    this.queue = run.catch(() => undefined)
    return run
  }

  private async write(full: LedgerEvent): Promise<void> {
    // After a failed append nobody knows what is on the disc: nothing may follow until the desk is opened again.
    if (this.broken)
      throw new Failure('ledger-damaged', { expected: 'a whole last line', found: 'a failed append' })
    if (full.sequence !== this.lines.size + 1) {
      throw new Failure('ledger-damaged', {
        expected: `event ${this.lines.size + 1}`,
        found: `event ${full.sequence}`,
      })
    }
    const line = canonical(full)
    const leaf = leafHash(line)
    const head = this.tree.headWith(leaf)
    const text = await signCheckpoint(this.desk, head, this.signer)
    try {
      await this.writeLine(Buffer.concat([line, Buffer.from('\n')]), text)
    } catch (error) {
      this.broken = true
      throw diskFailure(error, ledgerFile(this.folder))
    }
    this.lines.add(full, line.length)
    this.tree.append(leaf)
    this.last = sha256Hex(line)
    this.signed = { size: head.size, text }
  }

  private async writeLine(bytes: Buffer, head: string): Promise<void> {
    const handle = await open(ledgerFile(this.folder), 'a', 0o600)
    try {
      // Somebody else's line, or a file that was put in its place: two writers never both append.
      const { size } = await handle.stat()
      if (size !== this.length) {
        const expected = `${this.length} bytes of ledger.jsonl, as they were read`
        throw new Failure('ledger-damaged', { expected, found: `${size} bytes` })
      }
      await announceHead(this.folder, head)
      await handle.appendFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    this.length += bytes.length
    await confirmHead(this.folder)
  }
}

/** A desk's ledger over what was read of it, and the signed head that includes all of it. */
export function openLedger(
  folder: string,
  desk: string,
  signer: HeadSigner,
  read: ReadLedger,
  signed: SignedHead | null,
): Ledger {
  return new OpenLedger(folder, desk, signer, read, signed)
}

/** An empty ledger for a desk that is being made. */
export function newLedger(folder: string, desk: string, signer: HeadSigner): Ledger {
  const tree = new Tree()
  return new OpenLedger(
    folder,
    desk,
    signer,
    { lines: new Lines(folder, tree), tree, last: null, length: 0 },
    null,
  )
}

async function freeName(folder: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = join(folder, number === 1 ? 'ledger.torn' : `ledger.torn.${number}`)
    if ((await lstat(name).catch(() => null)) === null) return name
  }
}

/**
 * Puts right what a crash in mid-append left, before the next event is written: a torn last line is set aside, each under
 * a name of its own; a head takes its name if its line is there, and goes if it is not.
 *
 * @throws Failure `disk-*`
 */
export async function mendLedger(folder: string, read: ReadLedger, checked: CheckedHead): Promise<void> {
  if (read.torn !== null) {
    await writeRecord(await freeName(folder), read.torn)
    await truncate(ledgerFile(folder), read.length).catch((error: unknown) => {
      throw diskFailure(error, ledgerFile(folder))
    })
  }
  if (checked.next) await confirmHead(folder)
  else await withdrawHead(folder)
}

export { checkHead, readLedger, type CheckedHead, type ReadLedger }

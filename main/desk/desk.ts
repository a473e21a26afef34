import { userInfo } from 'node:os'
import { join } from 'node:path'
import { hexOf, type Digest } from '../../shared/digest.ts'
import { isFreeText } from '../../shared/names.ts'
import { rulesNow } from '../../shared/rules/version.ts'
import type { Verdict } from '../../shared/verdict.ts'
import type { Actor, LedgerEvent } from '../ledger/event.ts'
import type { Lines } from '../ledger/lines.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { timeOf, type Clock } from '../platform/clock.ts'
import { causeOf, Failure } from '../platform/failure.ts'
import { makeFolder, readCapped, writeRecord } from '../platform/files.ts'
import { digestOf } from '../platform/hash.ts'
import { canonical } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import type { Signer } from '../sign/signer.ts'
import { openBlobs, type Blobs } from '../store/blobs.ts'
import type { HeadsPort, PutBack } from '../ledger/kept-head.ts'
import type { DeskFolder } from './folder.ts'
import type { Person } from './state/entries.ts'
import type { EventType, FactsOf } from './state/facts.ts'
import { verdictAsRecorded } from './disk/verdict.ts'
import type { Consignment } from './state/consignment.ts'
import { differsAnew, differsFromAll } from './state/anew.ts'
import { draftOf } from './state/draft.ts'
import { fold } from './state/replay.ts'
import type { DeskState } from './state/state.ts'

/** What an act adds to an event besides its facts. */
interface Extra {
  readonly subjects?: readonly Digest[]
  readonly outcome?: string
  readonly statements?: readonly string[]
  readonly person?: Person
}

// While a desk counts as put back, the one thing that is recorded is that it was.
function isRestoring(state: DeskState, type: EventType, facts: object): boolean {
  if (type === 'change.proposed' || type === 'change.made')
    return (facts as FactsOf<'change.made'>).change.kind === 'desk.restored'
  if (type !== 'change.signed') return false
  const { number } = facts as FactsOf<'change.signed'>
  return state.changes[number - 1]?.document.change.kind === 'desk.restored'
}

// Those that an event is about.
function consignmentsIn(facts: object): string[] {
  const { consignment, change } = facts as { consignment?: unknown; change?: { consignment?: unknown } }
  return [consignment, change?.consignment].filter((one) => typeof one === 'string')
}

const verdictFile = (digest: Digest): string => `verdict-${hexOf(digest).slice(0, 16)}.json`

function account(): string {
  const name = (() => {
    try {
      return userInfo().username.normalize('NFC')
    } catch {
      return 'unknown'
    }
  })()
  return isFreeText(name) ? name : 'unknown'
}

/** An open desk: its folder, its ledger and the state that the ledger tells. Acts work on it. */
export class Desk {
  readonly id: string
  readonly folder: DeskFolder
  readonly clock: Clock
  readonly state: DeskState
  /** Whether this process holds the lock. Reports are signed in either case; nothing else is. */
  readonly writing: boolean
  readonly station: Signer
  readonly recovered: string[] = []
  /** What somebody who reads must know of its folder. */
  readonly warnings: string[] = []
  /** That its ledger does not contain the newest head that is known of it: then only that can be recorded. */
  putBack: PutBack | null
  private readonly heads: HeadsPort | undefined
  private readonly ledger: Ledger
  private readonly rootAt = (size: number): Buffer | null => this.ledger.rootAt(size)
  /** Where its state came out of a snapshot: the consignments whose lines were verified since, and how to forget it. */
  private kept: { readonly proven: Set<string>; readonly drop: () => Promise<void> } | null
  private recording: Promise<unknown> = Promise.resolve()
  private ended = false
  private readonly lock: { check(): Promise<void> } | null
  private readonly changed: () => void

  constructor(parts: {
    id: string
    folder: DeskFolder
    clock: Clock
    state: DeskState
    ledger: Ledger
    station: Signer
    writing: boolean
    changed: () => void
    heads?: HeadsPort | undefined
    putBack?: PutBack | null
    /** Throws away the snapshot that the state came out of; `null` where every line was verified at the opening. */
    dropSnapshot?: (() => Promise<void>) | null
    /** Asked before each line is written. */
    lock?: { check(): Promise<void> } | null
  }) {
    this.id = parts.id
    this.folder = parts.folder
    this.clock = parts.clock
    this.state = parts.state
    this.ledger = parts.ledger
    this.station = parts.station
    this.writing = parts.writing
    this.changed = parts.changed
    this.heads = parts.heads
    this.putBack = parts.putBack ?? null
    this.lock = parts.lock ?? null
    const drop = parts.dropSnapshot ?? null
    this.kept = drop === null ? null : { proven: new Set(), drop }
  }

  now(): string {
    return timeOf(this.clock.now())
  }

  head(): ReturnType<Ledger['head']> {
    return this.ledger.head()
  }

  checkpoint(): Promise<string> {
    return this.ledger.checkpoint()
  }

  leaf(sequence: number): Buffer | null {
    return this.ledger.leaf(sequence)
  }

  proof(size: number): Buffer[] {
    return this.ledger.proof(size)
  }

  /** From now on nothing is recorded: its session is over, and its lock free. */
  end(): void {
    this.ended = true
  }

  /** The lines of its ledger. */
  get lines(): Lines {
    return this.ledger.lines
  }

  /**
   * Verifies from lines and statements what an act about a consignment stands on, where that came out of a snapshot.
   * Asked for by each call about a consignment, each event that is recorded and each record that is printed.
   *
   * @throws Failure `snapshot-differs` where the lines say something else
   */
  async prove(consignment: string): Promise<void> {
    if (this.kept === null || this.kept.proven.has(consignment)) return
    const past = { lines: this.lines, rootAt: this.rootAt }
    // What differs by a part of the lines may still be right by all of them.
    if (differsAnew(this.state, past, [consignment]) === null) {
      this.kept.proven.add(consignment)
      return
    }
    const found = differsFromAll(this.state, past)
    if (found !== null) {
      await this.kept.drop()
      throw new Failure('snapshot-differs', { found })
    }
    this.kept = null
  }

  /** The station's key, for acts that write. */
  signer(): Signer {
    if (!this.writing) throw new Failure('read-only-desk')
    return this.station
  }

  /**
   * Appends an event, flushes it and takes it into the state. Only then may what it announces be done. What a replay
   * would not take is refused before anything is written: an event that breaks a rule would close the desk for good.
   *
   * @throws Failure `record-refused`, `disk-*`, `ledger-damaged`
   */
  record<Type extends EventType>(type: Type, facts: FactsOf<Type>, extra: Extra = {}): Promise<void> {
    const run = this.recording.then(() => this.write(type, facts, extra))
    this.recording = run.catch(() => undefined)
    return run
  }

  private async write<Type extends EventType>(type: Type, facts: FactsOf<Type>, extra: Extra): Promise<void> {
    if (this.ended) throw new Failure('cancelled')
    const station: Actor = { kind: 'station', fingerprint: this.signer().key.fingerprint, account: account() }
    const { person } = extra
    const actors: Actor[] =
      person === undefined
        ? [station]
        : [{ kind: 'person', id: person.id, fingerprint: person.fingerprint }, station]
    if (this.putBack !== null && !isRestoring(this.state, type, facts))
      throw this.putBackFailure(this.putBack)
    for (const consignment of consignmentsIn(facts)) await this.prove(consignment)
    const event = this.draft(() => {
      const next = this.ledger.next({
        type,
        at: this.now(),
        actors,
        subjects: extra.subjects ?? [],
        outcome: extra.outcome ?? null,
        statements: extra.statements ?? [],
        facts,
        rules: rulesNow,
      })
      fold(draftOf(this.state), next, this.rootAt)
      return next
    })
    await this.lock?.check()
    await this.ledger.append(event)
    const before = this.state.restored.length
    fold(this.state, event, this.rootAt)
    if (this.state.restored.length > before) this.putBack = null
    await this.keepHead()
    this.changed()
  }

  /** The newest head goes where a copy of the folder does not reach; what is put back is kept until that is recorded. */
  async keepHead(): Promise<void> {
    if (this.putBack !== null) return
    // A home that cannot be written to takes nothing from the ledger itself.
    await this.heads?.write(this.id, await this.ledger.checkpoint()).catch(() => undefined)
  }

  putBackFailure({ kept, found }: PutBack): Failure {
    return new Failure('desk-put-back', {
      expected: `${kept.size} events, root ${kept.root.toString('hex')}`,
      found: `${found.size} events, root ${found.root.toString('hex')}`,
    })
  }

  private draft(make: () => LedgerEvent): LedgerEvent {
    try {
      return make()
    } catch (error) {
      const found =
        error instanceof Failure ? String(error.facts.found ?? error.code) : causeOf(error).slice(0, 200)
      const expected =
        error instanceof Failure ? String(error.facts.expected ?? '') : 'an event as this version writes it'
      throw new Failure('record-refused', { found, expected }, error)
    }
  }

  need(side: 'low' | 'high'): void {
    const found = this.state.card.side
    if (found !== side) throw new Failure('wrong-side', { expected: side, found })
  }

  consignment(id: string): Consignment {
    const one = this.state.consignments.get(id)
    if (one === undefined) throw new Failure('consignment-unknown', { found: id })
    return one
  }

  person(id: string): Person {
    const one = this.state.people.find((person) => person.id === id)
    if (one === undefined) throw new Failure('person-unknown', { person: id })
    return one
  }

  /** The trusted roots that this desk verifies by, as they were installed. */
  trustedRoots(): readonly { readonly name: string; readonly digest: Digest; readonly bytes: Buffer }[] {
    return this.state.roots.map(({ name, digest, source }) => ({
      name,
      digest,
      bytes: Buffer.from(source, 'utf8'),
    }))
  }

  store(): Promise<Blobs> {
    return openBlobs(this.folder.store, true)
  }

  quarantine(id: string): Promise<Blobs> {
    return openBlobs(this.folder.quarantineOf(id))
  }

  async writeIn(id: string, name: string, bytes: Uint8Array): Promise<void> {
    await makeFolder(this.folder.consignment(id))
    await writeRecord(join(this.folder.consignment(id), name), bytes)
  }

  readIn(id: string, name: string): Promise<Buffer> {
    return readCapped(join(this.folder.consignment(id), name), limits.deskFileBytes)
  }

  /** Keeps a verdict under its digest, which the ledger records. */
  async keepVerdict(id: string, verdict: Verdict): Promise<Digest> {
    const bytes = canonical(verdict)
    const digest = digestOf(bytes)
    await this.writeIn(id, verdictFile(digest), bytes)
    return digest
  }

  /** The verdict that stands, held against the digest in the ledger. */
  async verdict(one: Consignment): Promise<Verdict | null> {
    if (one.verdict === null) return null
    const { digest, outcome } = one.verdict
    return verdictAsRecorded(await this.readIn(one.id, verdictFile(digest)), digest, outcome)
  }
}

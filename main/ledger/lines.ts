import { closeSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../platform/failure.ts'
import { sha256Hex } from '../platform/hash.ts'
import { parseCanonical } from '../platform/json.ts'
import { openRegularSync } from '../platform/regular.ts'
import { zEvent, type LedgerEvent } from './event.ts'
import { leafHash, type PackedTree, type Tree } from './merkle.ts'

export const ledgerFile = (folder: string): string => join(folder, 'ledger.jsonl')

/** What each line is, without its content; by places from 0. */
export interface LineIndex {
  /** Bytes of each line, without its end. */
  readonly lengths: readonly number[]
  /** The names of types that occur, and which of them each line is. */
  readonly types: readonly string[]
  readonly type: readonly number[]
  /** The consignments that occur, and which of them each line is about; -1 for none. */
  readonly consignments: readonly string[]
  readonly about: readonly number[]
}

/** The beginning of a ledger that was read and found right before, as a snapshot keeps it. */
export interface KnownLines extends LineIndex {
  /** Bytes of these lines in the file, and the SHA-256 over them, hex. */
  readonly bytes: number
  readonly sha256: string
  /** SHA-256 of the last of them, hex. */
  readonly last: string
  readonly tree: PackedTree
}

/** Numbers texts in the order in which they come. */
class Numbered {
  readonly texts: string[]
  private readonly numbers: Map<string, number>

  constructor(texts: readonly string[]) {
    this.texts = [...texts]
    this.numbers = new Map(texts.map((text, number) => [text, number]))
  }

  add(text: string): number {
    const known = this.numbers.get(text)
    if (known !== undefined) return known
    this.numbers.set(text, this.texts.length)
    return this.texts.push(text) - 1
  }

  find(text: string): number | undefined {
    return this.numbers.get(text)
  }
}

/**
 * The lines of a ledger by their places: those that were read are in memory, those before them are read from the file
 * when somebody asks, and must be what they were.
 */
export class Lines {
  private readonly folder: string
  /** How many lines are not in memory. */
  private readonly known: number
  private readonly tree: Tree
  private readonly events: LedgerEvent[] = []
  private readonly lengths: number[]
  private readonly types: Numbered
  private readonly type: number[]
  private readonly consignments: Numbered
  private readonly about: number[]
  /** Where each line that is not in memory begins; made when the first is read. */
  private readonly starts: number[] = []

  constructor(folder: string, tree: Tree, known: LineIndex | null = null) {
    this.folder = folder
    this.tree = tree
    this.known = known?.lengths.length ?? 0
    this.lengths = [...(known?.lengths ?? [])]
    this.types = new Numbered(known?.types ?? [])
    this.type = [...(known?.type ?? [])]
    this.consignments = new Numbered(known?.consignments ?? [])
    this.about = [...(known?.about ?? [])]
  }

  get size(): number {
    return this.lengths.length
  }

  /** @param length bytes of the line */
  add(event: LedgerEvent, length: number): void {
    const { consignment } = event.facts
    this.events.push(event)
    this.lengths.push(length)
    this.type.push(this.types.add(event.type))
    this.about.push(typeof consignment === 'string' ? this.consignments.add(consignment) : -1)
  }

  typeAt(place: number): string | undefined {
    return this.types.texts[this.type[place] ?? -1]
  }

  /** The consignment that the line at a place is about; `null` for none. */
  consignmentAt(place: number): string | null {
    return this.consignments.texts[this.about[place] ?? -1] ?? null
  }

  /** The event at a place; `undefined` where there is none. @throws Failure `ledger-damaged` */
  at(place: number): LedgerEvent | undefined {
    return place < this.known ? this.read(place) : this.events[place - this.known]
  }

  /** The places of the lines about a consignment; with `null` of those about none. */
  placesOf(consignment: string | null): number[] {
    const wanted = consignment === null ? -1 : this.consignments.find(consignment)
    return this.about.flatMap((number, place) => (number === wanted ? [place] : []))
  }

  /** What a snapshot needs to know of the lines. */
  index(): LineIndex {
    const { lengths, types, type, consignments, about } = this
    return { lengths, types: types.texts, type, consignments: consignments.texts, about }
  }

  private read(place: number): LedgerEvent | undefined {
    const length = this.lengths[place]
    if (length === undefined) return undefined
    const bytes = this.bytesAt(this.startOf(place), length)
    // Whoever changed it since does not get it read.
    if (this.tree.leaf(place)?.equals(leafHash(bytes)) !== true) {
      const found = `line ${place + 1}: SHA-256 ${sha256Hex(bytes)}`
      throw new Failure('ledger-damaged', { expected: 'the line as it was read before', found })
    }
    return zEvent.parse(parseCanonical(bytes))
  }

  private startOf(place: number): number {
    if (this.starts.length === 0) {
      let end = 0
      for (const length of this.lengths.slice(0, this.known)) {
        this.starts.push(end)
        end += length + 1
      }
    }
    return this.starts[place] ?? 0
  }

  private bytesAt(start: number, length: number): Buffer {
    const bytes = Buffer.alloc(length)
    const file = openRegularSync(ledgerFile(this.folder))
    try {
      const read = readSync(file, bytes, 0, length, start)
      return bytes.subarray(0, read)
    } finally {
      closeSync(file)
    }
  }
}

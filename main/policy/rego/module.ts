import { limits } from '../../platform/limits.ts'
import { RegoRefused } from './refused.ts'
import { pageBytes } from './web-assembly.ts'

/*
 * What a module may be made of is read before anything of it is compiled: functions over numbers, one table, one memory
 * that is given to it, and what OPA's modules import. Whatever else WebAssembly has or gets (own memories, shared or
 * large ones, objects of a host, exceptions) is refused for not being that.
 */

const mostPages = limits.regoMemory / pageBytes
const numbers = new Set([0x7f, 0x7e, 0x7d, 0x7c])
const functions = new Set([
  ...['opa_abort', 'opa_println'],
  ...['opa_builtin0', 'opa_builtin1', 'opa_builtin2', 'opa_builtin3', 'opa_builtin4'],
])
const expected = 'a module as “opa build -t wasm” makes it'

const wrong = (found: string): RegoRefused => new RegoRefused('module', expected, found)

class Reader {
  private readonly bytes: Uint8Array
  at: number
  private readonly end: number

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  get done(): boolean {
    return this.at >= this.end
  }

  byte(): number {
    const found = this.at < this.end ? this.bytes[this.at] : undefined
    if (found === undefined) throw wrong('a part that is cut off')
    this.at += 1
    return found
  }

  number(): number {
    let value = 0
    for (let i = 0; i < 5; i += 1) {
      const byte = this.byte()
      value += (byte & 0x7f) * 2 ** (7 * i)
      if (byte < 0x80 && value < 2 ** 32) return value
    }
    throw wrong('a number that is too long')
  }

  part(): Reader {
    const size = this.number()
    if (size > this.end - this.at) throw wrong('a part that is cut off')
    const part = new Reader(this.bytes, this.at, this.at + size)
    this.at += size
    return part
  }

  text(): string {
    const part = this.part()
    return Buffer.from(this.bytes.subarray(part.at, part.end)).toString('latin1')
  }
}

interface Room {
  readonly least: number
  readonly most: number | null
}

// Flags beside “it has a maximum” are of shared and of 64-bit memories.
function room(reader: Reader, of: string): Room {
  const flags = reader.byte()
  if (flags > 1) throw wrong(`a ${of} of another kind`)
  const least = reader.number()
  return { least, most: flags === 1 ? reader.number() : null }
}

// Parameters, or results.
function readValues(section: Reader): void {
  for (let left = section.number(); left > 0; left -= 1) {
    if (!numbers.has(section.byte())) throw wrong('a function over something else than numbers')
  }
}

function readTypes(section: Reader): void {
  for (let left = section.number(); left > 0; left -= 1) {
    if (section.byte() !== 0x60) throw wrong('a type that is no function')
    readValues(section)
    readValues(section)
  }
}

function readImports(section: Reader): Room[] {
  const memories: Room[] = []
  for (let left = section.number(); left > 0; left -= 1) {
    const [from, name] = [section.text(), section.text()]
    const kind = section.byte()
    if (from === 'env' && name === 'memory' && kind === 2) memories.push(room(section, 'memory'))
    else if (from === 'env' && functions.has(name) && kind === 0) section.number()
    else throw wrong(`it imports ${from}.${name}`)
  }
  return memories
}

function readTables(section: Reader): void {
  if (section.number() !== 1) throw wrong('several tables')
  if (section.byte() !== 0x70) throw wrong('a table of something else than functions')
  const { least } = room(section, 'table')
  if (least > limits.regoTable) throw wrong(`a table of ${least} functions`)
}

// In the order in which they must come; 12 counts data and stands before the code.
const sections: Readonly<Record<number, string>> = {
  ...{ 1: 'types', 2: 'imports', 3: 'functions', 4: 'tables', 5: 'memories', 6: 'globals' },
  ...{ 7: 'exports', 8: 'start', 9: 'elements', 10: 'code', 11: 'data', 12: 'count' },
}

/** The memory that a module is given: how many pages at first, and at most. */
export interface Pages {
  readonly initial: number
  readonly maximum: number
}

function pagesOf(memories: readonly Room[]): Pages {
  const [memory] = memories
  if (memory === undefined || memories.length > 1) throw wrong('it does not import one memory')
  const maximum = Math.min(memory.most ?? mostPages, mostPages)
  if (memory.least > maximum) {
    const found = `it wants ${memory.least * pageBytes} bytes of memory`
    throw new RegoRefused('module', `at most ${limits.regoMemory} bytes`, found)
  }
  return { initial: memory.least, maximum }
}

/**
 * Reads what a module is made of. Compiling checks the rest of its form.
 *
 * @throws RegoRefused
 */
export function readModule(bytes: Uint8Array): Pages {
  if (bytes.length > limits.regoBytes) {
    throw new RegoRefused('module', `at most ${limits.regoBytes} bytes`, `${bytes.length} bytes`)
  }
  const magic = Buffer.from(bytes.subarray(0, 8)).toString('hex')
  if (magic !== '0061736d01000000') throw wrong('something that is no WebAssembly')
  const reader = new Reader(bytes, 8)
  const memories: Room[] = []
  while (!reader.done) {
    const id = reader.byte()
    const section = reader.part()
    const kind = id === 0 ? 'custom' : sections[id]
    if (kind === undefined) throw wrong(`a section of the unknown kind ${id}`)
    if (kind === 'types') readTypes(section)
    if (kind === 'imports') memories.push(...readImports(section))
    if (kind === 'tables') readTables(section)
    if (kind === 'memories' && section.number() > 0) throw wrong('a memory of its own')
  }
  return pagesOf(memories)
}

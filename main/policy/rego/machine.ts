import { limits } from '../../platform/limits.ts'
import { parseStrict } from '../../platform/json.ts'
import { builtinsOf } from './builtins.ts'
import { readModule } from './module.ts'
import { RegoRefused } from './refused.ts'
import { pageBytes, wasm, type WasmMemory } from './web-assembly.ts'

/* OPA's interface of a compiled policy, version 1.2 and later of 1 (www.openpolicyagent.org/docs/wasm). */

type Call = (...numbers: readonly number[]) => unknown

const trapped = (found: string): RegoRefused => new RegoRefused('trap', 'an answer', found.slice(0, 500))

// A fault of a module is its own, whatever it is called.
function guarded<Result>(run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    if (error instanceof RegoRefused) throw error
    throw trapped(error instanceof Error ? error.message : 'a fault')
  }
}

class Heap {
  private readonly memory: WasmMemory
  private readonly maximum: number

  constructor(memory: WasmMemory, maximum: number) {
    this.memory = memory
    this.maximum = maximum
  }

  /** The text that ends with a zero. */
  text(address: number, most: number): Buffer {
    const bytes = Buffer.from(this.memory.buffer)
    const end = address > 0 && address < bytes.length ? bytes.indexOf(0, address) : -1
    if (end < 0) throw trapped('a text outside of its memory')
    if (end - address > most) throw new RegoRefused('answer', `at most ${most} bytes`, 'a longer one')
    return Buffer.from(bytes.subarray(address, end))
  }

  write(bytes: Buffer, address: number): void {
    const missing = address + bytes.length - this.memory.buffer.byteLength
    const pages = Math.ceil(missing / pageBytes)
    if (pages > 0) {
      if (this.memory.buffer.byteLength / pageBytes + pages > this.maximum)
        throw trapped('its memory is full')
      this.memory.grow(pages)
    }
    new Uint8Array(this.memory.buffer).set(bytes, address)
  }
}

/** A module that was started. One is asked one thing, and goes. */
export class Machine {
  private readonly heap: Heap
  private readonly exports: Readonly<Record<string, unknown>>
  private builtins: ReturnType<typeof builtinsOf> = new Map()

  /** @throws RegoRefused */
  constructor(bytes: Uint8Array) {
    const pages = readModule(bytes)
    const memory = new wasm.Memory(pages)
    this.heap = new Heap(memory, pages.maximum)
    try {
      const env = { memory, ...this.imports() }
      this.exports = new wasm.Instance(new wasm.Module(bytes), { env }).exports
    } catch (error) {
      if (error instanceof RegoRefused) throw error
      const found = error instanceof Error ? error.message : 'a fault'
      throw new RegoRefused('module', 'a module that can be started', found.slice(0, 500))
    }
    this.checkVersion()
    this.builtins = builtinsOf(this.dumped(this.call('builtins')))
  }

  /** @throws RegoRefused where the module has no such entrypoint */
  entrypoint(name: string): number {
    const table = this.dumped(this.call('entrypoints'))
    const found = typeof table === 'object' && table !== null && !Array.isArray(table) ? table : {}
    const number = Object.hasOwn(found, name) ? found[name] : undefined
    if (typeof number === 'number') return number
    const names = Object.keys(found).join(', ').slice(0, 500)
    throw new RegoRefused('entrypoint', `the entrypoint ${name}`, names || 'none')
  }

  /** The answer to a document, both as JSON. @throws RegoRefused */
  evaluate(entrypoint: number, input: Buffer): Buffer {
    return guarded(() => {
      const nothing = Buffer.from('{}')
      const place = this.call('opa_malloc', nothing.length)
      this.heap.write(nothing, place)
      const known = this.call('opa_json_parse', place, nothing.length)
      const start = this.call('opa_heap_ptr_get')
      this.heap.write(input, start)
      const free = Math.ceil((start + input.length) / 8) * 8
      const answer = this.call('opa_eval', 0, entrypoint, known, start, input.length, free, 0)
      return this.heap.text(answer, limits.regoAnswer)
    })
  }

  private checkVersion(): void {
    const numberOf = (name: string): unknown => {
      const found = this.exports[name]
      return typeof found === 'object' && found !== null && 'value' in found ? found.value : undefined
    }
    const [version, minor] = [numberOf('opa_wasm_abi_version'), numberOf('opa_wasm_abi_minor_version')]
    if (version === 1 && typeof minor === 'number' && minor >= 2) return
    throw new RegoRefused(
      'module',
      'OPA’s interface 1.2 or later of 1',
      `${String(version)}.${String(minor)}`,
    )
  }

  private call(name: string, ...numbers: readonly number[]): number {
    const found = this.exports[name]
    if (typeof found !== 'function') throw new RegoRefused('module', `the function ${name}`, 'none')
    const answer = guarded(() => (found as Call)(...numbers))
    if (typeof answer !== 'number') throw trapped(`${name} gives no number`)
    // Addresses are of 32 bits without a sign.
    return answer >>> 0
  }

  private dumped(address: number): ReturnType<typeof parseStrict> {
    const text = this.heap.text(this.call('opa_json_dump', address), limits.regoAnswer)
    return guarded(() => parseStrict(text))
  }

  private imports(): Readonly<Record<string, (...numbers: number[]) => number>> {
    const builtin = (number: number, _: number, ...places: number[]): number => this.answer(number, places)
    const names = [0, 1, 2, 3, 4].map((count) => [`opa_builtin${count}`, builtin] as const)
    return {
      ...Object.fromEntries(names),
      opa_abort: (address) => {
        throw trapped(this.heap.text(address >>> 0, limits.regoAnswer).toString('utf8'))
      },
      opa_println: () => 0,
    }
  }

  // Nothing is without a result but by the address zero, which Rego takes for undefined.
  private answer(number: number, places: readonly number[]): number {
    const builtin = this.builtins.get(number)
    if (builtin === undefined) throw trapped(`it calls the function ${number}, which its table does not name`)
    const result = builtin(...places.map((place) => this.dumped(place >>> 0)))
    if (result === undefined) return 0
    const bytes = Buffer.from(result, 'utf8')
    const place = this.call('opa_malloc', bytes.length)
    this.heap.write(bytes, place)
    return this.call('opa_json_parse', place, bytes.length)
  }
}

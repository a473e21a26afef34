/* Modules as OPA makes them, written by hand: what each does wrong is said by whoever makes one. */

const unsigned = (value: number): number[] => {
  const rest = Math.floor(value / 128)
  return rest === 0 ? [value] : [(value % 128) | 0x80, ...unsigned(rest)]
}
const signed = (value: number): number[] => {
  const [low, rest] = [value & 0x7f, value >> 7]
  const isDone = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)
  return isDone ? [low] : [low | 0x80, ...signed(rest)]
}
const text = (value: string): number[] => [...unsigned(Buffer.byteLength(value)), ...Buffer.from(value)]
const list = (parts: readonly (readonly number[])[]): number[] => [...unsigned(parts.length), ...parts.flat()]
const section = (id: number, bytes: readonly number[]): number[] => [id, ...unsigned(bytes.length), ...bytes]

const i32 = 0x7f
const constant = (value: number): number[] => [0x41, ...signed(value)]
const limits = (least: number, most?: number): number[] =>
  most === undefined ? [0, ...unsigned(least)] : [1, ...unsigned(least), ...unsigned(most)]

/** What a function does, in instructions; each leaves a number. */
export const bodies = {
  loops: [0x03, 0x40, 0x0c, 0x00, 0x0b, ...constant(0)],
  traps: [0x00],
  recurses: [...[0, 1, 2, 3, 4, 5, 6].flatMap((local) => [0x20, local]), 0x10, 0x06],
  // Takes page after page until there is none, then stops.
  grows: [0x03, 0x40, ...constant(1), 0x40, 0x00, ...constant(-1), 0x47, 0x0d, 0x00, 0x0b, 0x00],
  address: constant,
} as const

const places = { builtins: 1024, entrypoints: 2048, heap: 40_000, answer: 65_536 }

interface MadeModule {
  /** What `builtins` and `entrypoints` name, and what is answered, each as it stands in the memory. */
  readonly builtins?: string
  readonly entrypoints?: string
  readonly answer?: string
  readonly body?: readonly number[]
  readonly builtinsBody?: readonly number[]
  /** Pages of the imported memory. */
  readonly pages?: readonly number[]
  /** Imports beside that of the memory: names, and the rest as bytes. */
  readonly imports?: readonly (readonly [string, string, readonly number[]])[]
  readonly memory?: boolean
  readonly version?: readonly [number, number]
  /** Sections beside the usual ones, each before the one with the next higher number. */
  readonly sections?: readonly (readonly [number, readonly number[]])[]
  /** A type beside the usual ones. */
  readonly type?: readonly number[]
}

const type = (parameters: number, results: number): number[] => [
  0x60,
  ...list(Array.from({ length: parameters }, () => [i32])),
  ...list(Array.from({ length: results }, () => [i32])),
]

/** A module that answers like OPA's, unless it is told otherwise. */
export function madeWasm(made: MadeModule = {}): Buffer {
  const { imports = [], version = [1, 2], memory = true, sections: more = [] } = made
  const answer = made.answer ?? '[{"result":[]}]'
  const functions = imports.filter(([, , rest]) => rest[0] === 0).length
  const exported = ['builtins', 'entrypoints', 'opa_json_dump', 'opa_malloc', 'opa_json_parse'] as const
  const names = [...exported, 'opa_heap_ptr_get', 'opa_eval']
  const of = [0, 0, 1, 1, 2, 0, 3]
  const code = [
    made.builtinsBody ?? constant(places.builtins),
    constant(places.entrypoints),
    [0x20, 0],
    constant(places.heap),
    [0x20, 0],
    constant(places.heap),
    made.body ?? constant(places.answer),
  ]
  const strings = [
    [places.builtins, made.builtins ?? '{}'],
    [places.entrypoints, made.entrypoints ?? '{"house/deny":0}'],
    [places.answer, answer],
  ] as const
  const pages = made.pages ?? limits(2 + Math.ceil(answer.length / 65_536))
  const usual: (readonly [number, number[]])[] = [
    [1, list([type(0, 1), type(1, 1), type(2, 1), type(7, 1), ...(made.type ? [[...made.type]] : [])])],
    [
      2,
      list([
        ...imports.map(([from, name, rest]) => [...text(from), ...text(name), ...rest]),
        ...(memory ? [[...text('env'), ...text('memory'), 2, ...pages]] : []),
      ]),
    ],
    [3, list(of.map((one) => [one]))],
    [6, list(version.map((value) => [i32, 0, ...constant(value), 0x0b]))],
    [
      7,
      list([
        ...names.map((name, i) => [...text(name), 0, ...unsigned(functions + i)]),
        ...['opa_wasm_abi_version', 'opa_wasm_abi_minor_version'].map((name, i) => [...text(name), 3, i]),
      ]),
    ],
    [
      10,
      list(
        code.map((body) => {
          const whole = [0, ...body, 0x0b]
          return [...unsigned(whole.length), ...whole]
        }),
      ),
    ],
    [11, list(strings.map(([place, value]) => [...[0, ...constant(place), 0x0b], ...text(`${value}\0`)]))],
  ]
  const all = [...usual, ...more].sort(([a], [b]) => a - b)
  return Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...all.flatMap(([id, bytes]) => section(id, bytes))])
}

export { limits as madeLimits }

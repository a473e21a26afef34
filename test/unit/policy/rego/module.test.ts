import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { limits } from '../../../../main/platform/limits.ts'
import { Machine } from '../../../../main/policy/rego/machine.ts'
import { readModule } from '../../../../main/policy/rego/module.ts'
import { RegoRefused } from '../../../../main/policy/rego/refused.ts'
import { madeLimits, madeWasm } from '../../../support/made-wasm.ts'

const house = readFileSync(join(import.meta.dirname, '../../../support/rego/house.wasm'))

/** Why a module is refused; what it answers where it is not. */
function said(bytes: Buffer, entrypoint = 'house/deny'): string {
  try {
    const machine = new Machine(bytes)
    return machine.evaluate(machine.entrypoint(entrypoint), Buffer.from('{}')).toString('utf8')
  } catch (error) {
    if (!(error instanceof RegoRefused)) throw error
    return `${error.reason}: ${error.found}`
  }
}

const mostPages = limits.regoMemory / 65_536
const call = [0, 0] as const

describe('a module of a rule set', () => {
  it('is one that OPA made', () => {
    expect(readModule(house)).toEqual({ initial: expect.any(Number) as number, maximum: mostPages })
    expect(said(house)).toMatch(/^\[\{"result":\[.*\]\}\]$/)
    expect(said(madeWasm())).toBe('[{"result":[]}]')
  })

  it.each([
    ['nothing', Buffer.alloc(0), 'module: something that is no WebAssembly'],
    ['another file', Buffer.from('package house\n'), 'module: something that is no WebAssembly'],
    ['another version', Buffer.from('0061736d02000000', 'hex'), 'module: something that is no WebAssembly'],
    ['an empty module', Buffer.from('0061736d01000000', 'hex'), 'module: it does not import one memory'],
    ['a module that is cut off', house.subarray(0, 1000), 'module: a part that is cut off'],
    [
      'bytes behind it',
      Buffer.concat([house, Buffer.from([99, 0])]),
      'module: a section of the unknown kind 99',
    ],
    ['one byte too many', Buffer.alloc(limits.regoBytes + 1), `module: ${limits.regoBytes + 1} bytes`],
    [
      'a number without an end',
      Buffer.from('0061736d0100000000ffffffffff', 'hex'),
      'module: a number that is too long',
    ],
  ])('is not %s', (_, bytes, why) => {
    expect(said(bytes)).toBe(why)
  })

  it.each([
    ['another function of env', [['env', 'now', call]], 'it imports env.now'],
    [
      'a system',
      [['wasi_snapshot_preview1', 'fd_write', call]],
      'it imports wasi_snapshot_preview1.fd_write',
    ],
    ['a function under the name of the memory', [['env', 'memory', call]], 'it imports env.memory'],
    ['a memory under the name of a function', [['env', 'opa_abort', [2, 0, 1]]], 'it imports env.opa_abort'],
    ['a table', [['env', 'table', [1, 0x70, 0, 1]]], 'it imports env.table'],
    ['a global', [['env', 'clock', [3, 0x7f, 0]]], 'it imports env.clock'],
    ['a second memory', [['env', 'memory', [2, 0, 1]]], 'it does not import one memory'],
  ] as const)('imports no %s', (_, imports, why) => {
    expect(said(madeWasm({ imports }))).toBe(`module: ${why}`)
  })

  it.each([
    ['none', { memory: false }, 'it does not import one memory'],
    ['one of its own', { sections: [[5, [1, 0, 1]]] }, 'a memory of its own'],
    [
      'one that is too large at once',
      { pages: madeLimits(mostPages + 1) },
      `it wants ${limits.regoMemory + 65_536} bytes of memory`,
    ],
    ['one that others share', { pages: [3, 2, 4] }, 'a memory of another kind'],
    ['one of 64 bits', { pages: [4, 2] }, 'a memory of another kind'],
  ] as const)('is given its memory: not %s', (_, made, why) => {
    expect(said(madeWasm(made))).toBe(`module: ${why}`)
  })

  it('may have as much as is allowed, and asks for less if it likes', () => {
    expect(said(madeWasm({ pages: madeLimits(mostPages) }))).toBe('[{"result":[]}]')
    expect(readModule(madeWasm({ pages: madeLimits(3, 5) }))).toEqual({ initial: 3, maximum: 5 })
    expect(readModule(madeWasm({ pages: madeLimits(3, 60_000) })).maximum).toBe(mostPages)
  })

  it.each([
    ['objects of the host', { type: [0x5f, 0] }, 'a type that is no function'],
    ['references', { type: [0x60, 1, 0x6f, 0] }, 'a function over something else than numbers'],
    ['exceptions', { sections: [[13, [1, 0, 0]]] }, 'a section of the unknown kind 13'],
    ['a large table', { sections: [[4, [1, 0x70, 0, 0xff, 0xff, 0x7f]]] }, 'a table of 2097151 functions'],
    [
      'a table of other things',
      { sections: [[4, [1, 0x6f, 0, 1]]] },
      'a table of something else than functions',
    ],
    ['two tables', { sections: [[4, [2, 0x70, 0, 1, 0x70, 0, 1]]] }, 'several tables'],
  ] as const)('has no %s', (_, made, why) => {
    expect(said(madeWasm(made))).toBe(`module: ${why}`)
  })

  it('speaks OPA’s interface, in a version that is known', () => {
    for (const version of [
      [2, 2],
      [1, 1],
    ] as const)
      expect(said(madeWasm({ version }))).toBe(`module: ${version.join('.')}`)
    expect(said(madeWasm({ builtinsBody: [0x00] }))).toMatch(/^trap: /)
    // What is no code at all is found when it is compiled.
    expect(said(madeWasm({ body: [0xff] }))).toMatch(/^module: /)
  })

  it.each(
    [
      ['http.send', 'time.now_ns', 'opa.runtime', 'net.lookup_ip_addr', 'rand.intn', 'uuid.rfc4122'],
      ['io.jwt.decode', 'crypto.sha256', 'trace', '__proto__', 'constructor', 'rego.parse_module'],
    ]
      .flat()
      .map((name) => [name]),
  )('is refused for naming %s', (name) => {
    const why = name === '__proto__' ? 'trap: ' : `builtin: ${name}`
    const found = said(madeWasm({ builtins: JSON.stringify({ sprintf: 0 }).replace('}', `,"${name}":1}`) }))
    expect(found.startsWith(name === 'constructor' ? '' : why)).toBe(true)
    expect(found).toMatch(/^(builtin|trap): /)
  })

  it('names functions by numbers', () => {
    for (const builtins of ['[]', '"x"', '{"sprintf":"0"}']) {
      expect(said(madeWasm({ builtins }))).toBe('module: something else')
    }
  })

  it('has the entrypoint that the policy names', () => {
    expect(said(madeWasm(), 'house/allow')).toBe('entrypoint: house/deny')
    expect(said(madeWasm({ entrypoints: '[]' }))).toBe('entrypoint: none')
    expect(said(madeWasm({ entrypoints: '{"house/deny":"0"}' }))).toBe('entrypoint: house/deny')
    expect(said(madeWasm(), '__proto__')).toBe('entrypoint: house/deny')
    expect(said(madeWasm(), 'toString')).toBe('entrypoint: house/deny')
  })

  it('answers from its own memory', () => {
    for (const address of [0, -1, 2 ** 31 - 1]) {
      expect(
        said(
          madeWasm({
            body: [0x41, ...(address === 0 ? [0] : address === -1 ? [0x7f] : [0xff, 0xff, 0xff, 0xff, 7])],
          }),
        ),
      ).toBe('trap: a text outside of its memory')
    }
    expect(said(madeWasm({ answer: 'x'.repeat(limits.regoAnswer) }))).toHaveLength(limits.regoAnswer)
    expect(said(madeWasm({ answer: 'x'.repeat(limits.regoAnswer + 1) }))).toBe('answer: a longer one')
  })
})

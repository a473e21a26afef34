import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Arguments } from '../../../main/command/arguments.ts'
import { UsageError } from '../../../main/command/arguments.ts'
import type { Command, Host, Outcome } from '../../../main/command/command.ts'
import { commands } from '../../../main/command/index.ts'
import { run } from '../../../main/command/run.ts'
import { lastWords, Screen } from '../../../main/command/screen.ts'
import { systemClock } from '../../../main/platform/clock.ts'
import { openGate } from '../../../main/platform/network.ts'
import { contract, type CallName } from '../../../shared/contract.ts'
import { samplesOf, type Schema } from '../../support/samples.ts'

/*
 * Whatever comes from outside may stand in any text of the command line: a name, an address, a code to sign in with, an
 * error of a host. A terminal obeys none of it.
 */

const escapes = ['\u001b]0;title\u0007', '\u001b[2J', '\u009b2J', '\r', '\n', '\b', '\u0000', '\u007f']
const invisible = ['\u202e', '\u2066', '\u200b', '\ufeff', '\u2028', '\ud800']
const hostile = `a${[...escapes, ...invisible].join('b')}c`
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/

class Sink extends Writable {
  text = ''
  override _write(chunk: Buffer, _: string, next: () => void): void {
    this.text += chunk.toString('utf8')
    next()
  }
}

function open(): { screen: Screen; output: Sink; errors: Sink } {
  const [output, errors] = [new Sink(), new Sink()]
  return { screen: new Screen({ output, errors }), output, errors }
}

describe('the screen', () => {
  it('writes each line as one line, in which nothing is obeyed or hidden', () => {
    const { screen, output, errors } = open()
    screen.say(['plain ✓ Ünïcode', hostile])
    screen.tell([hostile, ''])
    expect(output.text.split('\n')).toHaveLength(3)
    expect(errors.text.split('\n')).toHaveLength(3)
    expect(output.text).toMatch(/^plain ✓ Ünïcode\na⟦U\+001B⟧\]0;title⟦U\+0007⟧b/)
    expect(output.text + errors.text).not.toMatch(obeyed)
  })

  it('writes JSON as the same value, in which nothing is obeyed or hidden', () => {
    const { screen, output, errors } = open()
    const value = { [hostile]: [hostile, { deep: hostile }], plain: 'Ünïcode' }
    screen.sayJson(value)
    screen.tellJson(value)
    for (const { text } of [output, errors]) {
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(text).not.toMatch(obeyed)
      expect(text.split('\n')).toHaveLength(2)
    }
  })

  it('writes over its progress and asks, with no other sign of its own', () => {
    const { screen, errors } = open()
    screen.progress(hostile, false)
    screen.progress('end', true)
    screen.ask(`${hostile}: `)
    screen.answered()
    expect(errors.text.replaceAll('\r\u001b[K', '')).not.toMatch(obeyed)
    expect(errors.text.split('\n')).toHaveLength(3)
  })

  it('has the last words of a process as well', () => {
    expect(lastWords(false, null, [hostile])).not.toMatch(obeyed)
    expect(lastWords(true, { a: hostile }, [])).not.toMatch(obeyed)
  })

  it('is the only way: nothing else of the command line writes', () => {
    const folder = join(import.meta.dirname, '..', '..', '..', 'main', 'command')
    const writing = readdirSync(folder).filter((name) =>
      /\.write\(|console\.|process\.std/.test(readFileSync(join(folder, name), 'utf8')),
    )
    expect(writing).toEqual(['screen.ts'])
    const cli = readFileSync(join(folder, '..', 'cli.ts'), 'utf8')
    const written = [...cli.matchAll(/(?:\.write|writeSync)\((.*)\)$/gm)].map(([, what = '']) => what)
    expect(written).toHaveLength(2)
    for (const what of written) expect(what).toMatch(/lastWords\(|, text$/)
  })
})

/** What a call could answer, with hostile text wherever there is text. */
function answersOf(name: CallName): unknown[] {
  const call = contract.calls[name]
  const shape = 'result' in call ? call.result : call.out
  return samplesOf(z.toJSONSchema(shape, { io: 'output', unrepresentable: 'any' }) as Schema, hostile)
}

/** A host of which every answer is hostile: the n-th way that each may be. */
function hostileHost(way: number): Host {
  const answer = (name: CallName): never => {
    const all = answersOf(name)
    return all[way % all.length] as never
  }
  return {
    session: {
      place: () => 'place',
      answer: () => Promise.resolve({ ok: true }),
      on: () => () => undefined,
    } as never,
    passphrase: () => Promise.resolve('x'),
    call: (name) => Promise.resolve(answer(name)),
    work: (name) => Promise.resolve(answer(name)),
    tell: () => undefined,
    open: () => Promise.resolve(answer('desk.open')),
  }
}

/** Words that the options of some commands must have; everything else is hostile. */
const words: Readonly<Record<string, string>> = {
  to: 'dir:/x',
  format: 'json',
  kind: 'label',
  side: 'low',
  out: '/x',
}

function hostileArguments(command: Command, without: string): Arguments {
  const known = (option: string): boolean => Object.hasOwn(command.options, option) && option !== without
  const value = (option: string): string => words[option] ?? hostile
  return {
    at: () => hostile,
    from: () => [hostile],
    has: known,
    get: (option) => (known(option) ? value(option) : undefined),
    need: value,
    all: (option) => (known(option) ? [value(option)] : []),
  }
}

async function outcomes(command: Command): Promise<{ said: Outcome[]; refused: number }> {
  const said: Outcome[] = []
  let refused = 0
  for (const without of ['', ...Object.keys(command.options)]) {
    for (let way = 0; way < 4; way += 1) {
      try {
        said.push(await command.run(hostileHost(way), hostileArguments(command, without)))
      } catch (error) {
        refused += 1
        if (error instanceof UsageError) said.push({ value: {}, lines: [error.message] })
      }
    }
  }
  return { said, refused }
}

describe('every command, with hostile answers', () => {
  it.each(Object.keys(commands))('%s', async (name) => {
    const command = commands[name]
    if (command === undefined) throw new Error(name)
    const { said } = await outcomes(command)
    expect(said.length).toBeGreaterThan(0)
    for (const { value, lines } of said) {
      const { screen, output } = open()
      screen.say(lines)
      screen.sayJson(value)
      expect(output.text).not.toMatch(obeyed)
      // One line each, so that no text of others begins a line of its own.
      expect(output.text.split('\n')).toHaveLength(lines.length + 2)
    }
  })

  it('a hostile command line is answered in the same way', async () => {
    for (const asked of [
      [hostile],
      ['desk', 'show', hostile],
      ['verify', 'x', `--${hostile}`],
      ['ledger', 'verify', '--desk', hostile],
    ]) {
      for (const json of [[], ['--json']]) {
        const [output, errors] = [new Sink(), new Sink()]
        const terminal = { input: Readable.from([]), output, errors, signal: new AbortController().signal }
        expect(
          await run([...asked, ...json], { clock: systemClock(), network: openGate }, terminal),
        ).not.toBe(0)
        expect(output.text + errors.text).not.toBe('')
        expect(output.text + errors.text).not.toMatch(obeyed)
      }
    }
  })
})

import type { Writable } from 'node:stream'
import { visible, withHidden } from '../../shared/names.ts'

/** Where text goes: what was found out, and everything else. */
interface Streams {
  readonly output: Writable
  readonly errors: Writable
}

/** JSON whose text hides nothing from a terminal: the same value, hidden characters as their escapes. */
const jsonOf = (value: unknown): string =>
  withHidden(JSON.stringify(value), (code) => `\\u${code.toString(16).padStart(4, '0')}`)

/**
 * The one way to a terminal. Whatever comes from outside may be in any line: what a terminal would obey, or a reader
 * could not see, is written as its code point, and a line is one line.
 */
export class Screen {
  private readonly streams: Streams

  constructor(streams: Streams) {
    this.streams = streams
  }

  /** Lines of what was found out. */
  say(lines: readonly string[]): void {
    this.lines(this.streams.output, lines)
  }

  /** Lines beside it: warnings, failures, where to sign in. */
  tell(lines: readonly string[]): void {
    this.lines(this.streams.errors, lines)
  }

  sayJson(value: unknown): void {
    this.streams.output.write(`${jsonOf(value)}\n`)
  }

  tellJson(value: unknown): void {
    this.streams.errors.write(`${jsonOf(value)}\n`)
  }

  /** Writes over the line that is there; `ended`: the next one begins below it. */
  progress(line: string, ended: boolean): void {
    this.streams.errors.write(`\r\u001b[K${visible(line)}${ended ? '\n' : ''}`)
  }

  /** Asks for something that is typed behind it. */
  ask(prompt: string): void {
    this.streams.errors.write(visible(prompt))
  }

  /** Ends the line that was asked on. */
  answered(): void {
    this.streams.errors.write('\n')
  }

  private lines(to: Writable, lines: readonly string[]): void {
    to.write(lines.map((line) => `${visible(line)}\n`).join(''))
  }
}

/** The same text for the very end of a process, where only what is written at once still comes out. */
export const lastWords = (json: boolean, value: unknown, lines: readonly string[]): string =>
  json ? `${jsonOf(value)}\n` : lines.map((line) => `${visible(line)}\n`).join('')

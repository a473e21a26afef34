import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { ReadStream } from 'node:tty'
import { causeOf, Failure } from '../platform/failure.ts'
import { readCapped, realPath } from '../platform/files.ts'
import { limits } from '../platform/limits.ts'
import { UsageError } from './arguments.ts'
import type { Screen } from './screen.ts'

/** Where a passphrase comes from: the first line of a file, or a terminal. */
export type PassphraseSource = (file: string | undefined, prompt: string) => Promise<string>

function readHidden(input: ReadStream, screen: Screen, prompt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = ''
    const end = (): void => {
      input.setRawMode(false)
      input.pause()
      input.removeListener('data', take)
      screen.answered()
    }
    const take = (chunk: Buffer): void => {
      for (const character of chunk.toString('utf8')) {
        if (character === '\r' || character === '\n') {
          end()
          resolve(typed)
          return
        }
        if (character === '\u0003') {
          end()
          reject(new UsageError('No passphrase was given.'))
          return
        }
        typed = character === '\u007f' ? typed.slice(0, -1) : typed + character
      }
    }
    screen.ask(prompt)
    input.setRawMode(true)
    input.resume()
    input.on('data', take)
  })
}

const isTerminal = (input: Readable): input is ReadStream => (input as Partial<ReadStream>).isTTY === true

// `/dev/stdin` and what a shell makes of `<(…)` are links to pipes: whoever names one waits for who writes to it.
async function readPipe(path: string): Promise<Buffer> {
  const most = limits.passphraseFileBytes
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of createReadStream(path, { highWaterMark: most })) {
    pieces.push(piece as Buffer)
    size += (piece as Buffer).length
    if (size > most) throw new Failure('file-too-large', { path, expected: most })
  }
  return Buffer.concat(pieces)
}

async function readGiven(path: string): Promise<Buffer> {
  const found = await stat(path).catch((error: unknown) => {
    throw new Failure('file-unreadable', { path, found: causeOf(error) }, error)
  })
  return found.isFIFO() ? readPipe(path) : readCapped(await realPath(path), limits.passphraseFileBytes)
}

/** A passphrase file's first line counts, without its end; without a file it is asked for on a terminal. */
export function passphraseFrom(input: Readable, screen: Screen): PassphraseSource {
  return async (file, prompt) => {
    if (file !== undefined) {
      // Windows writes a mark before UTF-8 that nobody types.
      const text = (await readGiven(file)).toString('utf8').replace(/^\ufeff/, '')
      return text.split(/\r?\n/)[0] ?? ''
    }
    if (!isTerminal(input))
      throw new UsageError('--passphrase-file is missing, and there is no terminal to ask on.')
    return readHidden(input, screen, prompt)
  }
}

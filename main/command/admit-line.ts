import type { Readable } from 'node:stream'
import { visible } from '../../shared/names.ts'
import { admission, type Admission } from '../landing/gate.ts'
import { ListError, readList, type AdmitList } from '../landing/list.ts'
import { noteSeen, readSeen, StateError } from '../landing/seen-lists.ts'
import { causeOf, Failure } from '../platform/failure.ts'
import { readCapped } from '../platform/files.ts'
import { limits } from '../platform/limits.ts'
import { KeyError, readPublicKeyFile } from '../sigstore/public-key.ts'
import { absolute } from './paths.ts'

/*
 * `sallyport admit`, as container engines run it: options with one dash or two, one line of reason on standard output,
 * 0 for “use it” and 1 for everything else. No desk, no session, no connection.
 */

const names = ['list', 'key', 'state', 'name', 'digest', 'stdin-media-type'] as const
type Name = (typeof names)[number]

/** Why a question is not answered with yes. */
class Refused extends Error {}

function optionsIn(words: readonly string[]): Map<Name, string> {
  const found = new Map<Name, string>()
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const [, said, joined] = /^--?([a-z-]+)(?:=(.*))?$/s.exec(word) ?? []
    const name = names.find((one) => one === said)
    if (name === undefined) throw new Refused(`there is no option ${visible(word).slice(0, 100)}`)
    if (found.has(name)) throw new Refused(`-${name} is given twice`)
    const value = joined ?? words[(at += 1)]
    if (value === undefined) throw new Refused(`-${name} needs a value`)
    found.set(name, value)
  }
  return found
}

function needed(options: ReadonlyMap<Name, string>, name: Name): string {
  const value = options.get(name)
  if (value === undefined || value === '') throw new Refused(`-${name} is missing`)
  return value
}

async function readAll(input: Readable): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  const late = setTimeout(
    () => input.destroy(new Refused('no descriptor came on standard input')),
    limits.descriptorTime,
  )
  try {
    for await (const piece of input) {
      const bytes = Buffer.from(piece as Buffer)
      size += bytes.length
      if (size > limits.descriptorBytes) throw new Refused('standard input holds more than a descriptor')
      pieces.push(bytes)
    }
  } finally {
    clearTimeout(late)
  }
  return Buffer.concat(pieces)
}

async function listIn(options: ReadonlyMap<Name, string>): Promise<AdmitList> {
  const key = readPublicKeyFile(await readCapped(absolute(needed(options, 'key')), limits.keyFileBytes))
  return readList(await readCapped(absolute(needed(options, 'list')), limits.listBytes), key)
}

async function judge(words: readonly string[], input: Readable, now: Date): Promise<Admission> {
  const options = optionsIn(words)
  const name = needed(options, 'name')
  const digest = needed(options, 'digest')
  const list = await listIn(options)
  const state = options.get('state')
  const seen = state === undefined ? undefined : await readSeen(absolute(state))
  const descriptor = await readAll(input)
  const stdinType = options.get('stdin-media-type') ?? null
  const answer = admission(list, { name, digest, stdinType, descriptor }, seen, now)
  // Also where the image is refused: a list that counts is seen.
  const newer =
    seen === null || (seen !== undefined && list.sequence > seen.sequence && list.site === seen.site)
  if (state !== undefined && newer && Date.parse(list.expires) >= now.getTime())
    await noteSeen(absolute(state), { site: list.site, sequence: list.sequence })
  return answer
}

function reasonOf(error: unknown): string {
  if (error instanceof Refused || error instanceof StateError) return error.message
  if (error instanceof ListError) return `the list does not count: ${error.message}`
  if (error instanceof KeyError) return `the key cannot be used: ${error.message}`
  if (error instanceof Failure && typeof error.facts.path === 'string')
    return `${error.facts.path}: ${String(error.facts.found ?? error.code)}`
  return `it could not be judged: ${causeOf(error)}`
}

const oneLine = (text: string): string => visible(text.replace(/\s+/g, ' ')).slice(0, 1000)

/** Answers one question of an engine: the line, and the exit code. Never throws: what goes wrong is a no. */
export async function admitLine(
  words: readonly string[],
  input: Readable,
  now: Date,
): Promise<{ readonly line: string; readonly exit: 0 | 1 }> {
  try {
    const { admit, reason } = await judge(words, input, now)
    return admit
      ? { line: `admitted: ${oneLine(reason)}`, exit: 0 }
      : { line: `refused: ${oneLine(reason)}`, exit: 1 }
  } catch (error) {
    return { line: `refused: ${oneLine(reasonOf(error))}`, exit: 1 }
  }
}

import type { Digest } from '../../../shared/digest.ts'
import { Failure, causeOf } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { parseStrict } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import { readAnswers, type Answers } from './answers.ts'
import { Machine } from './machine.ts'
import { RegoRefused, type RegoReason } from './refused.ts'

/** What a thread is asked: whether a rule set can be used, or also what it answers. */
export interface RegoQuestion {
  /** Where its file lies; its bytes must have the digest. */
  readonly path: string
  readonly digest: Digest
  readonly entrypoint: string
  /** The document as JSON, and the names of its items; `null` where nothing is asked of it. */
  readonly input: string | null
  readonly items: readonly string[]
}

export type RegoSaid =
  | ({ readonly answered: true } & Answers)
  | {
      readonly answered: false
      readonly reason: RegoReason
      readonly expected: string
      readonly found: string
    }

async function bytesOf({ path, digest }: RegoQuestion): Promise<Buffer> {
  let bytes: Buffer
  try {
    bytes = await readCapped(path, limits.regoBytes)
  } catch (error) {
    const tooLarge = error instanceof Failure && error.code === 'file-too-large'
    if (tooLarge) throw new RegoRefused('module', `at most ${limits.regoBytes} bytes`, 'a larger file')
    throw new RegoRefused('missing', `the file ${digest}`, causeOf(error))
  }
  const found = digestOf(bytes)
  if (found !== digest) throw new RegoRefused('other-file', `the file ${digest}`, found)
  return bytes
}

async function asked(question: RegoQuestion): Promise<Answers> {
  const machine = new Machine(await bytesOf(question))
  const entrypoint = machine.entrypoint(question.entrypoint)
  if (question.input === null) return { objections: [], strange: null }
  const answer = machine.evaluate(entrypoint, Buffer.from(question.input, 'utf8'))
  let read: ReturnType<typeof parseStrict>
  try {
    read = parseStrict(answer)
  } catch {
    throw new RegoRefused('answer', 'one set of objections', 'something that is no JSON')
  }
  return readAnswers(read, new Set(question.items))
}

/** One rule set, in a thread of its own: read, held against its digest, started and asked, from the same bytes. */
export async function askRego(question: RegoQuestion): Promise<RegoSaid> {
  try {
    return { answered: true, ...(await asked(question)) }
  } catch (error) {
    if (!(error instanceof RegoRefused)) throw error
    const { reason, expected, found } = error
    return { answered: false, reason, expected, found }
  }
}

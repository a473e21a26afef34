import type { RegistryPlace } from './reference.ts'
import { Failure } from '../platform/failure.ts'
import { inLanes } from '../platform/lanes.ts'
import { limits } from '../platform/limits.ts'
import { findProgram, runProgram, type Ran } from '../platform/program.ts'
import { parseStrict } from '../platform/json.ts'
import { credentialOf, longestKey, type CredentialFile, type Credentials, type Entry } from './credentials.ts'

/** How programs that hold credentials are asked. */
export interface Asking {
  /** The variables that a program of this name is given; `PATH` among them says where it is looked for. */
  readonly environment: (name: string) => NodeJS.ProcessEnv
  readonly signal: AbortSignal
  /** Milliseconds that a program has; a person may have to unlock something. */
  readonly patience?: number
}

/** One question: which program, about what, and under which key its answer stands. */
interface Question {
  readonly name: string
  readonly address: string
  readonly key: string
}

/** How Docker's own programs know Docker Hub. */
const dockerHub = 'https://index.docker.io/v1/'

function questionsOf(file: CredentialFile, wanted: readonly RegistryPlace[]): Question[] {
  const addressOf = (key: string): string => file.addresses[key] ?? (key === 'docker.io' ? dockerHub : key)
  const all = wanted.flatMap(({ host, repository }): Question[] => {
    const helped = longestKey(file.helpers, host, repository)
    if (helped !== null)
      return [{ name: file.helpers[helped] ?? '', address: addressOf(helped), key: helped }]
    // What stands in the file itself needs no program.
    if (file.store === null || longestKey(file.entries, host, repository) !== null) return []
    const key = host.replace(/:443$/, '')
    return [{ name: file.store, address: addressOf(key), key }]
  })
  return [...new Map(all.map((one) => [one.key, one])).values()]
}

// The protocol knows no code for “none”: the words are Docker's own, from its library that all programs are made with.
const knowsNone = /credentials not found|no credentials server URL|not found in native keychain/i

function entryFrom({ ended, output }: Ran, program: string): Entry {
  const said = output.toString('utf8')
  if (ended !== 'code 0') {
    return knowsNone.test(said) ? { none: `${program} knows none for it` } : { wrong: ended, program }
  }
  let answer: unknown
  try {
    answer = parseStrict(output)
  } catch {
    return { wrong: 'an answer that is not JSON', program }
  }
  const { Username: username, Secret: secret } = Object(answer) as { Username?: unknown; Secret?: unknown }
  if (typeof username !== 'string' || typeof secret !== 'string')
    return { wrong: 'an answer without user and secret', program }
  return secret === '' ? { none: `${program} knows none for it` } : credentialOf(username, secret)
}

async function answerTo({ name, address }: Question, asking: Asking): Promise<Entry> {
  // A name becomes part of a file name and nothing else.
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(name))
    return { wrong: 'a name that is no program’s', program: 'a program that the file names' }
  const program = `docker-credential-${name}`
  const environment = asking.environment(name)
  const path = await findProgram(program, environment)
  if (path === null) return { wrong: 'it is not on the PATH', program }
  const ran = await runProgram({
    path,
    words: ['get'],
    input: address,
    environment,
    most: limits.helperBytes,
    patience: asking.patience ?? limits.helperTime,
    signal: asking.signal,
  })
  if (asking.signal.aborted) throw new Failure('cancelled')
  return entryFrom(ran, program)
}

/**
 * What the programs that a file names hold for these repositories (`docker-credential-NAME get`), each asked once.
 *
 * @param asking `null` where no program may be run: then that is why there is none
 * @throws Failure `cancelled`; what goes wrong with a program is told when its host asks
 */
export async function askStores(
  file: CredentialFile,
  wanted: readonly RegistryPlace[],
  asking: Asking | null,
): Promise<Credentials> {
  const questions = questionsOf(file, wanted)
  const answers = await inLanes(questions, 2, async (question): Promise<[string, Entry]> => {
    const none = `programs that hold credentials (${question.name}) are not run on a high desk`
    return [question.key, asking === null ? { none } : await answerTo(question, asking)]
  })
  // What stands in the file is better than none.
  const better = answers.filter(([key, entry]) => !('none' in entry && Object.hasOwn(file.entries, key)))
  return { ...file.entries, ...Object.fromEntries(better) }
}

import { spoken, type TestClock } from './command-line.ts'

/** What an engine asks about, and with what; words that are left out are those of an honest question. */
export interface Asked {
  readonly list?: string | null
  readonly key?: string | null
  readonly state?: string | null
  readonly name?: string | null
  readonly digest?: string | null
  readonly type?: string | null
  /** Comes on standard input; the honest descriptor where nothing is said. */
  readonly input?: string | Buffer
  /** Words besides. */
  readonly more?: readonly string[]
}

/** A descriptor as containerd writes it. */
export const descriptorOf = (digest: string): string =>
  JSON.stringify({ mediaType: 'application/vnd.oci.image.index.v1+json', digest, size: 856 })

/** The words of a question, as an engine passes them on. */
export function wordsOf(asked: Asked): string[] {
  const words = ['admit']
  const add = (option: string, value: string | null | undefined): void => {
    if (value !== null && value !== undefined) words.push(option, value)
  }
  add('--list', asked.list)
  add('--key', asked.key)
  add('--state', asked.state)
  add('-name', asked.name)
  add('-digest', asked.digest)
  add('-stdin-media-type', asked.type)
  return [...words, ...(asked.more ?? [])]
}

/** Asks the gate; gives its exit code and its one line. Throws where it says more or less than that. */
export async function ask(
  asked: Asked,
  clock: TestClock,
): Promise<{ readonly code: number; readonly line: string }> {
  const input = asked.input ?? descriptorOf(asked.digest ?? '')
  const { code, stdout, stderr } = await spoken(wordsOf(asked), clock, input.length === 0 ? [] : [input])
  const [line = '', rest, ...more] = stdout.split('\n')
  if (line === '' || rest !== '' || more.length > 0 || stderr !== '')
    throw new Error(`the gate said: ${JSON.stringify({ code, stdout, stderr })}`)
  if (![0, 1].includes(code) || line.startsWith('admitted: ') !== (code === 0))
    throw new Error(`the gate contradicts itself: ${code}, ${line}`)
  return { code, line }
}

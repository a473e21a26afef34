import type { CallInput } from '../../shared/contract.ts'
import type { ChangeView } from '../../shared/changes.ts'
import { UsageError, type Arguments } from './arguments.ts'
import type { Host } from './command.ts'
import { absolute } from './paths.ts'

type Officer = NonNullable<CallInput<'person.add'>['officer']>

/** The officer of `--person`, whose key is `key`; `undefined` where none is named. */
export async function officerFrom(
  host: Host,
  args: Arguments,
  key: string | undefined,
): Promise<{ readonly officer?: Officer }> {
  const person = args.get('person')
  if (person === undefined) {
    if (key !== undefined) throw new UsageError('--person is missing: whose key is this?')
    return {}
  }
  if (key === undefined) throw new UsageError('--key FILE is missing: the key of the officer.')
  const passphrase = await host.passphrase(args.get('passphrase-file'), 'Passphrase: ')
  return { officer: { person, by: { file: host.session.place('key', absolute(key)), passphrase } } }
}

/**
 * The two files of `--key` where a command is about a key and signed with one: the public one (FILE.pub) is what it is
 * about, the other the officer's. Where the names do not say, the first is what it is about.
 */
export function twoKeys(args: Arguments): { readonly about: string; readonly own: string | undefined } {
  const [first = '', second, ...more] = args.all('key')
  if (more.length > 0) throw new UsageError('--key is given more than twice.')
  if (second === undefined) return { about: first, own: undefined }
  return second.endsWith('.pub') && !first.endsWith('.pub')
    ? { about: second, own: first }
    : { about: first, own: second }
}

/** What a change came to: in force, or waiting for a second officer. */
export function pendingLines(done: string, pending: ChangeView | null): string[] {
  if (pending === null) return [done]
  return [
    `Change ${pending.number} waits for a second security officer: ${pending.sentence}.`,
    `  Nothing is in force yet. Next: sallyport change sign ${pending.number} --desk FOLDER --person ID --key FILE`,
  ]
}

/** What a revocation did to consignments. */
export function touchedLines(done: {
  readonly judged: readonly string[]
  readonly flagged: readonly string[]
}): string[] {
  return [
    ...done.judged.map((id) => `Judged again, because it is not decided: ${id}`),
    ...done.flagged.map((id) => `Flagged: ${id} was accepted or released with this key.`),
  ]
}

import type { Sheet } from '../../shared/calls/sheet.ts'
import { UsageError, type Arguments } from './arguments.ts'
import type { Host, Outcome } from './command.ts'
import { absolute } from './paths.ts'

/** The one of some words that an option names. */
export function oneOf<Word extends string>(args: Arguments, option: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === args.need(option))
  if (found === undefined) throw new UsageError(`--${option} is one of ${words.join(', ')}.`)
  return found
}

/** Saves something for paper where `--out` says. */
export async function saved(
  host: Host,
  args: Arguments,
  what: { readonly purpose: 'report' | Sheet['kind']; readonly said: string },
  save: (place: string) => Promise<{ id: string; file: string; sha256: string }>,
): Promise<Outcome> {
  await host.open(args, 'read')
  const out = args.need('out')
  const done = await save(host.session.place(what.purpose, absolute(out)))
  return { value: { ...done, file: out }, lines: [`${what.said} in ${out} (SHA-256 ${done.sha256}).`] }
}

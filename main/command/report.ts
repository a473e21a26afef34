import { sheetKinds } from '../../shared/contract.ts'
import { UsageError, type Arguments } from './arguments.ts'
import { deskOption, type Command, type Host, type Outcome } from './command.ts'
import { absolute } from './paths.ts'

const formats = ['json', 'html', 'csv'] as const

/** The one of some words that an option names. */
function oneOf<Word extends string>(args: Arguments, option: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === args.need(option))
  if (found === undefined) throw new UsageError(`--${option} is one of ${words.join(', ')}.`)
  return found
}

async function saved(
  host: Host,
  args: Arguments,
  what: string,
  save: (place: string) => Promise<{ id: string; file: string; sha256: string }>,
): Promise<Outcome> {
  await host.open(args, 'read')
  const out = args.need('out')
  const done = await save(host.session.place('report', absolute(out)))
  return { value: { ...done, file: out }, lines: [`${what} in ${out} (SHA-256 ${done.sha256}).`] }
}

export const report: Command = {
  about: 'Write the report of a consignment: signed JSON, or a page (HTML) or a table (CSV) made from it.',
  positional: ['ID'],
  options: {
    ...deskOption,
    format: { value: formats.join('|'), required: true },
    out: { value: 'FILE', required: true },
  },
  async run(host, args) {
    const format = oneOf(args, 'format', formats)
    return saved(host, args, 'The report is', (place) =>
      host.call('report.save', { id: args.at(0), format, place }),
    )
  },
}

export const sheet: Command = {
  about: 'Write the labels or the custody sheet for the media of a consignment, as a page (HTML).',
  positional: ['ID'],
  options: {
    ...deskOption,
    kind: { value: sheetKinds.join('|'), required: true },
    out: { value: 'FILE', required: true },
  },
  async run(host, args) {
    const kind = oneOf(args, 'kind', sheetKinds)
    const what = kind === 'label' ? 'The labels are' : 'The custody sheet is'
    return saved(host, args, what, (place) =>
      host.call('sheet.save', { id: args.at(0), kind, format: 'html', place }),
    )
  },
}

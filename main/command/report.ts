import { deskOption, type Command } from './command.ts'
import { oneOf, saved } from './saved.ts'

const formats = ['json', 'html', 'csv'] as const

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
    return saved(host, args, { purpose: 'report', said: 'The report is' }, (place) =>
      host.call('report.save', { id: args.at(0), format, place }),
    )
  },
}

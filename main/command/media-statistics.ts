import { statisticText, statisticWords } from '../../shared/text/statistics.ts'
import { UsageError } from './arguments.ts'
import { deskOption, type Command } from './command.ts'
import { absolute } from './paths.ts'

export const mediaStatistics: Command = {
  about: 'Show the numbers of a month: transfers, bytes, media; or save them as a table (CSV).',
  positional: [],
  options: { ...deskOption, month: { value: 'YYYY-MM' }, csv: { value: 'FILE' } },
  async run(host, args) {
    const asked = args.get('month')
    if (asked !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(asked))
      throw new UsageError('--month is YYYY-MM.')
    await host.open(args, 'read')
    const month = asked === undefined ? {} : { month: asked }
    const shown = await host.call('statistics.show', month)
    const lines = [
      `${shown.month}${shown.whole ? '' : ', so far'}`,
      ...shown.lines.map(({ id, value }) => `  ${statisticWords[id]}: ${statisticText(id, value)}`),
    ]
    const out = args.get('csv')
    if (out === undefined) return { value: { ...shown }, lines }
    const place = host.session.place('report', absolute(out))
    const saved = await host.call('statistics.save', { ...month, place })
    return {
      value: { ...shown, file: out, sha256: saved.sha256 },
      lines: [...lines, `The table is in ${out} (SHA-256 ${saved.sha256}).`],
    }
  },
}

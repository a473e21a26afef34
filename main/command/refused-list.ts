import type { Refused } from '../../shared/calls/refused.ts'
import { deskOption, type Command } from './command.ts'

const most = 100

export const refusedList: Command = {
  about: 'List the media that were refused before anything of them was kept.',
  positional: [],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'read')
    const refused: Refused[] = []
    for (;;) {
      const page = await host.call('refused.list', { from: refused.length, count: most })
      refused.push(...page.refused)
      if (page.refused.length === 0 || refused.length >= page.total) break
    }
    const lines = refused.map(
      ({ sequence, at, scope, outcome, counts }) =>
        `${String(sequence).padStart(6)}  ${at}  a ${scope}  ${outcome}: ${counts.fail} failed, ${counts.notChecked} not checked`,
    )
    return { value: { refused }, lines: lines.length === 0 ? ['No medium was refused like that.'] : lines }
  },
}

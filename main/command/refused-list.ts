import { deskOption, type Command } from './command.ts'
import { everyPage } from './pages.ts'

const most = 100

export const refusedList: Command = {
  about: 'List the media that were refused before anything of them was kept.',
  positional: [],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'read')
    const refused = await everyPage(async (from) => {
      const { refused: page, total: all } = await host.call('refused.list', { from, count: most })
      return { page, all }
    })
    const lines = refused.map(
      ({ sequence, at, scope, outcome, counts }) =>
        `${String(sequence).padStart(6)}  ${at}  a ${scope}  ${outcome}: ${counts.fail} failed, ${counts.notChecked} not checked`,
    )
    return { value: { refused }, lines: lines.length === 0 ? ['No medium was refused like that.'] : lines }
  },
}

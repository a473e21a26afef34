import { changeLines } from './change-lines.ts'
import { deskOption, type Command } from './command.ts'

export const changeList: Command = {
  about: 'List the changes that officers asked for and signed.',
  positional: [],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'read')
    const { changes } = await host.call('change.list', {})
    const lines = changes.length === 0 ? ['No change was asked for.'] : changes.flatMap(changeLines)
    return { value: { changes }, lines }
  },
}

import { visible } from '../../shared/names.ts'
import { changeLines, numberFrom } from './change-lines.ts'
import { deskOption, type Command } from './command.ts'

export const changeShow: Command = {
  about: 'Show one change, with everything it says.',
  positional: ['N'],
  options: deskOption,
  async run(host, args) {
    const number = numberFrom(args)
    await host.open(args, 'read')
    const change = await host.call('change.show', { number })
    return { value: { ...change }, lines: [...changeLines(change), visible(change.text)] }
  },
}

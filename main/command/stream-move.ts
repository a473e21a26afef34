import { deskOption, officerKeyOptions, type Command } from './command.ts'
import { officerFrom, pendingLines, touchedLines } from './officer.ts'

export const streamMove: Command = {
  about: 'Move a channel to another sender.',
  positional: ['CHANNEL'],
  options: { ...deskOption, to: { value: 'SENDER', required: true }, ...officerKeyOptions },
  async run(host, args) {
    await host.open(args, 'write')
    const officer = await officerFrom(host, args, args.get('key'))
    const done = await host.call('stream.move', { channel: args.at(0), to: args.need('to'), ...officer })
    const said = `Channel ${done.channel} belongs to the sender ${done.to} now.`
    return { value: { ...done }, lines: [...pendingLines(said, done.pending), ...touchedLines(done)] }
  },
}

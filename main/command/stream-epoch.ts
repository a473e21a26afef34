import { deskOption, officerKeyOptions, type Command } from './command.ts'
import { officerFrom, pendingLines, touchedLines } from './officer.ts'
import { orderNumber } from './stream-release.ts'

export const streamEpoch: Command = {
  about: 'Raise the epoch of a channel; the sender first, then each destination.',
  positional: ['CHANNEL'],
  options: { ...deskOption, to: { value: 'N', required: true }, ...officerKeyOptions },
  async run(host, args) {
    const to = orderNumber(args.need('to'), 'to')
    await host.open(args, 'write')
    const officer = await officerFrom(host, args, args.get('key'))
    const done = await host.call('stream.epoch', { channel: args.at(0), to, ...officer })
    const said = `The epoch of channel ${done.channel} is ${done.to}. What was undecided or unwritten in an earlier one no longer counts.`
    return { value: { ...done }, lines: [...pendingLines(said, done.pending), ...touchedLines(done)] }
  },
}
